/**
 * The shape of a program, before anything is known of its values: where each instruction can go on,
 * what is never reached, and which registers are still wanted where.
 *
 * Source: kernel/bpf/verifier.c (check_cfg) and liveness.c, 6.16.
 */
import { type Instruction, isWide } from "../isa/instruction.ts";
import { decode, type Operation } from "../isa/table.ts";
import { Refusal } from "./refusal.ts";

/** One instruction with what it is; undefined for the second slot of a wide load. */
export interface Step {
  readonly insn: Instruction;
  readonly operation: Operation;
  /** Slots that may come next. */
  readonly next: readonly number[];
}

export interface Flow {
  readonly steps: readonly (Step | undefined)[];
  /** Slots that more than one way leads to, or that follow a jump: where states are compared. */
  readonly meetings: ReadonlySet<number>;
  /** Registers that are read before they are written, a bit each, by slot. */
  readonly live: Uint16Array;
}

export function readFlow(insns: readonly Instruction[]): Flow {
  const steps = readSteps(insns);
  const seen = reach(steps);
  steps.forEach((step, slot) => {
    if (step !== undefined && !seen.has(slot))
      throw new Refusal("EINVAL", slot, `unreachable insn ${slot}`);
  });
  const meetings = new Set<number>();
  for (const step of steps) {
    const isJump = step?.operation.kind === "jump" || step?.operation.kind === "goto";
    if (isJump) for (const to of step.next) meetings.add(to);
  }
  return { steps, meetings, live: liveness(steps) };
}

function readSteps(insns: readonly Instruction[]): (Step | undefined)[] {
  const steps: (Step | undefined)[] = [];
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot] as Instruction;
    const operation = decode(insn);
    if (typeof operation === "string") throw new Refusal("EINVAL", slot, operation);
    const next = successors(insn, operation, slot);
    steps.push({ insn, operation, next });
    if (!isWide(insn)) continue;
    const second = insns[++slot];
    const isFit =
      second !== undefined &&
      second.code === 0 &&
      second.dst === 0 &&
      second.src === 0 &&
      second.off === 0;
    if (!isFit) throw new Refusal("EINVAL", slot - 1, "invalid bpf_ld_imm64 insn");
    steps.push(undefined);
  }
  return steps;
}

function successors(insn: Instruction, operation: Operation, slot: number): readonly number[] {
  switch (operation.kind) {
    case "exit":
      return [];
    case "goto":
      return [slot + 1 + (operation.isLong ? insn.imm : insn.off)];
    case "jump":
      return [slot + 1, slot + 1 + insn.off];
    case "wide":
      return [slot + 2];
    default:
      return [slot + 1];
  }
}

/** Every slot that the first one leads to. */
function reach(steps: readonly (Step | undefined)[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const waiting = [0];
  for (let slot = waiting.pop(); slot !== undefined; slot = waiting.pop()) {
    if (seen.has(slot)) continue;
    seen.add(slot);
    for (const to of (steps[slot] as Step).next) {
      if (to < 0 || to > steps.length)
        throw new Refusal("EINVAL", slot, `jump out of range from insn ${slot} to ${to}`);
      if (to === steps.length) throw new Refusal("EINVAL", slot, "last insn is not an exit or jmp");
      if (steps[to] === undefined)
        throw new Refusal("EINVAL", slot, `jump into the middle of ldimm64 insn ${to}`);
      waiting.push(to);
    }
  }
  return seen;
}

/** Registers that a step reads and writes, a bit each. */
function usesOf({ insn, operation }: Step): { readonly reads: number; readonly writes: number } {
  const dst = 1 << insn.dst;
  const src = 1 << insn.src;
  switch (operation.kind) {
    case "arithmetic": {
      const isMove = operation.row.symbol.startsWith("=");
      const operand = operation.from === "register" ? src : 0;
      return { reads: operand | (isMove ? 0 : dst), writes: dst };
    }
    case "swap":
      return { reads: dst, writes: dst };
    case "wide":
      return { reads: 0, writes: dst };
    case "load":
      return { reads: src, writes: dst };
    case "store":
      return { reads: dst | (operation.from === "register" ? src : 0), writes: 0 };
    case "atomic":
      return { reads: dst | src | 1, writes: 0 };
    case "jump":
      return { reads: dst | (operation.from === "register" ? src : 0), writes: 0 };
    case "call":
      return { reads: 0b111110, writes: 0b111111 };
    case "exit":
      return { reads: 1, writes: 0 };
    case "goto":
      return { reads: 0, writes: 0 };
  }
}

function liveness(steps: readonly (Step | undefined)[]): Uint16Array {
  const live = new Uint16Array(steps.length);
  for (let changed = true; changed; ) {
    changed = false;
    for (let slot = steps.length - 1; slot >= 0; slot--) {
      const step = steps[slot];
      if (step === undefined) continue;
      const { reads, writes } = usesOf(step);
      let after = 0;
      for (const to of step.next) after |= live[to] as number;
      const before = reads | (after & ~writes);
      if (before === live[slot]) continue;
      live[slot] = before;
      changed = true;
    }
  }
  return live;
}
