/**
 * Breakpoints are just memory: an ebreak written over an instruction, whose bytes are kept. To go on,
 * the instruction is put back, stepped over, and covered again.
 *
 * Source: ptrace(2); the 16-bit c.ebreak fits wherever an instruction starts. Left out: threads that
 * run past while the instruction is back.
 */
import { SIGTRAP, TRAP_BRKPT, TRAP_TRACE } from "#abi";
import type { Sys, UserCall } from "#userland";
import type { PtraceTracer } from "./ptrace-tracer.ts";
import type { Stop } from "./stop.ts";
import { readMemory, writeMemory } from "./tracee-memory.ts";

const EBREAK: Uint8Array = Uint8Array.of(0x02, 0x90);

type SignalStop = Extract<Stop, { kind: "signal" }>;

const isTrap = (stop: Stop, code: number): stop is SignalStop =>
  stop.kind === "signal" && stop.sig === SIGTRAP && stop.info?.si_code === code;

/** Did the tracee run into a breakpoint? pc is at it. */
export const isBreakpointStop = (stop: Stop): stop is SignalStop => isTrap(stop, TRAP_BRKPT);

export class Breakpoints {
  readonly #sys: Sys;
  readonly #pid: number;
  /** What they cover, by address. */
  readonly #covered: Map<number, Uint8Array> = new Map();

  constructor(sys: Sys, pid: number) {
    this.#sys = sys;
    this.#pid = pid;
  }

  get addresses(): readonly number[] {
    return [...this.#covered.keys()].sort((a, b) => a - b);
  }

  has(address: number): boolean {
    return this.#covered.has(address);
  }

  /** Bytes that were read at `address`, as they are without the breakpoints among them. */
  uncover(address: number, bytes: Uint8Array): Uint8Array {
    const shown = Uint8Array.from(bytes);
    for (const [at, old] of this.#covered)
      old.forEach((byte, i) => {
        const index = at + i - address;
        if (index >= 0 && index < shown.length) shown[index] = byte;
      });
    return shown;
  }

  /** 0, or -errno where nothing is mapped. */
  *insert(address: number): UserCall {
    if (this.#covered.has(address)) return 0;
    const old = yield* readMemory(this.#sys, this.#pid, address, EBREAK.length);
    const result = yield* writeMemory(this.#sys, this.#pid, address, EBREAK);
    if (result >= 0) this.#covered.set(address, old.slice());
    return result;
  }

  *remove(address: number): UserCall {
    const old = this.#covered.get(address);
    if (old === undefined) return 0;
    this.#covered.delete(address);
    return yield* writeMemory(this.#sys, this.#pid, address, old);
  }

  /**
   * Executes the one instruction that the tracee stands before, under a breakpoint or not. Answers
   * the stop after it, which is another one if something happened on the way.
   */
  *step(tracer: PtraceTracer, stop: Stop, address: number): UserCall<Stop | null> {
    const isCovered = this.#covered.has(address);
    if (isCovered) yield* this.remove(address);
    yield* tracer.step(stop);
    const next = yield* tracer.next();
    const isGone = next === null || next.kind === "exited" || next.kind === "killed";
    if (isCovered && !isGone) yield* this.insert(address);
    return next;
  }

  /** Sets a tracee going that stands at `address`. Answers its next stop. */
  *resume(tracer: PtraceTracer, stop: Stop, address: number): UserCall<Stop | null> {
    let at = stop;
    if (this.#covered.has(address)) {
      const stepped = yield* this.step(tracer, stop, address);
      if (stepped === null || !isTrap(stepped, TRAP_TRACE)) return stepped;
      at = stepped;
    }
    yield* tracer.resume(at, 0);
    return yield* tracer.next();
  }
}

/** Was the stop asked for by stepping? */
export const isStepStop = (stop: Stop): boolean => isTrap(stop, TRAP_TRACE);
