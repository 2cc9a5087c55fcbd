import { describe, expect, test } from "vitest";
import {
  EPERM,
  ESRCH,
  PTRACE_ATTACH,
  PTRACE_CONT,
  PTRACE_DETACH,
  PTRACE_EVENT_EXIT,
  PTRACE_EVENT_STOP,
  PTRACE_INTERRUPT,
  PTRACE_KILL,
  PTRACE_LISTEN,
  PTRACE_O_TRACEEXIT,
  PTRACE_O_TRACEFORK,
  PTRACE_O_TRACESYSGOOD,
  PTRACE_PEEKDATA,
  PTRACE_POKEDATA,
  PTRACE_SEIZE,
  PTRACE_SETOPTIONS,
  PTRACE_SYSCALL,
  PTRACE_TRACEME,
  SIGCONT,
  SIGSTOP,
  SIGTRAP,
  SIGUSR1,
  SYSCALL_NUMBERS,
} from "#abi";
import type { Proc, ProcMain, UserCall } from "#userland";
import { type BareRun, runBare } from "../../support/bare-machine.ts";
import { imageOf } from "../../support/images.ts";

/** On the core's own ptrace, and on a release whose tree does it by utrace: no program sees which. */
function onBoth(main: ProcMain, entries: Readonly<Record<string, ProcMain>> = {}): BareRun {
  const native = runBare(main, entries);
  const onUtrace = runBare(main, entries, 1, imageOf("next-20100111"));
  expect(onUtrace.output).toBe(native.output);
  return native;
}

/** Sleeps for ever. */
const sleeper: ProcMain = function* (p) {
  for (;;) yield* p.sys.nanosleep(1e9);
};

/** Waits for `pid` and says the status, or the error, in hexadecimal. */
function* wait(p: Proc, pid: number): UserCall<string> {
  const found = yield* p.sys.wait4(pid, 0x40000000);
  return typeof found === "number" ? String(found) : `0x${found.status.toString(16)}`;
}

const trap = (code: number): string => `0x${((code << 8) | 0x7f).toString(16)}`;

describe("PTRACE_ATTACH", () => {
  test("sends SIGSTOP and returns before the stop; DETACH lets go", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("sleeper"));
        yield* p.print(`${yield* p.sys.ptrace(PTRACE_ATTACH, child)} ${yield* wait(p, child)} `);
        yield* p.print(`${yield* p.sys.ptrace(PTRACE_DETACH, child)} `);
        yield* p.print(`${yield* p.sys.ptrace(PTRACE_CONT, child)}\n`);
        yield* p.sys.kill(child, 9);
        return 0;
      },
      { sleeper },
    );
    expect(output).toBe(`0 ${trap(SIGSTOP)} 0 ${-ESRCH}\n`);
  });

  test("is refused for oneself, for a task that has a tracer, and for one that does not exist", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("sleeper"));
        const self = yield* p.sys.getpid();
        yield* p.sys.ptrace(PTRACE_ATTACH, child);
        const results = [
          yield* p.sys.ptrace(PTRACE_ATTACH, self),
          yield* p.sys.ptrace(PTRACE_ATTACH, child),
          yield* p.sys.ptrace(PTRACE_ATTACH, 4000),
        ];
        yield* p.print(results.join(" "));
        yield* p.sys.kill(child, 9);
        return 0;
      },
      { sleeper },
    );
    expect(output).toBe(`${-EPERM} ${-EPERM} ${-ESRCH}`);
  });

  test("of another user's process is EPERM without CAP_SYS_PTRACE", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("sleeper"));
        yield* p.sys.setuid(1000);
        yield* p.print(String(yield* p.sys.ptrace(PTRACE_ATTACH, child)));
        return 0;
      },
      { sleeper },
    );
    expect(output).toBe(String(-EPERM));
  });
});

