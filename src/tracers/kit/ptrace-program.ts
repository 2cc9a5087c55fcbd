/**
 * A program that traces: its own `main` and the entries that the kit needs.
 */
import { SIGINT, SIGSTOP, SIGTERM } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram, type Proc, type ProcMain, type UserCall } from "#userland";
import { TRACEE_ENTRY } from "./ptrace-tracer.ts";

/** Where a launched child starts: it waits to be seized, then becomes the program. */
function* tracee(p: Proc): Generator<number | undefined, number, void> {
  const order = JSON.parse(p.sys.readString(p.arg)) as {
    path: string;
    argv: string[];
    env: string[];
  };
  yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
  yield* p.sys.execve(order.path, order.argv, order.env);
  return 127;
}

/** It only has to wake wait4 with EINTR. */
function* interrupted(): Generator<number | undefined, number, void> {
  return 0;
}

/** Lets ^C and `kill` end the tracer's waiting instead of the tracer. */
export function* catchInterrupts(p: Proc): UserCall<void> {
  for (const sig of [SIGINT, SIGTERM]) {
    yield* p.sys.sigaction(sig, { handler: p.entry("interrupted") });
  }
}

export function tracerProgram(name: string, main: ProcMain): ProgramImage {
  return defineProgram(name, main, { [TRACEE_ENTRY]: tracee, interrupted });
}
