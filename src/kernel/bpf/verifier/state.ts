/**
 * What the verifier knows at one point of a program: each register and each slot of the stack.
 * Values are never changed in place, so that a state is copied by copying two lists.
 *
 * Source: include/linux/bpf_verifier.h (bpf_reg_state, bpf_stack_state), 6.16. Left out: stack
 * frames of called functions, dynamic pointers, iterators, references that must be released.
 */
import { MAX_BPF_STACK } from "../../abi/bpf.ts";
import { includes, type Scalar } from "./scalar.ts";

/** A map as the verifier needs to know it. */
export interface MapShape {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
}

export type Value =
  | { readonly kind: "none" }
  | { readonly kind: "scalar"; readonly number: Scalar }
  | { readonly kind: "ctx"; readonly off: number }
  | { readonly kind: "stack"; readonly off: number }
  | { readonly kind: "map"; readonly map: MapShape }
  /** Into a map's value: a fixed offset and one that varies. Copies share `id`. */
  | {
      readonly kind: "value";
      readonly map: MapShape;
      readonly off: number;
      readonly vary: Scalar;
      readonly id: number;
      readonly orNull: boolean;
    }
  /** A kernel object of known type. Trusted: the kernel vouches for it. */
  | {
      readonly kind: "object";
      readonly type: number;
      readonly off: number;
      readonly trusted: boolean;
    };

export const NONE: Value = { kind: "none" };

export const number = (known: Scalar): Value => ({ kind: "scalar", number: known });

export const isPointer = (value: Value): boolean =>
  value.kind !== "none" && value.kind !== "scalar";

/** Eight bytes of stack: a value that was put there whole, or which bytes have been written. */
export type Slot =
  | { readonly kind: "spill"; readonly value: Value }
  /** A bit for each byte, the lowest address in bit 0. */
  | { readonly kind: "bytes"; readonly written: number };

const EMPTY: Slot = { kind: "bytes", written: 0 };
export const ALL_WRITTEN = 0xff;

const REGISTERS = 11;
const SLOTS = MAX_BPF_STACK / 8;

export class State {
  readonly registers: Value[];
  /** From the frame pointer downwards: slot 0 is the eight bytes just below it. */
  readonly stack: Slot[];

  constructor(registers: readonly Value[], stack: readonly Slot[]) {
    this.registers = [...registers];
    this.stack = [...stack];
  }

  /** At the first instruction. */
  static entry(): State {
    const registers = new Array<Value>(REGISTERS).fill(NONE);
    registers[1] = { kind: "ctx", off: 0 };
    registers[10] = { kind: "stack", off: 0 };
    return new State(registers, new Array<Slot>(SLOTS).fill(EMPTY));
  }

  copy(): State {
    return new State(this.registers, this.stack);
  }

  get(register: number): Value {
    return this.registers[register] ?? NONE;
  }

  set(register: number, value: Value): void {
    this.registers[register] = value;
  }

  slot(index: number): Slot {
    return this.stack[index] ?? EMPTY;
  }

  /** Puts `change` over every copy of the map value `id`, wherever it is. */
  update(id: number, change: (value: Extract<Value, { kind: "value" }>) => Value): void {
    this.registers.forEach((value, r) => {
      if (value.kind === "value" && value.id === id) this.registers[r] = change(value);
    });
    this.stack.forEach((slot, index) => {
      if (slot.kind !== "spill" || slot.value.kind !== "value" || slot.value.id !== id) return;
      this.stack[index] = { kind: "spill", value: change(slot.value) };
    });
  }
}

/** Which ids of one state stand for which of another. */
type Ids = Map<number, number>;

/** Is whatever is safe for `old` safe for `now`, `now` being a special case of it? */
export function covers(old: State, now: State, live: number): boolean {
  const ids: Ids = new Map();
  for (let r = 0; r < REGISTERS; r++) {
    if ((live & (1 << r)) !== 0 && !coversValue(old.get(r), now.get(r), ids)) return false;
  }
  return old.stack.every((slot, index) => coversSlot(slot, now.slot(index), ids));
}

function coversValue(old: Value, now: Value, ids: Ids): boolean {
  switch (old.kind) {
    case "none":
      return true;
    case "scalar":
      return now.kind === "scalar" && includes(old.number, now.number);
    case "ctx":
    case "stack":
      return now.kind === old.kind && now.off === old.off;
    case "map":
      return now.kind === "map" && now.map === old.map;
    case "object":
      return (
        now.kind === "object" &&
        now.type === old.type &&
        now.off === old.off &&
        now.trusted === old.trusted
      );
    case "value":
      return (
        now.kind === "value" &&
        now.map === old.map &&
        now.off === old.off &&
        now.orNull === old.orNull &&
        includes(old.vary, now.vary) &&
        isSameId(old.id, now.id, ids)
      );
  }
}

function isSameId(old: number, now: number, ids: Ids): boolean {
  const known = ids.get(old);
  if (known !== undefined) return known === now;
  ids.set(old, now);
  return true;
}

function coversSlot(old: Slot, now: Slot, ids: Ids): boolean {
  if (old.kind === "bytes") {
    if (old.written === 0) return true;
    return now.kind === "spill" ? true : (old.written & ~now.written) === 0;
  }
  return now.kind === "spill" && coversValue(old.value, now.value, ids);
}
