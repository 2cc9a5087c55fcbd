/**
 * The bytecode machine: runs what the verifier has accepted. A program is prepared once: four words
 * an instruction, its immediates behind the registers, its links looked up. `bigint` never runs.
 *
 * Source: RFC 9669; kernel/bpf/core.c (___bpf_prog_run), 6.16. Left out: translation to machine code.
 */
import { BPF_PSEUDO_MAP_FD } from "../../abi/bpf.ts";
import { assert } from "../../lib/assert.ts";
import { type Instruction, isWide } from "../isa/instruction.ts";
import { decode, type Operation } from "../isa/table.ts";
import { execute } from "./execute.generated.ts";
import { caseOf, codeNamed } from "./operations.ts";
import { addressIn, IMMEDIATES, putNumber } from "./registers.ts";

/** Memory at kernel addresses, as numbers of 48 bits. */
export interface BpfMemory {
  u8(address: number): number;
  u16(address: number): number;
  i32(address: number): number;
  store8(address: number, value: number): number;
  store16(address: number, value: number): number;
  store32(address: number, value: number): number;
  /** Is all of that mapped? */
  isMapped(address: number, sizeBytes: number): boolean;
}

/** A helper reads its arguments from r1 to r5 and leaves its result in r0. */
export type HelperCode = (x: Int32Array) => void;

/** What a program leans on. */
export interface ProgramLinks {
  readonly helper: (number: number) => HelperCode | undefined;
  /** Where the map is that the instruction at `slot` names. */
  readonly mapAddress: (slot: number) => number;
  /** Loads that may meet any address, and then read zero. Linux: BPF_PROBE_MEM. */
  readonly probeLoads: ReadonlySet<number>;
  /** Slots that are ever executed, if the verifier has found out; dead code may be anything. */
  readonly walked?: ReadonlySet<number>;
}

/** Words of a prepared instruction. */
const WORDS = 4;
const R1 = 2;
const R10 = 20;

export class BpfMachine {
  readonly x: Int32Array;
  readonly ops: Int32Array;
  readonly memory: BpfMemory;
  readonly helpers: HelperCode[] = [];
  /** How many instructions the last run took. */
  executed = 0;
  readonly #loads: { readonly bytes: number; readonly signed: boolean; readonly off: number }[] =
    [];

  constructor(insns: readonly Instruction[], memory: BpfMemory, links: ProgramLinks) {
    this.memory = memory;
    this.ops = new Int32Array(WORDS * insns.length);
    const immediates: number[] = [];
    const constant = (low: number, high: number): number =>
      IMMEDIATES + immediates.push(low, high) - 2;
    for (let slot = 0; slot < insns.length; slot++) {
      const insn = insns[slot] as Instruction;
      const isDead = links.walked?.has(slot) === false;
      const operation = isDead ? ({ kind: "exit" } as const) : decode(insn);
      assert(typeof operation !== "string", `the verifier let ${operation} pass`);
      const words = this.#prepare(insns, slot, operation, links, constant);
      this.ops.set(words, WORDS * slot);
      if (isWide(insn)) slot++;
    }
    this.x = new Int32Array(IMMEDIATES + immediates.length);
    this.x.set(immediates, IMMEDIATES);
  }

  /**
   * Runs with `context` in r1 and `frame` in r10. Answers the low half of r0. A verified program
   * takes no more instructions than the verifier walked: more than `limit` is our bug.
   */
  run(context: number, frame: number, limit: number = Number.POSITIVE_INFINITY): number {
    putNumber(this.x, R1, context);
    putNumber(this.x, R10, frame);
    return execute(this, limit);
  }

  runAway(): never {
    assert(false, "the verifier let a program pass that does not end");
  }

  /** A load through a kernel pointer that nobody vouches for. */
  readonly probe = (x: Int32Array, d: number, s: number, index: number): void => {
    const load = this.#loads[index];
    assert(load !== undefined, "a probing load knows its size");
    const address = addressIn(x, s) + load.off;
    const [low, high] = this.memory.isMapped(address, load.bytes)
      ? this.#load(address, load)
      : [0, 0];
    x[d] = low;
    x[d + 1] = high;
  };

  #load(address: number, { bytes, signed }: { bytes: number; signed: boolean }): [number, number] {
    const { memory } = this;
    if (bytes === 8) return [memory.i32(address), memory.i32(address + 4)];
    const value =
      bytes === 4 ? memory.i32(address) : bytes === 2 ? memory.u16(address) : memory.u8(address);
    if (!signed) return [value, 0];
    const low = (value << (32 - 8 * bytes)) >> (32 - 8 * bytes);
    return [low, low >> 31];
  }

  /** `[code, destination, operand, offset or target or index]`. */
  #prepare(
    insns: readonly Instruction[],
    slot: number,
    operation: Operation,
    links: ProgramLinks,
    constant: (low: number, high: number) => number,
  ): readonly number[] {
    const insn = insns[slot] as Instruction;
    const { imm, off } = insn;
    const code = caseOf(operation);
    const d = 2 * insn.dst;
    const fromImmediate = "from" in operation && operation.from === "imm";
    const s = fromImmediate ? constant(imm, imm >> 31) : 2 * insn.src;
    switch (operation.kind) {
      case "jump":
        return [code, d, s, WORDS * (slot + 1 + off)];
      case "goto":
        return [code, 0, 0, WORDS * (slot + 1 + (operation.isLong ? imm : off))];
      case "call": {
        const helper = links.helper(imm);
        assert(helper !== undefined, `the verifier let a call of helper ${imm} pass`);
        return [code, 0, 0, this.helpers.push(helper) - 1];
      }
      case "wide": {
        const halves = new Int32Array([imm, insns[slot + 1]?.imm ?? 0]);
        if (insn.src === BPF_PSEUDO_MAP_FD) putNumber(halves, 0, links.mapAddress(slot));
        return [code, d, constant(halves[0] as number, halves[1] as number), WORDS * (slot + 2)];
      }
      case "load": {
        if (!links.probeLoads.has(slot)) return [code, d, s, off];
        const load = { bytes: operation.size.bytes, signed: operation.signed, off };
        return [codeNamed("probe"), d, s, this.#loads.push(load) - 1];
      }
      default:
        return [code, d, s, off];
    }
  }
}
