/**
 * coverage: steps through a program instruction by instruction, and says how much of each function
 * was executed, and how often it was entered.
 *
 * PTRACE_SINGLESTEP is an extension of this machine: riscv64 Linux has none. Left out: threads.
 */
import type { ProgramImage } from "#kernel";
import type { Proc, UserCall } from "#userland";
import { isStepStop } from "../kit/breakpoints.ts";
import { findProgram } from "../kit/find-program.ts";
import { type FunctionSymbol, readFunctions } from "../kit/function-symbols.ts";
import { tracerProgram } from "../kit/ptrace-program.ts";
import { PtraceTracer } from "../kit/ptrace-tracer.ts";
import { readRegisters } from "../kit/registers.ts";

/** How often each instruction was executed, by address. */
type Counts = Map<number, number>;

/** The program's status, or -errno where it could not be stepped. */
function* stepThrough(p: Proc, path: string, command: readonly string[], counts: Counts): UserCall {
  const tracer = new PtraceTracer(p, { syscalls: false });
  const pid = yield* tracer.launch(path, command);
  if (pid < 0) return pid;
  for (let stop = yield* tracer.next(); stop !== null; stop = yield* tracer.next()) {
    if (stop.kind === "exited") return stop.code;
    if (stop.kind === "killed") return 128 + stop.sig;
    const isOurs = stop.kind === "event-exec" || isStepStop(stop);
    if (isOurs) {
      const registers = yield* readRegisters(p.sys, stop.pid);
      const pc = typeof registers === "number" ? 0 : (registers["pc"] ?? 0);
      counts.set(pc, (counts.get(pc) ?? 0) + 1);
    }
    const result = yield* tracer.step(stop, !isOurs && stop.kind === "signal" ? stop.sig : 0);
    if (result < 0) return result;
  }
  return 0;
}

/** Lines of the table: executed addresses of each function, entries, instructions. */
export function coverageLines(
  functions: readonly FunctionSymbol[],
  counts: ReadonlyMap<number, number>,
): string[] {
  const lines = [" entered instructions   places  function"];
  for (const { name, address, size } of functions) {
    let places = 0;
    let executed = 0;
    for (const [pc, count] of counts) {
      if (pc < address || pc >= address + size) continue;
      places++;
      executed += count;
    }
    const entered = counts.get(address) ?? 0;
    lines.push(
      `${String(entered).padStart(8)} ${String(executed).padStart(12)} ${String(places).padStart(8)}  ${name}`,
    );
  }
  return lines;
}

export const COVERAGE: ProgramImage = tracerProgram("coverage", function* (p) {
  const [, ...command] = p.argv;
  if (command[0] === undefined) {
    yield* p.error("coverage: must have PROG [ARGS]\n");
    return 1;
  }
  const path = yield* findProgram(p, "coverage", command[0]);
  if (path === null) return 1;
  const functions = yield* readFunctions(p, path);
  const counts: Counts = new Map();
  const status = yield* stepThrough(p, path, command, counts);
  if (status < 0) {
    yield* p.error(`coverage: ${path}: ${p.strerror(status)}\n`);
    return 1;
  }
  yield* p.error(`${coverageLines(functions, counts).join("\n")}\n`);
  return status;
});
