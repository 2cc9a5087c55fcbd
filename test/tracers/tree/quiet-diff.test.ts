import ts from "typescript";
import { describe, expect, test } from "vitest";
import { defineTracer, runOne, witnessSource } from "#tracers";
import { diffPatch, diffReleases, sideOfTree } from "../../../src/tracers/tree/release-diff.ts";
import { everyNth } from "../../support/all-tests.ts";
import { cellParts, imageOf, releaseOf, testKbuild, treeHistory } from "../../support/images.ts";

const history = treeHistory();
const steps = history.branches.flatMap(({ steps: all }) => all);

/** What `diff` tells of one patch: severity, kind, name. */
function told(number: string): readonly string[] {
  const step = steps.find(({ patch }) => patch.name.startsWith(number));
  if (step === undefined) throw new Error(`no patch ${number}`);
  const changes = diffPatch(ts, testKbuild, step);
  return changes.map(({ change: { severity, kind, name } }) => `${severity} ${kind} ${name}`);
}

describe("what no header shows is told", () => {
  test.each([
    ["a member that says something else", "0011", "silent meaning-changed task_struct.utime"],
    ["a function that has no body any more", "0021", "silent function-inlined do_sys_open"],
    ["a call that is compiled in", "0031", "silent function-inlined do_execve"],
    ["an inline that now needs a GPL-only symbol", "0023", "build inline-gpl-only task_ppid_nr"],
    ["a warning that ends the build", "0018", "build warning-is-error -Wimplicit-fallthrough"],
  ])("%s: %s", (_, number, change) => {
    expect(told(number)).toContain(change);
  });

  test("but not what a member with another type says", () => {
    expect(told("0010").filter((change) => change.includes(" meaning-changed "))).toEqual([]);
  });
});

test("another configuration's options are told, and that the loader goes by some of them", () => {
  const release = releaseOf(history, "v5.14");
  const changes = diffReleases(ts, testKbuild, history, release, { ...release, config: "up" });
  const lines = changes.map(
    ({ change: { severity, kind, name, before, after }, config }) =>
      `${severity} ${kind} ${name}: ${before} -> ${after} (${config})`,
  );
  expect(lines).toMatchInlineSnapshot(`
    [
      "load vermagic-changed vermagic: SMP preempt mod_unload modversions riscv64 -> preempt mod_unload modversions riscv64 (up)",
      "silent option-changed CONFIG_HAVE_SYSCALL_TRACEPOINTS: y ->  (up)",
      "silent option-changed CONFIG_LOCALVERSION:  -> +up (up)",
      "silent option-changed CONFIG_SMP: y ->  (up)",
    ]
  `);
});

describe("the witness of what ends a build", () => {
  test.each([
    ["warning-is-error", "v5.14", "v5.17", "may fall through [-Werror=implicit-fallthrough=]"],
    ["inline-gpl-only", "v5.18", "v6.8", "rcu_read_lock"],
  ])("%s, from %s to %s", (kind, before, after, said) => {
    const [old, now] = [releaseOf(history, before), releaseOf(history, after)];
    const row = diffReleases(ts, testKbuild, history, old, now).find(
      ({ change }) => change.kind === kind,
    );
    if (row === undefined) throw new Error("no such change");
    const text = witnessSource(ts, sideOfTree(testKbuild, old.files), row.change) ?? "";
    const declaration = defineTracer({
      house: "quicksand",
      name: "witness",
      summary: "uses one thing",
      source: "witness.ts",
      home: before,
      workload: "$LOAD\n$UNLOAD",
      claim: () => [],
    });
    const [first, second] = [before, after].map((tag) =>
      runOne(cellParts(1), { declaration, text }, "rebuilt", imageOf(tag)),
    );
    expect(first?.verdict).toBe("works");
    expect(second?.verdict).toBe("build fails");
    expect(second?.evidence.buildLog.join("\n")).toContain(said);
  });
});

const breaking = steps.filter(
  ({ patch }, index) =>
    patch.breakClass !== undefined && steps.findIndex((step) => step.patch === patch) === index,
);

const asked = everyNth(breaking, 4, 0).map((step) => [step.patch.name, step] as const);
test.each(asked)("%s breaks something, and something of it is told", (_, step) => {
  const changes = diffPatch(ts, testKbuild, step);
  expect(changes.length).toBeGreaterThan(0);
  // What no generated module can show, a tracer has to.
  const isShown = changes.some(({ change }) => change.severity !== "silent");
  expect(isShown || step.patch.witnesses.length > 0).toBe(true);
});
