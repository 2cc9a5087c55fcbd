/**
 * Loads and stores: what may be reached through a pointer, and what comes back.
 *
 * Source: kernel/bpf/verifier.c (check_mem_access and what it calls), 6.16. Left out: stack access at
 * an offset that is not known.
 */
import { MAX_BPF_STACK } from "../../abi/bpf.ts";
import type { Btf } from "../btf/btf.ts";
import { walkStruct } from "../btf/walk.ts";
import { Refusal } from "./refusal.ts";
import { ofSize, UNKNOWN } from "./scalar.ts";
import type { ProgramShape } from "./signature.ts";
import { ALL_WRITTEN, isPointer, number, type Slot, type State, type Value } from "./state.ts";

/** One access: through register `register`, `off` from it. */
export interface Access {
  readonly slot: number;
  readonly register: number;
  readonly off: number;
  readonly size: number;
}

/** Linux: BPF_MAX_VAR_OFF. */
const VARIABLE_OFFSET_MAX = 1n << 29n;

export class MemoryChecker {
  readonly #shape: ProgramShape;
  readonly #btf: Btf | undefined;
  /** Loads through pointers to kernel objects, which read zero where nothing is mapped. */
  readonly probeLoads: Set<number> = new Set();
  /** Loads through anything else. */
  readonly #plainLoads: Set<number> = new Set();
  /** The end of what the program reads of its context. */
  contextEnd = 0;

  constructor(shape: ProgramShape, btf: Btf | undefined) {
    this.#shape = shape;
    this.#btf = btf;
  }

  load(state: State, access: Access, signed: boolean): Value {
    const pointer = state.get(access.register);
    const known = number(ofSize(access.size, signed));
    if (pointer.kind === "object") return this.#loadObject(pointer, access, known);
    if (this.probeLoads.has(access.slot))
      throw new Refusal("EINVAL", access.slot, "same insn cannot be used with different pointers");
    this.#plainLoads.add(access.slot);
    switch (pointer.kind) {
      case "stack":
        return this.#loadStack(state, pointer.off + access.off, access, known);
      case "value":
        this.checkValue(pointer, access);
        return known;
      case "ctx":
        return this.#loadContext(pointer.off, access, known);
      default:
        return refuseAccess(pointer, access);
    }
  }

  /** `stored` is what is written; undefined for an immediate or for what an atomic operation makes. */
  store(state: State, access: Access, stored: Value): void {
    const pointer = state.get(access.register);
    switch (pointer.kind) {
      case "stack":
        storeStack(state, pointer.off + access.off, access, stored);
        return;
      case "value":
        if (isPointer(stored))
          throw new Refusal("EACCES", access.slot, `R${access.register} leaks addr into map`);
        this.checkValue(pointer, access);
        return;
      case "ctx":
        throw new Refusal(
          "EACCES",
          access.slot,
          `invalid bpf_context access off=${access.off} size=${access.size}`,
        );
      case "object":
        throw new Refusal("EACCES", access.slot, "only read is supported");
      default:
        refuseAccess(pointer, access);
    }
  }

  /** Memory that a helper reads or fills: `size` bytes at `register`. */
  checkHelperMemory(
    state: State,
    slot: number,
    register: number,
    size: number,
    fills: boolean,
  ): void {
    const pointer = state.get(register);
    const access = { slot, register, off: 0, size };
    if (size === 0) return;
    if (pointer.kind === "value") this.checkValue(pointer, access);
    else if (pointer.kind !== "stack")
      throw new Refusal(
        "EACCES",
        slot,
        `R${register} type=${typeWord(pointer)} expected=fp, map_value`,
      );
    else if (fills) fillStack(state, pointer.off, access);
    else checkStackWritten(state, pointer.off, access, "invalid indirect read from stack");
  }

  /** Memory that a helper may fill, nobody knows how far: it has to hold something before. */
  checkPartlyFilled(state: State, slot: number, register: number, size: number): void {
    this.checkHelperMemory(state, slot, register, size, false);
    const pointer = state.get(register);
    if (pointer.kind === "stack" && size > 0) markWritten(state, pointer.off, size);
  }

  checkValue(pointer: Extract<Value, { kind: "value" }>, access: Access): void {
    const { slot, register, off, size } = access;
    const { map, vary } = pointer;
    if (pointer.orNull)
      throw new Refusal("EACCES", slot, `R${register} invalid mem access 'map_value_or_null'`);
    const base = pointer.off + off;
    if (vary.smin < 0n)
      throw new Refusal(
        "EACCES",
        slot,
        `R${register} min value is negative, either use unsigned index or do a if (index >=0) check.`,
      );
    if (vary.umax >= VARIABLE_OFFSET_MAX)
      throw new Refusal(
        "EACCES",
        slot,
        `R${register} unbounded memory access, make sure to bounds check any such access`,
      );
    const ends: readonly (readonly [string, number])[] = [
      ["min", base + Number(vary.umin)],
      ["max", base + Number(vary.umax)],
    ];
    for (const [which, at] of ends) {
      if (at >= 0 && at + size <= map.valueSize) continue;
      throw new Refusal(
        "EACCES",
        slot,
        `invalid access to map value, value_size=${map.valueSize} off=${at} size=${size}\nR${register} ${which} value is outside of the allowed memory range`,
      );
    }
  }

