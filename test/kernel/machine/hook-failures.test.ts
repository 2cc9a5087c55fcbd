import { describe, expect, test } from "vitest";
import { boot, type Machine } from "#kernel";
import { defineProgram } from "#userland";
import { kernelBug } from "../../../src/kernel/kmem/oops.ts";
import type { TreeHooks } from "../../../src/kernel/task/trace-hooks.ts";
import { EMPTY_RELEASE } from "../../support/bare-machine.ts";

const failing = (): never => {
  throw kernelBug("kernel BUG: in a hook");
};

/** pid 1 starts two children that sleep a second, and waits for them. */
const init = defineProgram(
  "init",
  function* (p) {
    const children = [yield* p.sys.spawn(p.entry("child")), yield* p.sys.spawn(p.entry("child"))];
    for (const child of children) yield* p.sys.wait4(child);
    yield* p.sys.reboot(0x4321fedc);
    return 0;
  },
  {
    *child(p) {
      yield* p.sys.nanosleep(1_000_000_000);
      return 0;
    },
  },
);

function machineWith(hooks: (machine: Machine) => Partial<TreeHooks>): Machine {
  const machine = boot({
    image: EMPTY_RELEASE,
    seed: 1,
    root: { "/sbin/init": init },
    evaluate: () => undefined,
  });
  machine.log.keep();
  machine.kernel.tree = { ...machine.kernel.tree, ...hooks(machine) };
  machine.slice({ untilNs: 1e10, eventsMax: 100_000, atInput: false });
  return machine;
}

const oopses = (machine: Machine): number =>
  machine.log.events.filter((event) => event.kind === "oops").length;

describe("a hook of the tree that fails", () => {
  test("at a switch kills the task whose turn it is, and the machine goes on", () => {
    const failed: number[] = [];
    const machine = machineWith(() => ({
      schedSwitch(_prev, next) {
        if (next.tid === 1 || failed.includes(next.tid)) return;
        failed.push(next.tid);
        failing();
      },
    }));
    expect(failed.toSorted()).toEqual([2, 3]);
    expect(oopses(machine)).toBe(2);
    expect(machine.halt?.reason).toBe("poweroff");
  });

  test("at every switch ends in a panic, once init has had its turn", () => {
    const machine = machineWith(() => ({ schedSwitch: failing }));
    expect(machine.halt?.reason).toBe("panic");
    expect(machine.kernel.klog.at(-1)?.text).toBe(
      "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009",
    );
  });

  test("while an interrupt is served, with no task to blame, is a panic", () => {
    const machine = machineWith((starting) => {
      starting.kernel.clock.alarm(500_000_000, failing);
      return {};
    });
    expect(machine.kernel.klog.at(-1)?.text).toBe(
      "Kernel panic - not syncing: Fatal exception in interrupt",
    );
    expect(oopses(machine)).toBe(1);
  });
});
