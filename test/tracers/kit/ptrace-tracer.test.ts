import { expect, test } from "vitest";
import { SIGKILL, SIGSTOP, SIGUSR1, SYSCALL_NUMBERS } from "#abi";
import type { ProgramImage } from "#kernel";
import {
  callName,
  PtraceTracer,
  readRegisters,
  readString,
  type Stop,
  tracerProgram,
  writeMemory,
  writeRegisters,
} from "#tracers";
import { defineProgram, type Proc, type ProcMain, type UserCall } from "#userland";
import { ShellSession } from "../../support/shell-session.ts";

/** What a tracer prints about a program of its own making. */
function trace(
  tracer: ProcMain,
  program: ProcMain,
  entries: Record<string, ProcMain> = {},
): string {
  const image: ProgramImage = defineProgram("prog", program, entries);
  const session = new ShellSession({ "/bin/prog": image, "/bin/t": tracerProgram("t", tracer) });
  return session.run("t");
}

function* allStops(
  p: Proc,
  tracer: PtraceTracer,
  each: (stop: Stop) => UserCall<void>,
): UserCall<void> {
  yield* tracer.launch("/bin/prog", ["prog"]);
  for (let stop = yield* tracer.next(); stop !== null; stop = yield* tracer.next()) {
    yield* each(stop);
  }
  yield* p.print("end\n");
}

test("stops come in order: execve, calls, signals, end", () => {
  const output = trace(
    function* (p) {
      yield* allStops(p, new PtraceTracer(p), function* (stop) {
        const name = "call" in stop && stop.call !== null ? ` ${callName(stop.call.nr)}` : "";
        yield* p.print(`${stop.kind}${name}\n`);
      });
      return 0;
    },
    function* (p) {
      yield* p.sys.kill(yield* p.sys.getpid(), 17);
      return 5;
    },
  );
  expect(output.split("\n")).toEqual([
    "syscall-enter execve",
    "event-exec",
    "syscall-exit execve",
    "syscall-enter getpid",
    "syscall-exit getpid",
    "syscall-enter kill",
    "syscall-exit kill",
    "signal",
    "syscall-enter exit_group",
    "exited",
    "end",
    "",
  ]);
});

test("registers have their ABI names, and a changed a0 changes the call's result", () => {
  const output = trace(
    function* (p) {
      yield* allStops(p, new PtraceTracer(p), function* (stop) {
        if (stop.kind !== "syscall-exit" || stop.call?.nr !== SYSCALL_NUMBERS.getppid) return;
        const registers = yield* readRegisters(p.sys, stop.pid);
        if (typeof registers === "number") return;
        yield* p.print(`a7=${registers["a7"]} result=${registers["a0"] === stop.result}\n`);
        yield* writeRegisters(p.sys, stop.pid, { a0: 4242 });
      });
      return 0;
    },
    function* (p) {
      yield* p.print(`ppid ${yield* p.sys.getppid()}\n`);
      return 0;
    },
  );
  expect(output).toBe("a7=173 result=true\nppid 4242\nend\n");
});

test("memory can be read and rewritten under a call", () => {
  const output = trace(
    function* (p) {
      yield* allStops(p, new PtraceTracer(p), function* (stop) {
        if (stop.kind !== "syscall-enter" || stop.call.nr !== SYSCALL_NUMBERS.openat) return;
        const addr = stop.call.args[1] ?? 0;
        yield* p.print(`${yield* readString(p.sys, stop.pid, addr)}\n`);
        const other = new Uint8Array([..."/etc/hostname\0"].map((c) => c.charCodeAt(0)));
        yield* writeMemory(p.sys, stop.pid, addr, other);
      });
      return 0;
    },
    function* (p) {
      const text = yield* p.readFile("/does/not/exist");
      yield* p.print(`read: ${text}`);
      return 0;
    },
  );
  expect(output).toBe("/does/not/exist\nread: quicksand\nend\n");
});

test("a signal can be swallowed, and another put in its place", () => {
  const tracer = (sig: number): ProcMain =>
    function* (p) {
      const kit = new PtraceTracer(p, { syscalls: false });
      yield* allStops(p, kit, function* (stop) {
        if (stop.kind === "signal") yield* kit.resume(stop, sig);
        if (stop.kind === "exited") yield* p.print(`exited ${stop.code}\n`);
        if (stop.kind === "killed") yield* p.print(`killed ${stop.sig}\n`);
      });
      return 0;
    };
  const victim: ProcMain = function* (p) {
    yield* p.sys.kill(yield* p.sys.getpid(), SIGUSR1);
    return 1;
  };
  expect(trace(tracer(0), victim)).toBe("exited 1\nend\n");
  expect(trace(tracer(SIGUSR1), victim)).toBe(`killed ${SIGUSR1}\nend\n`);
  expect(trace(tracer(SIGKILL), victim)).toBe(`killed ${SIGKILL}\nend\n`);
});

test("a group-stop is seen, kept, and left by SIGCONT", () => {
  const output = trace(
    function* (p) {
      const kit = new PtraceTracer(p, { syscalls: false });
      yield* allStops(p, kit, function* (stop) {
        yield* p.print(`${stop.kind}\n`);
        if (stop.kind !== "group-stop") return;
        yield* kit.resume(stop);
        yield* p.sys.kill(stop.pid, 18);
      });
      return 0;
    },
    function* (p) {
      yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
      return 0;
    },
  );
  expect(output).toBe("event-exec\nsignal\ngroup-stop\nevent-stop\nsignal\nexited\nend\n");
});

test("children are followed when asked, and tracees of an earlier stop may be let go", () => {
  const tracer = (follow: boolean): ProcMain =>
    function* (p) {
      const kit = new PtraceTracer(p, { follow, syscalls: false });
      yield* allStops(p, kit, function* (stop) {
        if (stop.kind !== "event-exec") yield* p.print(`${stop.kind}\n`);
      });
      return 0;
    };
  const parent: ProcMain = function* (p) {
    yield* p.sys.spawn(p.entry("child"));
    yield* p.sys.wait4(-1);
    return 0;
  };
  const entries = {
    *child(): Generator<undefined, number, void> {
      return 3;
    },
  };
  expect(trace(tracer(false), parent, entries)).toBe("signal\nexited\nend\n");
  const lines = trace(tracer(true), parent, entries).split("\n").sort();
  expect(lines).toEqual(["", "attached", "end", "event-fork", "exited", "exited", "signal"]);
});