  #loadContext(base: number, access: Access, known: Value): Value {
    const { slot, off, size } = access;
    if (base !== 0)
      throw new Refusal(
        "EACCES",
        slot,
        `dereference of modified ctx ptr R${access.register} off=${base} disallowed`,
      );
    const read = this.#shape.readContext(off, size);
    if (read.kind === "problem") {
      const text = `invalid bpf_context access off=${off} size=${size}`;
      throw new Refusal("EACCES", slot, read.text === undefined ? text : `${read.text}\n${text}`);
    }
    this.contextEnd = Math.max(this.contextEnd, off + size);
    return read.kind === "scalar"
      ? known
      : { kind: "object", type: read.type, off: 0, trusted: true };
  }

  #loadObject(pointer: Extract<Value, { kind: "object" }>, access: Access, known: Value): Value {
    const { slot, register, off, size } = access;
    if (this.#btf === undefined) return refuseAccess(pointer, access);
    if (this.#plainLoads.has(slot))
      throw new Refusal("EINVAL", slot, "same insn cannot be used with different pointers");
    const walked = walkStruct(this.#btf, pointer.type, pointer.off + off, size);
    if (walked.kind === "problem")
      throw new Refusal("EACCES", slot, `R${register}: ${walked.text}`);
    this.probeLoads.add(slot);
    return walked.kind === "scalar"
      ? known
      : { kind: "object", type: walked.type, off: 0, trusted: false };
  }

  #loadStack(state: State, off: number, access: Access, known: Value): Value {
    checkStackBounds(off, access);
    const slot = state.slot(slotOf(off));
    if (slot.kind === "spill" && access.size === 8) return slot.value;
    checkStackWritten(state, off, access, "invalid read from stack");
    return access.size === 8 ? number(UNKNOWN) : known;
  }
}

/** What kind of pointer a refusal speaks of. */
export function typeWord(value: Value): string {
  switch (value.kind) {
    case "none":
      return "?";
    case "stack":
      return "fp";
    case "map":
      return "map_ptr";
    case "value":
      return value.orNull ? "map_value_or_null" : "map_value";
    case "object":
      return value.trusted ? "trusted_ptr_" : "ptr_";
    default:
      return value.kind;
  }
}

function refuseAccess(pointer: Value, { slot, register }: Access): never {
  throw new Refusal("EACCES", slot, `R${register} invalid mem access '${typeWord(pointer)}'`);
}

/** The slot of the byte at `off`, which is negative. */
const slotOf = (off: number): number => Math.floor((-off - 1) / 8);
/** Its place in the slot. */
const byteOf = (off: number): number => ((off % 8) + 8) % 8;

function checkStackBounds(off: number, { slot, register, size }: Access): void {
  if (off >= 0 || off < -MAX_BPF_STACK || off + size > 0)
    throw new Refusal(
      "EACCES",
      slot,
      `invalid stack access off=${off} size=${size} through R${register}`,
    );
  if (off % Math.min(size, 8) !== 0 && (size === 2 || size === 4 || size === 8))
    throw new Refusal("EACCES", slot, `misaligned stack access off ${off} size ${size}`);
}

function storeStack(state: State, off: number, access: Access, stored: Value): void {
  checkStackBounds(off, access);
  if (access.size === 8) {
    state.stack[slotOf(off)] = { kind: "spill", value: stored };
    return;
  }
  if (isPointer(stored)) throw new Refusal("EACCES", access.slot, "invalid size of register spill");
  markWritten(state, off, access.size);
}

function markWritten(state: State, off: number, size: number): void {
  for (let at = off; at < off + size; at++) {
    const index = slotOf(at);
    const old: Slot = state.slot(index);
    const written = old.kind === "spill" ? ALL_WRITTEN : old.written | (1 << byteOf(at));
    state.stack[index] = { kind: "bytes", written };
  }
}

function checkStackRange(off: number, { slot, register, size }: Access): void {
  if (off >= 0 || off < -MAX_BPF_STACK || off + size > 0)
    throw new Refusal(
      "EACCES",
      slot,
      `invalid indirect access to stack R${register} off=${off} size=${size}`,
    );
}

/** A helper fills it: whatever was there is gone. */
function fillStack(state: State, off: number, access: Access): void {
  checkStackRange(off, access);
  markWritten(state, off, access.size);
}

function checkStackWritten(state: State, off: number, access: Access, what: string): void {
  checkStackRange(off, access);
  for (let at = off; at < off + access.size; at++) {
    const slot = state.slot(slotOf(at));
    const isWritten = slot.kind === "spill" || (slot.written & (1 << byteOf(at))) !== 0;
    if (isWritten) continue;
    const where = what.includes("indirect") ? `${what} R${access.register}` : what;
    throw new Refusal("EACCES", access.slot, `${where} off ${off}+${at - off} size ${access.size}`);
  }
}