describe("PTRACE_SYSCALL", () => {
  test("stops at entry and exit, marked by TRACESYSGOOD, and the arguments and result are there to read", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* wait(p, child);
        yield* p.sys.ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD);
        const stops: string[] = [];
        for (let i = 0; i < 3; i++) {
          yield* p.sys.ptrace(PTRACE_SYSCALL, child, 0, 0);
          const status = yield* wait(p, child);
          const regs = yield* p.sys.ptraceRegisters(child);
          if (typeof regs === "number") return 1;
          const view = new DataView(regs.buffer, regs.byteOffset);
          const reg = (n: number): number => Number(view.getBigInt64(n * 8, true));
          stops.push(`${status} nr=${reg(17)} a0=${reg(10)}`);
        }
        yield* p.print(stops.join("\n"));
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 9);
        return 0;
      },
      {
        *child(p) {
          yield* p.sys.ptrace(PTRACE_TRACEME, 0);
          yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
          yield* p.sys.umask(0o27);
          return 0;
        },
      },
    );
    const good = trap(SIGTRAP | 0x80);
    const lines = output.split("\n");
    // The stop for SIGSTOP came on kill's way out; then umask's two stops, then exit's.
    expect(lines).toContain(`${good} nr=${SYSCALL_NUMBERS.umask} a0=${0o27}`);
    expect(lines).toContain(`${good} nr=${SYSCALL_NUMBERS.umask} a0=${0o22}`);
  });

  test("a tracer that sets the number to -1 turns the call off", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* wait(p, child);
        for (;;) {
          yield* p.sys.ptrace(PTRACE_SYSCALL, child, 0, 0);
          yield* wait(p, child);
          const regs = yield* p.sys.ptraceRegisters(child);
          if (typeof regs === "number") return 1;
          const view = new DataView(regs.buffer, regs.byteOffset);
          if (Number(view.getBigInt64(17 * 8, true)) !== SYSCALL_NUMBERS.mkdirat) continue;
          view.setBigInt64(17 * 8, -1n, true);
          // riscv64 answers any number that it does not know; what stands in a0 now is lost.
          view.setBigInt64(10 * 8, -13n, true);
          yield* p.sys.ptraceSetRegisters(child, regs);
          break;
        }
        yield* p.sys.ptrace(PTRACE_DETACH, child, 0, 0);
        yield* p.sys.wait4(child);
        const made = yield* p.sys.stat("/tmp/new");
        yield* p.print(`stat ${typeof made === "number" ? made : "exists"}\n`);
        return 0;
      },
      {
        *child(p) {
          yield* p.sys.ptrace(PTRACE_TRACEME, 0);
          yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
          yield* p.print(`mkdir ${yield* p.sys.mkdir("/tmp/new")}\n`);
          return 0;
        },
      },
    );
    expect(output).toBe("mkdir -38\nstat -2\n");
  });
});

describe("signals of a tracee", () => {
  test("stop it first; CONT's data decides what is delivered", () => {
    const run = (inject: number): string =>
      onBoth(
        function* (p) {
          const child = yield* p.sys.spawn(p.entry("child"));
          yield* wait(p, child);
          yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
          yield* p.print(`${yield* wait(p, child)}\n`);
          yield* p.sys.ptrace(PTRACE_CONT, child, 0, inject);
          yield* p.print(`${yield* wait(p, child)}\n`);
          return 0;
        },
        {
          *child(p) {
            yield* p.sys.ptrace(PTRACE_TRACEME, 0);
            const self = yield* p.sys.getpid();
            yield* p.sys.kill(self, SIGSTOP);
            yield* p.sys.kill(self, SIGUSR1);
            return 3;
          },
        },
      ).output;
    expect(run(0)).toBe(`${trap(SIGUSR1)}\n0x300\n`);
    expect(run(SIGUSR1)).toBe(`${trap(SIGUSR1)}\n0xa\n`);
  });
});

