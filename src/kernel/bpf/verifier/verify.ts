/**
 * The verifier: walks every path of a program, with what is known of each value, and refuses it at
 * the first instruction that could do harm. A path ends at an exit, or where a state that covers it
 * has been walked to the end already.
 *
 * Loops are walked round by round, so that a loop must end within what may be walked; one that comes
 * back to the very same state is endless.
 *
 * Source: kernel/bpf/verifier.c (do_check, is_state_visited), 6.16; PREVAIL for the shape of the
 * tests. It does NOT know: calls between functions, references, locks, speculation, precision
 * tracking (states are compared as they are, so that fewer of them match than in Linux).
 */
import { BPF_COMPLEXITY_MAX, BPF_STATES_KEPT_MAX } from "../../lib/limits.ts";
import type { Btf } from "../btf/btf.ts";
import type { Instruction } from "../isa/instruction.ts";
import { printInstruction } from "../isa/print.ts";
import { checkArithmetic, checkSwap, readable, scalarOf } from "./arithmetic.ts";
import { immediate, type Pair, refine } from "./branch.ts";
import { checkCall } from "./call.ts";
import { type Flow, readFlow, type Step } from "./control-flow.ts";
import { describeState, describeValue } from "./describe.ts";
import { type SourceLine, VerifierLog } from "./log.ts";
import { MemoryChecker } from "./memory.ts";
import { Refusal, type RefusalErrno } from "./refusal.ts";
import { constant, ofSize, UNKNOWN } from "./scalar.ts";
import type { ProgramShape } from "./signature.ts";
import { covers, isPointer, type MapShape, number, State, type Value } from "./state.ts";

export interface VerifierInput {
  readonly insns: readonly Instruction[];
  readonly shape: ProgramShape;
  /** The map that a wide load at a slot names. */
  readonly mapAt: (slot: number) => MapShape | undefined;
  /** Types of the running kernel. */
  readonly btf: Btf | undefined;
  readonly sources: ReadonlyMap<number, SourceLine>;
  readonly isGpl: boolean;
  /** Lines of log that are wanted; 0 for none. */
  readonly logLinesMax: number;
  /** Instructions to walk before saying "too large". */
  readonly complexityMax?: number;
}

export type Verified = { readonly log: string; readonly processed: number } & (
  | {
      readonly ok: true;
      readonly probeLoads: ReadonlySet<number>;
      readonly contextEnd: number;
      /** Slots that some path came by; the others are never executed, whatever is in them. */
      readonly walked: ReadonlySet<number>;
    }
  | {
      readonly ok: false;
      readonly errno: RefusalErrno;
      readonly slot: number;
      readonly message: string;
      /** The source line of the refused instruction, if it is known. */
      readonly source: SourceLine | undefined;
    }
);

/** A state that was met at a slot. `open`: how many ways on from it are not at their end. */
interface Visit {
  readonly state: State;
  readonly before: Visit | undefined;
  open: number;
}

interface Path {
  slot: number;
  state: State;
  visit: Visit | undefined;
}

export function verify(input: VerifierInput): Verified {
  return new Verifier(input).run();
}

class Verifier {
  readonly #input: VerifierInput;
  readonly #log: VerifierLog;
  readonly #memory: MemoryChecker;
  readonly #visits: Map<number, Visit[]> = new Map();
  readonly #waiting: Path[] = [];
  readonly #walked: Set<number> = new Set();
  readonly #taskType: number;
  readonly #limit: number;
  #processed = 0;
  #ids = 0;

  constructor(input: VerifierInput) {
    this.#input = input;
    this.#log = new VerifierLog(input.sources, input.logLinesMax);
    this.#memory = new MemoryChecker(input.shape, input.btf);
    this.#limit = input.complexityMax ?? BPF_COMPLEXITY_MAX;
    this.#taskType = input.btf?.find("struct", "task_struct") ?? 0;
  }

