/**
 * linux-next is made anew every day: a tree that is in conflict with another is left out for that day,
 * and what was built on it is refused until it is back.
 */
import { describe, expect, test } from "vitest";
import { type Delivery, runOne, type Verdict } from "#tracers";
import { readTreeSource } from "../../../scripts/tree-source.ts";
import { applyPatchFile } from "../../../src/tracers/tree/apply-patch.ts";
import { readHistory } from "../../../src/tracers/tree/history.ts";
import { hashTree } from "../../../src/ui/host/tree-files.ts";
import { cellParts, imageOf, releaseOf, tracerOf, treeHistory } from "../../support/images.ts";

const history = treeHistory();
const BEFORE = "next-20100111";
const CONFLICT = "next-20100121";
const AFTER = "next-20100122";
const parts = cellParts(1);

const utrace = releaseOf(history, "next-20091120").patches;

/** How `counter` fares, were it written for linux-next as it was before the conflict. */
function counterOn(tag: string, delivery: Delivery): { verdict: Verdict; dmesg: string } {
  const counter = tracerOf("counter");
  const declaration = { ...counter.declaration, home: BEFORE };
  const { verdict, evidence } = runOne(parts, { ...counter, declaration }, delivery, imageOf(tag));
  return { verdict, dmesg: evidence.dmesg.join("\n") };
}

describe("a day of conflict in linux-next", () => {
  test("is one on which the tracing layer does not apply: another tree was at the end of task_struct first", () => {
    const [core] = utrace;
    if (core === undefined) throw new Error("no patches");
    expect(core.name).toBe("0101-utrace-core.patch");
    const applied = applyPatchFile(releaseOf(history, CONFLICT).files, core);
    expect(applied).toMatchObject({ ok: false, error: { code: "QS2407", file: core.name } });
    if (!applied.ok) expect(applied.error.message).toContain("include/linux/sched.ts");
  });

  test("cannot be written with it: a series that merges both is refused", () => {
    const source = readTreeSource();
    const text = source.series["linux-next"] ?? "";
    const merged = text.replace(`tag ${CONFLICT}`, (tag) => `0101-utrace-core.patch\n${tag}`);
    const read = readHistory({ ...source, series: { ...source.series, "linux-next": merged } });
    expect(read).toMatchObject({ ok: false, error: { code: "QS2407" } });
  });

  test("leaves the same tree as the day on which utrace is dropped for good", () => {
    const [conflict, dropped] = [CONFLICT, "next-20100128"].map((tag) =>
      hashTree(releaseOf(history, tag).files),
    );
    expect(conflict).toBe(dropped);
  });

  test("refuses the module of the day before, built or not", () => {
    expect(counterOn(BEFORE, "rebuilt").verdict).toBe("works");
    expect(counterOn(BEFORE, "prebuilt").verdict).toBe("works");
    expect(counterOn(CONFLICT, "rebuilt").verdict).toBe("build fails");
    const { verdict, dmesg } = counterOn(CONFLICT, "prebuilt");
    expect(verdict).toBe("load refused");
    expect(dmesg).toContain("Unknown symbol utrace_attach_pid");
  });

  test("is over the day after, with the same patches again", () => {
    for (const delivery of ["rebuilt", "prebuilt"] as const)
      expect(counterOn(AFTER, delivery).verdict).toBe("works");
    const names = releaseOf(history, AFTER).patches.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(utrace.map(({ name }) => name)));
  });
});

describe("what linux-next has and mainline never takes", () => {
  const WITH_LTTNG = "next-20111205";

  test("is LTTng in the staging tree, besides utrace", () => {
    const withLttng = history.releases.filter(({ files }) =>
      Object.keys(files).some((path) => path.startsWith("drivers/staging/lttng/")),
    );
    expect(withLttng.map(({ branch, tag }) => [branch, tag])).toEqual([["linux-next", WITH_LTTNG]]);
  });

  test("a tracer in there works as long as it is there", () => {
    const verdict = runOne(parts, tracerOf("lttng"), "installed", imageOf(WITH_LTTNG)).verdict;
    expect(verdict).toBe("works");
  });

  test("costs a module that was written for it every release behind", () => {
    const fate = (tag: string, delivery: Delivery): Verdict =>
      runOne(parts, tracerOf("lttopen"), delivery, imageOf(tag)).verdict;
    expect(fate(WITH_LTTNG, "prebuilt")).toBe("works");
    for (const tag of ["next-20111222", "v3.5", "v6.16"]) {
      expect(fate(tag, "rebuilt")).toBe("build fails");
      expect(fate(tag, "prebuilt")).toBe("load refused");
      expect(fate(tag, "forced")).toBe("load refused");
    }
  });
});
