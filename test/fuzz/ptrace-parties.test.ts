/**
 * A debugger that asks anything at any time gets the same answers from the core's own ptrace and from a
 * tree that does it by utrace.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  PTRACE_ATTACH,
  PTRACE_CONT,
  PTRACE_DETACH,
  PTRACE_EVENT_STOP,
  PTRACE_GETEVENTMSG,
  PTRACE_INTERRUPT,
  PTRACE_LISTEN,
  PTRACE_SEIZE,
  PTRACE_SETOPTIONS,
  PTRACE_SYSCALL,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
} from "#abi";
import type { Proc, ProcMain, UserCall } from "#userland";
import { runBare } from "../support/bare-machine.ts";
import { imageOf } from "../support/images.ts";

/** QUICKSAND_FUZZ_PTRACE=1000 for the long run. */
const RUNS = Number(process.env["QUICKSAND_FUZZ_PTRACE"] ?? 25);
const SEED = Number(process.env["QUICKSAND_FUZZ_SEED"] ?? 1);
const __WALL = 0x40000000;
const WNOHANG = 1;
/** What happens after a request has happened by then. */
const SETTLES_NS = 20e6;
const OPTIONS_MAX = 0x7f;

type Step =
  | { readonly do: "wait" }
  | { readonly do: "request"; readonly request: number; readonly data: number }
  | { readonly do: "kill"; readonly sig: number };

const signal = fc.constantFrom(0, 0, SIGUSR1, SIGSTOP, SIGCONT);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ do: "wait" }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      request: fc.constantFrom(PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SYSCALL, PTRACE_DETACH),
      data: signal,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      request: fc.constantFrom(PTRACE_INTERRUPT, PTRACE_LISTEN, PTRACE_SEIZE, PTRACE_ATTACH),
      data: fc.constant(0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      request: fc.constant(PTRACE_SETOPTIONS),
      data: fc.integer({ min: 0, max: OPTIONS_MAX }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("kill" as const),
      sig: fc.constantFrom(SIGUSR1, SIGSTOP, SIGCONT, SIGTERM),
    }),
  },
);

/**
 * What the debugger sees of a stop: its siginfo, and an event's message. At other stops the message is a
 * left-over, which the one keeps with the task and the other with the attachment.
 */
function* look(p: Proc, pid: number, status: number): UserCall<string> {
  const info = yield* p.sys.ptraceSiginfo(pid);
  const text = typeof info === "number" ? `${info}` : `${info.si_signo}/${info.si_code}`;
  const event = status >> 16;
  if (event === 0 || event === PTRACE_EVENT_STOP) return text;
  const message = yield* p.sys.ptraceRead(PTRACE_GETEVENTMSG, pid, 0, 8);
  return `${text} ${typeof message === "number" ? message : [...message].join("")}`;
}

function* take(p: Proc, tracee: number, each: Step): UserCall<string> {
  if (each.do === "kill") return `kill ${yield* p.sys.kill(tracee, each.sig)}`;
  if (each.do === "request")
    return `${each.request} ${yield* p.sys.ptrace(each.request, tracee, 0, each.data)}`;
  const found = yield* p.sys.wait4(-1, __WALL | WNOHANG);
  if (typeof found === "number") return `wait ${found}`;
  return `${found.pid} ${found.status.toString(16)} ${yield* look(p, found.pid, found.status)}`;
}

const ask = (request: number, data = 0): Step => ({ do: "request", request, data });

/** It once took part in its group's stop twice. */
const LET_GO_WHILE_STOPPED: readonly Step[] = [
  ask(PTRACE_CONT, SIGSTOP),
  ask(PTRACE_DETACH),
  ask(PTRACE_ATTACH),
  { do: "wait" },
  ask(PTRACE_CONT),
  { do: "wait" },
];

/** Calls, sleeps, signals to itself, children, in turn. */
const tracee: ProcMain = function* (p) {
  yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler") });
  for (let round = 0; round < 100; round++) {
    yield* p.sys.getppid();
    yield* p.sys.nanosleep(30e6);
    const child = yield* p.sys.spawn(p.entry("child"));
    yield* p.sys.wait4(child);
  }
  return 0;
};

const tracer = (steps: readonly Step[], seizes: boolean): ProcMain =>
  function* (p) {
    const child = yield* p.sys.spawn(p.entry("tracee"));
    yield* p.sys.nanosleep(SETTLES_NS);
    yield* p.sys.ptrace(seizes ? PTRACE_SEIZE : PTRACE_ATTACH, child, 0, 0);
    for (const each of steps) {
      yield* p.sys.nanosleep(SETTLES_NS);
      yield* p.print(`${yield* take(p, child, each)}\n`);
    }
    yield* p.sys.kill(child, SIGKILL);
    return 0;
  };

const entries: Readonly<Record<string, ProcMain>> = {
  tracee,
  *child(p) {
    yield* p.sys.getppid();
    return 3;
  },
  *handler(p) {
    yield* p.sys.getpid();
    return 0;
  },
};

test(`${RUNS} random debuggers see no difference (seed ${SEED})`, () => {
  const [before, after] = [imageOf("next-20091120"), imageOf("next-20100111")];
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fc.boolean(), (steps, seizes) => {
      const main = tracer(steps, seizes);
      const native = runBare(main, entries, 1, before).output;
      expect(runBare(main, entries, 1, after).output).toBe(native);
    }),
    { numRuns: RUNS, seed: SEED, examples: [[LET_GO_WHILE_STOPPED, false]] },
  );
});