describe("events", () => {
  test("TRACEFORK reports the child and traces it too, with a SIGSTOP pending", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* wait(p, child);
        yield* p.sys.ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEFORK);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
        yield* p.print(`${yield* wait(p, child)}\n`);
        yield* p.print(`${yield* wait(p, child + 1)}\n`);
        for (const pid of [child, child + 1]) yield* p.sys.ptrace(PTRACE_DETACH, pid, 0, 0);
        yield* p.print(`${yield* wait(p, child)}\n`);
        return 0;
      },
      {
        *child(p) {
          yield* p.sys.ptrace(PTRACE_TRACEME, 0);
          yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
          yield* p.sys.wait4(yield* p.sys.spawn(p.entry("grandchild")));
          return 0;
        },
        *grandchild() {
          return 0;
        },
      },
    );
    expect(output).toBe(`${trap(SIGTRAP | (1 << 8))}\n${trap(SIGSTOP)}\n0x0\n`);
  });

  test("TRACEEXIT stops the tracee while it is still whole", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* wait(p, child);
        yield* p.sys.ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEEXIT);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
        yield* p.print(`${yield* wait(p, child)}\n`);
        const regs = yield* p.sys.ptraceRegisters(child);
        yield* p.print(`${typeof regs === "number" ? regs : "readable"}\n`);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
        yield* p.print(`${yield* wait(p, child)}\n`);
        return 0;
      },
      {
        *child(p) {
          yield* p.sys.ptrace(PTRACE_TRACEME, 0);
          yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
          return 7;
        },
      },
    );
    expect(output).toBe(`${trap(SIGTRAP | (PTRACE_EVENT_EXIT << 8))}\nreadable\n0x700\n`);
  });
});

describe("PTRACE_SEIZE", () => {
  test("does not stop; INTERRUPT does; in group-stop LISTEN lets it hear SIGCONT", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("sleeper"));
        yield* p.sys.ptrace(PTRACE_SEIZE, child, 0, 0);
        yield* p.sys.ptrace(PTRACE_INTERRUPT, child);
        yield* p.print(`${yield* wait(p, child)}\n`);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
        yield* p.sys.kill(child, SIGSTOP);
        yield* p.print(`${yield* wait(p, child)}\n`);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, SIGSTOP);
        yield* p.print(`${yield* wait(p, child)}\n`);
        yield* p.print(`${yield* p.sys.ptrace(PTRACE_LISTEN, child)}\n`);
        yield* p.sys.kill(child, SIGCONT);
        yield* p.print(`${yield* wait(p, child)}\n`);
        yield* p.sys.kill(child, 9);
        return 0;
      },
      { sleeper },
    );
    const stop = PTRACE_EVENT_STOP << 8;
    expect(output).toBe(
      [
        trap(SIGTRAP | stop),
        trap(SIGSTOP),
        trap(SIGSTOP | stop),
        "0",
        trap(SIGTRAP | stop),
        "",
      ].join("\n"),
    );
  });
});

describe("memory", () => {
  test("POKEDATA writes what PEEKDATA reads, in the tracee's space and not the tracer's", () => {
    const { output } = onBoth(
      function* (p) {
        const address = yield* p.sys.alloc(4096);
        p.mem.store64(address, 1);
        const child = yield* p.sys.spawn(p.entry("child"), address);
        yield* wait(p, child);
        yield* p.sys.ptrace(PTRACE_POKEDATA, child, address, 42);
        yield* p.sys.ptrace(PTRACE_PEEKDATA, child, address, address + 8);
        yield* p.print(`${p.mem.load64(address)} ${p.mem.load64(address + 8)} `);
        yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
        yield* p.print(`${yield* wait(p, child)}\n`);
        return 0;
      },
      {
        *child(p) {
          yield* p.sys.ptrace(PTRACE_TRACEME, 0);
          yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
          return p.mem.load64(p.arg);
        },
      },
    );
    expect(output).toBe(`1 42 0x${(42 << 8).toString(16)}\n`);
  });
});

describe("PTRACE_KILL", () => {
  test("does nothing to a tracee that is not stopped, and says 0", () => {
    const { output } = onBoth(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("sleeper"));
        yield* p.sys.ptrace(PTRACE_SEIZE, child, 0, 0);
        yield* p.print(`${yield* p.sys.ptrace(PTRACE_KILL, child)} `);
        const found = yield* p.sys.wait4(child, 1);
        yield* p.print(typeof found === "number" ? String(found) : `pid ${found.pid}`);
        yield* p.sys.kill(child, 9);
        return 0;
      },
      { sleeper },
    );
    expect(output).toBe("0 pid 0");
  });
});