  run(): Verified {
    try {
      const flow = readFlow(this.#input.insns);
      this.#waiting.push({ slot: 0, state: State.entry(), visit: undefined });
      this.#log.add(`0: ${this.#describe(State.entry())}`);
      for (let path = this.#waiting.pop(); path !== undefined; path = this.#waiting.pop())
        this.#walk(flow, path);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return this.#refused(thrown);
    }
    const { probeLoads, contextEnd } = this.#memory;
    this.#log.add(`processed ${this.#processed} insns (limit ${this.#limit})`);
    return {
      ok: true,
      probeLoads,
      contextEnd,
      walked: this.#walked,
      log: this.#log.text(),
      processed: this.#processed,
    };
  }

  #refused({ errno, slot, message }: Refusal): Verified {
    this.#log.add(message);
    this.#log.add(`processed ${this.#processed} insns (limit ${this.#limit})`);
    const source = this.#log.sourceOf(slot);
    return {
      ok: false,
      errno,
      slot,
      message,
      source,
      log: this.#log.text(),
      processed: this.#processed,
    };
  }

  readonly #typeName = (id: number): string => this.#input.btf?.type(id).name ?? "";

  #describe(state: State): string {
    return describeState(state, this.#typeName);
  }

  /** Follows one path to its end, putting the other ways of its jumps aside. */
  #walk(flow: Flow, path: Path): void {
    for (;;) {
      const { slot } = path;
      const step = flow.steps[slot] as Step;
      if (flow.meetings.has(slot) && this.#isKnown(path, flow.live[slot] as number)) break;
      if (++this.#processed > this.#limit)
        throw new Refusal(
          "E2BIG",
          slot,
          `BPF program is too large. Processed ${this.#processed} insn`,
        );
      this.#walked.add(slot);
      this.#log.source(slot);
      const before = this.#input.logLinesMax === 0 ? undefined : path.state.copy();
      const next = this.#step(step, path);
      if (before !== undefined) this.#note(step, slot, before, path.state);
      if (next === undefined) break;
      path.slot = next;
    }
    // This way is at its end, and so is every state before it that has no other way open.
    for (let visit = path.visit; visit !== undefined && --visit.open === 0; ) visit = visit.before;
  }

  #note(step: Step, slot: number, before: State, after: State): void {
    const code = step.insn.code.toString(16).padStart(2, "0");
    const changed = after.registers.flatMap((value, r) =>
      value === before.registers[r] || value.kind === "none"
        ? []
        : [`R${r}=${describeValue(value, this.#typeName)}`],
    );
    const text = printInstruction(step.insn, this.#input.insns[slot + 1]);
    this.#log.add(
      `${slot}: (${code}) ${text}${changed.length === 0 ? "" : ` ; ${changed.join(" ")}`}`,
    );
  }

  /** Has a state that covers this one been walked to its end? Else it is noted. */
  #isKnown(path: Path, live: number): boolean {
    const visits = this.#visits.get(path.slot) ?? [];
    for (const visit of visits) {
      if (!covers(visit.state, path.state, live)) continue;
      if (visit.open === 0) return true;
      if (covers(path.state, visit.state, live))
        throw new Refusal("EINVAL", path.slot, `infinite loop detected at insn ${path.slot}`);
    }
    const visit = { state: path.state.copy(), before: path.visit, open: 1 };
    visits.push(visit);
    if (visits.length > BPF_STATES_KEPT_MAX) visits.shift();
    this.#visits.set(path.slot, visits);
    path.visit = visit;
    return false;
  }

  /** One instruction. Answers where the path goes on, undefined at its end. */
  #step(step: Step, path: Path): number | undefined {
    const { insn, operation } = step;
    const { slot, state } = path;
    const after = step.next[0];
    switch (operation.kind) {
      case "arithmetic":
        checkArithmetic(state, slot, insn, operation);
        return after;
      case "swap":
        checkSwap(state, slot, insn.dst, operation.bits);
        return after;
      case "wide":
        this.#wide(insn, path);
        return after;
      case "load": {
        readable(state, slot, insn.src);
        this.#checkWritable(insn.dst, slot);
        const access = { slot, register: insn.src, off: insn.off, size: operation.size.bytes };
        state.set(insn.dst, this.#memory.load(state, access, operation.signed));
        return after;
      }
      case "store":
        this.#store(step, path, operation.size.bytes, operation.from === "imm");
        return after;
      case "atomic":
        this.#atomic(step, path);
        return after;
      case "jump":
        return this.#jump(step, path);
      case "goto":
        return after;
      case "call":
        this.#call(insn, path);
        return after;
      case "exit":
        readable(state, slot, 0);
        return undefined;
    }
  }

