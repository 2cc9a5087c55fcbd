/**
 * A call of a helper: is there one, does each argument fit, and what is left in the registers.
 *
 * Source: kernel/bpf/verifier.c (check_helper_call, check_func_arg), 6.16. Left out: helpers that
 * take references or call back.
 */
import type { MemoryChecker } from "./memory.ts";
import { typeWord } from "./memory.ts";
import { Refusal } from "./refusal.ts";
import { constant, isConstant, type Scalar, UNKNOWN } from "./scalar.ts";
import type { HelperArgument, HelperSignature } from "./signature.ts";
import { type MapShape, NONE, number, type State, type Value } from "./state.ts";

export interface CallSite {
  readonly slot: number;
  readonly state: State;
  readonly memory: MemoryChecker;
  /** A fresh id, for a pointer that has to be compared with NULL. */
  readonly nextId: () => number;
  /** Type number of task_struct, 0 if there is none. */
  readonly taskType: number;
}

/** Linux: BPF_MAX_VAR_SIZ. */
const SIZE_MAX = 1n << 29n;
const CALLER_SAVED = 6;

export function checkCall(site: CallSite, helper: HelperSignature): void {
  let map: MapShape | undefined;
  helper.args.forEach((wanted, index) => {
    map = checkArgument(site, helper, wanted, index + 1, map) ?? map;
  });
  const { state } = site;
  for (let r = 0; r < CALLER_SAVED; r++) state.set(r, NONE);
  state.set(0, resultOf(site, helper, map));
}

function resultOf(site: CallSite, helper: HelperSignature, map: MapShape | undefined): Value {
  switch (helper.result) {
    case "integer":
      return number(UNKNOWN);
    case "task":
      return { kind: "object", type: site.taskType, off: 0, trusted: true };
    case "map-value-or-null":
      return map === undefined
        ? number(UNKNOWN)
        : { kind: "value", map, off: 0, vary: constant(0n), id: site.nextId(), orNull: true };
  }
}

/** Answers the map, where the argument is one. */
function checkArgument(
  site: CallSite,
  helper: HelperSignature,
  wanted: HelperArgument,
  register: number,
  map: MapShape | undefined,
): MapShape | undefined {
  const { slot, state, memory } = site;
  const given = state.get(register);
  if (given.kind === "none") throw new Refusal("EACCES", slot, `R${register} !read_ok`);
  const mismatch = (expected: string): Refusal =>
    new Refusal("EACCES", slot, `R${register} type=${typeWord(given)} expected=${expected}`);
  switch (wanted) {
    case "anything":
      return undefined;
    case "map":
      if (given.kind !== "map") throw mismatch("map_ptr");
      return given.map;
    case "key":
    case "value":
      if (map === undefined)
        throw new Refusal("EINVAL", slot, `invalid map_ptr to access map->${wanted}`);
      memory.checkHelperMemory(
        state,
        slot,
        register,
        wanted === "key" ? map.keySize : map.valueSize,
        false,
      );
      return undefined;
    case "mem":
    case "uninit-mem":
      return undefined;
    case "size":
    case "size-or-zero": {
      if (given.kind !== "scalar") throw mismatch("scalar");
      const fills = helper.args[register - 2] === "uninit-mem";
      checkSize(site, given.number, register, wanted, fills);
      return undefined;
    }
  }
}

/** The memory in the register before, for every size that this one may hold. */
function checkSize(
  { slot, state, memory }: CallSite,
  size: Scalar,
  register: number,
  wanted: HelperArgument,
  fills: boolean,
): void {
  if (size.smin < 0n)
    throw new Refusal(
      "EACCES",
      slot,
      `R${register} min value is negative, either use unsigned or 'var &= const'`,
    );
  if (size.umin === 0n && wanted === "size") {
    const isZero = isConstant(size) ? "invalid zero-sized read" : "invalid zero-size read";
    throw new Refusal("EACCES", slot, `R${register} ${isZero}: u64=[${size.umin},${size.umax}]`);
  }
  if (size.umax >= SIZE_MAX)
    throw new Refusal(
      "EACCES",
      slot,
      `R${register} unbounded memory access, use 'var &= const' or 'if (var < const)'`,
    );
  const most = Number(size.umax);
  if (fills && !isConstant(size)) memory.checkPartlyFilled(state, slot, register - 1, most);
  else memory.checkHelperMemory(state, slot, register - 1, most, fills);
}
