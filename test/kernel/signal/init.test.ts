import { describe, expect, test } from "vitest";
import {
  PTRACE_ATTACH,
  PTRACE_CONT,
  SIGKILL,
  SIGSEGV,
  SIGSTOP,
  SIGTERM,
  waitStatusSignaled,
} from "#abi";
import { runBare } from "../../support/bare-machine.ts";
import { bootGuest } from "../syscall/guest.ts";

describe("pid 1", () => {
  test.each([
    ["SIGKILL", SIGKILL],
    ["SIGTERM", SIGTERM],
    ["SIGSTOP", SIGSTOP],
  ])("does not hear a %s of its children", (_name, sig) => {
    const { output, events } = runBare(function* (p) {
      yield* p.print(`${yield* p.sys.kill(1, sig)}\n`);
      yield* p.sys.nanosleep(1000);
      return 0;
    });
    expect(output).toBe("0\n");
    expect(events.find((e) => e.kind === "panic")).toBeUndefined();
    expect(events.find((e) => e.kind === "halt")).toMatchObject({ reason: "poweroff" });
  });

  test("does not die of a SIGKILL it sends itself", () => {
    const seen: number[] = [];
    const { k } = bootAndRun(function* (g) {
      seen.push(yield* g.call("kill", 1, SIGKILL));
      seen.push(yield* g.call("getpid"));
    });
    expect(seen).toEqual([0, 1]);
    expect(k.halt?.reason).toBe("panic");
  });

  test("dies of its own fault, and the machine with it", () => {
    const { k } = bootAndRun(function* (g) {
      g.view(8, 8);
      yield* g.call("getpid");
    });
    expect(k.klog.at(-1)?.text).toBe(
      `Kernel panic - not syncing: Attempted to kill init! exitcode=0x${waitStatusSignaled(SIGSEGV, true).toString(16).padStart(8, "0")}`,
    );
  });

  test("under a tracer shows it every signal but SIGKILL, and survives them", () => {
    const { output, events } = runBare(function* (p) {
      const stops: number[] = [];
      yield* p.sys.ptrace(PTRACE_ATTACH, 1, 0, 0);
      for (const sig of [SIGKILL, SIGTERM]) {
        const stop = yield* p.sys.wait4(1);
        stops.push(typeof stop === "number" ? stop : stop.status >> 8);
        yield* p.sys.kill(1, sig);
        yield* p.sys.ptrace(PTRACE_CONT, 1, 0, sig === SIGKILL ? 0 : SIGTERM);
        if (sig === SIGKILL) yield* p.sys.kill(1, SIGTERM);
      }
      yield* p.print(`${stops.join(" ")}\n`);
      return 0;
    });
    expect(output).toBe(`${SIGSTOP} ${SIGTERM}\n`);
    expect(events.find((e) => e.kind === "panic")).toBeUndefined();
  });
});

function bootAndRun(main: Parameters<typeof bootGuest>[0]): ReturnType<typeof bootGuest> {
  const run = bootGuest(main);
  run.run();
  return run;
}