  #checkWritable(register: number, slot: number): void {
    if (register === 10) throw new Refusal("EACCES", slot, "frame pointer is read only");
  }

  #wide(insn: Instruction, { slot, state }: Path): void {
    this.#checkWritable(insn.dst, slot);
    if (insn.src === 0) {
      const high = BigInt(this.#input.insns[slot + 1]?.imm ?? 0);
      state.set(insn.dst, number(constant((high << 32n) | BigInt(insn.imm >>> 0))));
      return;
    }
    const map = this.#input.mapAt(slot);
    if (map === undefined)
      throw new Refusal("EINVAL", slot, `fd ${insn.imm} is not pointing to valid bpf_map`);
    state.set(insn.dst, { kind: "map", map });
  }

  #store({ insn }: Step, { slot, state }: Path, size: number, isImmediate: boolean): void {
    readable(state, slot, insn.dst);
    const stored: Value = isImmediate
      ? number(immediate(insn.imm))
      : readable(state, slot, insn.src);
    this.#memory.store(state, { slot, register: insn.dst, off: insn.off, size }, stored);
  }

  #atomic({ insn, operation }: Step, { slot, state }: Path): void {
    if (operation.kind !== "atomic") return;
    const { row, size } = operation;
    const isCompare = row.name === "cmpxchg";
    readable(state, slot, insn.dst);
    for (const register of [insn.src, ...(isCompare ? [0] : [])]) {
      if (isPointer(readable(state, slot, register)))
        throw new Refusal("EACCES", slot, `R${register} leaks addr into mem`);
    }
    const target = state.get(insn.dst);
    if (target.kind !== "stack" && target.kind !== "value")
      throw new Refusal(
        "EACCES",
        slot,
        `BPF_ATOMIC stores into R${insn.dst} ${target.kind} is not allowed`,
      );
    const access = { slot, register: insn.dst, off: insn.off, size: size.bytes };
    const old = this.#memory.load(state, access, false);
    if (isPointer(old)) throw new Refusal("EACCES", slot, "atomic operation on a spilled pointer");
    this.#memory.store(state, access, number(UNKNOWN));
    const fetched = isCompare ? 0 : row.call === undefined ? undefined : insn.src;
    if (fetched === undefined) return;
    this.#checkWritable(fetched, slot);
    state.set(fetched, number(ofSize(size.bytes)));
  }

  #call(insn: Instruction, { slot, state }: Path): void {
    const { shape, isGpl } = this.#input;
    const helper = shape.helper(insn.imm);
    if (helper === undefined)
      throw new Refusal("EINVAL", slot, `unknown func ${shape.helperName(insn.imm)}#${insn.imm}`);
    if (helper.gplOnly && !isGpl)
      throw new Refusal(
        "EINVAL",
        slot,
        "cannot call GPL-restricted function from non-GPL compatible program",
      );
    const nextId = (): number => ++this.#ids;
    checkCall({ slot, state, memory: this.#memory, nextId, taskType: this.#taskType }, helper);
  }

  #jump({ insn, operation, next }: Step, path: Path): number | undefined {
    if (operation.kind !== "jump") return undefined;
    const { slot, state } = path;
    const [pass, take] = next as [number, number];
    const left = readable(state, slot, insn.dst);
    const isImmediate = operation.from === "imm";
    const right = isImmediate ? number(immediate(insn.imm)) : readable(state, slot, insn.src);
    const isNullTest = operation.is64 && isImmediate && insn.imm === 0;
    if (isNullTest && left.kind === "value" && left.orNull) {
      if (operation.row.name === "jeq") return this.#nullTest(path, left.id, pass, take);
      if (operation.row.name === "jne") return this.#nullTest(path, left.id, take, pass);
    }
    const { taken, passed } = refine(
      operation.row,
      operation.is64,
      scalarOf(left),
      scalarOf(right),
    );
    const both = taken !== undefined && passed !== undefined;
    if (both) this.#aside(path, take, learned(state.copy(), insn, isImmediate, taken));
    const pair = passed ?? taken;
    if (pair === undefined) return pass;
    path.state = learned(state, insn, isImmediate, pair);
    return passed === undefined ? take : pass;
  }

  /** A pointer into a map is compared with NULL: it is a pointer on one way, and zero on the other. */
  #nullTest(path: Path, id: number, found: number, missing: number): number {
    const zero = path.state.copy();
    zero.update(id, () => number(constant(0n)));
    this.#aside(path, missing, zero);
    path.state.update(id, (value) => ({ ...value, orNull: false }));
    return found;
  }

  #aside(path: Path, slot: number, state: State): void {
    if (path.visit !== undefined) path.visit.open++;
    this.#waiting.push({ slot, state, visit: path.visit });
  }
}

/** The state with what a jump says of its operands. */
function learned(state: State, insn: Instruction, isImmediate: boolean, [a, b]: Pair): State {
  if (!isPointer(state.get(insn.dst))) state.set(insn.dst, number(a));
  if (!isImmediate && insn.src !== insn.dst && !isPointer(state.get(insn.src)))
    state.set(insn.src, number(b));
  return state;
}
