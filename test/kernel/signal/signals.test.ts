import { describe, expect, test } from "vitest";
import {
  EINTR,
  SA_RESTART,
  SIG_BLOCK,
  SIG_IGN,
  SIG_UNBLOCK,
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  WCONTINUED,
  WUNTRACED,
} from "#abi";
import { runBare } from "../../support/bare-machine.ts";

describe("a signal handler", () => {
  test("runs when the signal is sent, on top of the interrupted program", () => {
    const { output } = runBare(
      function* (p) {
        yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler") });
        yield* p.sys.kill(yield* p.sys.getpid(), SIGUSR1);
        yield* p.print("main\n");
        return 0;
      },
      {
        *handler(p) {
          yield* p.print("handler\n");
          return 0;
        },
      },
    );
    expect(output).toBe("handler\nmain\n");
  });

  test("does not run while its signal is blocked, and runs once it is unblocked", () => {
    const { output } = runBare(
      function* (p) {
        yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler") });
        yield* p.sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
        yield* p.sys.kill(yield* p.sys.getpid(), SIGUSR1);
        yield* p.sys.kill(yield* p.sys.getpid(), SIGUSR1);
        yield* p.print("blocked\n");
        yield* p.sys.sigprocmask(SIG_UNBLOCK, [SIGUSR1]);
        yield* p.print("done\n");
        return 0;
      },
      {
        *handler(p) {
          yield* p.print("handler\n");
          return 0;
        },
      },
    );
    expect(output).toBe("blocked\nhandler\ndone\n");
  });

  test.each([
    ["without SA_RESTART ends a read with EINTR", 0, `handler\nread ${-EINTR}\n`],
    ["with SA_RESTART lets the read go on", SA_RESTART, "handler\nread 1\n"],
  ])("%s", (_title, flags, expected) => {
    const { output } = runBare(
      function* (p) {
        yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler"), flags });
        const fds = yield* p.sys.pipe();
        if (typeof fds === "number") return 1;
        const child = yield* p.sys.spawn(p.entry("child"), fds[1]);
        const got = yield* p.sys.read(fds[0], 1);
        yield* p.print(`read ${typeof got === "number" ? got : got.length}\n`);
        yield* p.sys.wait4(child);
        return 0;
      },
      {
        *handler(p) {
          yield* p.print("handler\n");
          return 0;
        },
        *child(p) {
          yield* p.sys.nanosleep(1e6);
          yield* p.sys.kill(yield* p.sys.getppid(), SIGUSR1);
          yield* p.sys.nanosleep(1e6);
          yield* p.sys.write(p.arg, "x");
          return 0;
        },
      },
    );
    expect(output).toBe(expected);
  });
});

describe("default actions", () => {
  test("SIGTERM kills, and the parent's wait says with what", () => {
    const { output } = runBare(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* p.sys.kill(child, SIGTERM);
        const found = yield* p.sys.wait4(child);
        yield* p.print(typeof found === "number" ? `error ${found}` : `status ${found.status}\n`);
        return 0;
      },
      {
        *child(p) {
          for (;;) yield* p.sys.nanosleep(1e9);
        },
      },
    );
    expect(output).toBe("status 15\n");
  });

  test("SIGSTOP stops until SIGCONT, and wait4 reports both with WUNTRACED and WCONTINUED", () => {
    const { output } = runBare(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        for (const sig of [SIGSTOP, SIGCONT, SIGKILL]) {
          yield* p.sys.kill(child, sig);
          const found = yield* p.sys.wait4(child, WUNTRACED | WCONTINUED);
          yield* p.print(
            typeof found === "number" ? `error ${found}\n` : `0x${found.status.toString(16)}\n`,
          );
        }
        return 0;
      },
      {
        *child(p) {
          for (;;) yield* p.sys.nanosleep(1e9);
        },
      },
    );
    expect(output).toBe("0x137f\n0xffff\n0x9\n");
  });

  test("SIGCHLD ignored on purpose reaps children by themselves, and wait4 then finds none", () => {
    const { output } = runBare(
      function* (p) {
        yield* p.sys.sigaction(SIGCHLD, { handler: SIG_IGN });
        const child = yield* p.sys.spawn(p.entry("child"));
        yield* p.print(`${yield* p.sys.wait4(child)}\n`);
        return 0;
      },
      {
        *child() {
          return 0;
        },
      },
    );
    expect(output).toBe("-10\n");
  });
});

describe("faults", () => {
  test("a load from nowhere is SIGSEGV", () => {
    const { output, events } = runBare(
      function* (p) {
        const child = yield* p.sys.spawn(p.entry("child"));
        const found = yield* p.sys.wait4(child);
        yield* p.print(typeof found === "number" ? "error" : `status ${found.status & 0x7f}\n`);
        return 0;
      },
      {
        *child(p) {
          return p.mem.load32(8);
        },
      },
    );
    expect(output).toBe("status 11\n");
    expect(events.filter((e) => e.kind === "oops")).toEqual([]);
  });

  test("a program that throws dies of SIGABRT, and the machine says what it said", () => {
    const { output, events } = runBare(
      function* (p) {
        const found = yield* p.sys.wait4(yield* p.sys.spawn(p.entry("child")));
        yield* p.print(typeof found === "number" ? "error" : `status ${found.status & 0x7f}\n`);
        return 0;
      },
      {
        *child() {
          throw new RangeError("no such luck");
        },
      },
    );
    expect(output).toBe("status 6\n");
    expect(events.flatMap((e) => (e.kind === "program-error" ? [e.text] : []))).toEqual([
      "RangeError: no such luck",
    ]);
  });
});
