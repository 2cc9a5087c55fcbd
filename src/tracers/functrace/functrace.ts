/**
 * functrace: prints the calls of a program's own functions, with their first argument and their
 * result, by breakpoints at each function and at each place that it returns to.
 *
 * In the manner of ltrace(1), for functions of a static program. Left out: threads, functions left by
 * longjmp, arguments beyond a0.
 */
import type { ProgramImage } from "#kernel";
import type { Proc, UserCall } from "#userland";
import { Breakpoints, isBreakpointStop } from "../kit/breakpoints.ts";
import { findProgram } from "../kit/find-program.ts";
import { type FunctionSymbol, readFunctions } from "../kit/function-symbols.ts";
import { tracerProgram } from "../kit/ptrace-program.ts";
import { PtraceTracer } from "../kit/ptrace-tracer.ts";
import { readRegisters } from "../kit/registers.ts";
import type { Stop } from "../kit/stop.ts";

/** A call that has not returned. */
interface Frame {
  readonly name: string;
  readonly argument: number;
  readonly returnsTo: number;
  readonly sp: number;
}

class FunctionTracer {
  readonly #p: Proc;
  readonly #tracer: PtraceTracer;
  readonly #functions: ReadonlyMap<number, FunctionSymbol>;
  readonly #frames: Frame[] = [];
  #breakpoints!: Breakpoints;
  #status = 0;

  constructor(p: Proc, functions: readonly FunctionSymbol[]) {
    this.#p = p;
    this.#tracer = new PtraceTracer(p, { syscalls: false });
    this.#functions = new Map(functions.map((each) => [each.address, each]));
  }

  *run(path: string, command: readonly string[]): UserCall {
    const pid = yield* this.#tracer.launch(path, command);
    if (pid < 0) {
      yield* this.#p.error(`functrace: ${path}: ${this.#p.strerror(pid)}\n`);
      return 1;
    }
    this.#breakpoints = new Breakpoints(this.#p.sys, pid);
    let stop = yield* this.#tracer.next();
    while (stop !== null) stop = yield* this.#take(stop);
    return this.#status;
  }

  /** Answers the stop after this one. */
  *#take(stop: Stop): UserCall<Stop | null> {
    if (stop.kind === "event-exec")
      for (const address of this.#functions.keys()) yield* this.#breakpoints.insert(address);
    if (stop.kind === "exited") this.#status = stop.code;
    if (stop.kind === "killed") this.#status = 128 + stop.sig;
    if (!isBreakpointStop(stop)) return yield* this.#tracer.next();
    const registers = yield* readRegisters(this.#p.sys, stop.pid);
    if (typeof registers === "number") return yield* this.#tracer.next();
    const { pc = 0, sp = 0, ra = 0, a0 = 0 } = registers;
    yield* this.#leave(pc, sp, a0);
    const called = this.#functions.get(pc);
    if (called !== undefined) yield* this.#enter(called, a0, ra, sp);
    return yield* this.#breakpoints.resume(this.#tracer, stop, pc);
  }

  *#enter(called: FunctionSymbol, argument: number, returnsTo: number, sp: number): UserCall<void> {
    const indent = "  ".repeat(this.#frames.length);
    yield* this.#p.error(`${indent}${called.name}(${argument})\n`);
    this.#frames.push({ name: called.name, argument, returnsTo, sp });
    yield* this.#breakpoints.insert(returnsTo);
  }

  /** Functions that are back by now: the innermost that returns here, with the stack as it was. */
  *#leave(pc: number, sp: number, result: number): UserCall<void> {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.returnsTo !== pc || sp < frame.sp) return;
    this.#frames.pop();
    const indent = "  ".repeat(this.#frames.length);
    yield* this.#p.error(`${indent}${frame.name}(${frame.argument}) = ${result}\n`);
    const isStillNeeded =
      this.#functions.has(pc) || this.#frames.some(({ returnsTo }) => returnsTo === pc);
    if (!isStillNeeded) yield* this.#breakpoints.remove(pc);
  }
}

export const FUNCTRACE: ProgramImage = tracerProgram("functrace", function* (p) {
  const [, ...command] = p.argv;
  if (command[0] === undefined) {
    yield* p.error("functrace: must have PROG [ARGS]\n");
    return 1;
  }
  const path = yield* findProgram(p, "functrace", command[0]);
  if (path === null) return 1;
  const functions = yield* readFunctions(p, path);
  if (functions.length === 0) {
    yield* p.error(`functrace: ${path} names no functions\n`);
    return 1;
  }
  return yield* new FunctionTracer(p, functions).run(path, command);
});
