import { expect, test } from "vitest";
import { boot, type Machine } from "#kernel";
import { defineProgram } from "#userland";
import { rowName } from "../../../src/kernel/port/context.ts";
import { ROWS_TASK } from "../../../src/kernel/port/rows-task.ts";
import { HOOK } from "../../../src/kernel/port/sites.ts";
import { imageOf } from "../../support/images.ts";

const init = defineProgram("init", function* (p) {
  if (p.argv.length === 1) yield* p.sys.execve("/sbin/init", ["init", "a", "b"], ["X=1", "Y=2"]);
  yield* p.sys.reboot(0x4321fedc);
  return 0;
});

function bootWith(prepare: (machine: Machine) => void): Machine {
  const machine = boot({
    image: imageOf("v2.6.32"),
    seed: 1,
    root: { "/sbin/init": init },
    // biome-ignore lint/security/noGlobalEval: tests stand in for the host's compartment.
    evaluate: (source) => globalThis.eval(source) as unknown,
  });
  machine.log.keep();
  prepare(machine);
  machine.slice({ untilNs: 1e10, eventsMax: 100_000, atInput: false });
  return machine;
}

test("an exec tells how many arguments and variables the new program got", () => {
  const seen: (readonly (number | undefined)[])[] = [];
  bootWith(({ release: { port } }) => {
    const plain = (_name?: number, argc?: number, envc?: number): number => {
      seen.push([argc, envc]);
      return 0;
    };
    const { address } = port.text.add("spy", "", { plain, gen: undefined });
    port.sites[HOOK.EXEC] = port.text.find(address);
  });
  expect(seen).toEqual([
    [1, 3],
    [3, 2],
  ]);
});

test("a probe that is taken off by code that no longer knows whose it was has its owner all the same", () => {
  const machine = bootWith(({ release: { port } }) => {
    const { address } = port.text.add("on_event", "spy", { plain: () => 0, gen: undefined });
    const what = port.mem.alloc(16, "test");
    port.mem.writeCString(what, "utrace", 16);
    const row = (name: string) => ROWS_TASK.find((each) => rowName(each) === name);
    row("note_probe")?.plain(port, 0, 0x1234, what, address);
    row("note_unprobe")?.plain(port, 0, 0x1234, what, 0);
  });
  const owners = machine.log.events.flatMap((event) =>
    event.kind === "probe-attach" || event.kind === "probe-detach" ? [event.owner] : [],
  );
  expect(owners).toEqual(["spy", "spy"]);
});
