/** A vendor's stable list: what it holds together, and what it cannot see. */
import { describe, expect, test } from "vitest";
import { type Delivery, kabiSymbols, runOne, type TreeRelease, type Verdict } from "#tracers";
import {
  buildRelease,
  cellParts,
  imageOf,
  releaseOf,
  tracerOf,
  treeHistory,
} from "../../support/images.ts";

const history = treeHistory();
const UPDATES = ["2.6.32-71", "2.6.32-131", "2.6.32-220", "2.6.32-279", "2.6.32-358"].map(
  (version) => `${version}.el6`,
);

const verdictOf = (tracer: string, delivery: Delivery, release: string): Verdict =>
  runOne(cellParts(1), tracerOf(tracer), delivery, imageOf(release)).verdict;

const verdicts = (tracer: string, delivery: Delivery): readonly Verdict[] =>
  UPDATES.map((release) => verdictOf(tracer, delivery, release));

const SCHED = "include/linux/sched.ts";

/** The tag's tree with one place of a file changed. */
function edited(tag: string, path: string, before: string, after: string): TreeRelease {
  const release = releaseOf(history, tag);
  const text = release.files[path] ?? "";
  if (!text.includes(before)) throw new Error(`${path} has no ${before}`);
  return { ...release, files: { ...release.files, [path]: text.replace(before, after) } };
}

const complaints = (release: TreeRelease): readonly string[] => {
  const built = buildRelease(release);
  return built.ok ? [] : built.diagnostics.map(({ code, message }) => `${code}: ${message}`);
};

describe("with the list", () => {
  test("a module of listed symbols alone lives through every update as it was built", () => {
    for (const tracer of ["patient", "hasty"])
      expect(verdicts(tracer, "prebuilt")).toEqual(UPDATES.map(() => "works"));
  });

  test("layouts that listed symbols can see stay as they were", () => {
    const [first, ...later] = UPDATES.map((release) => imageOf(release).layouts["task_struct"]);
    const old = first?.fields.filter(({ name }) => !name.startsWith("rh_")) ?? [];
    for (const layout of later)
      for (const field of old) expect(layout?.fields).toContainEqual(field);
  });

  test("a kernel that breaks a promise does not build", () => {
    const field = "  policy: unsigned_int;\n";
    const grown = edited("2.6.32-220.el6", SCHED, field, `${field}  mood: int;\n`);
    const said = complaints(grown);
    expect(said).toContain("QS2417: kABI: get_current is on the stable list, and has changed");
    expect(said.length).toBeGreaterThan(3);
    const list = kabiSymbols(grown.files);
    expect(list).toContain("printk");
    expect(said.join("\n")).not.toContain("printk");
  });

  test("what a fix needs has to hide from the checksums, in room that is left", () => {
    const field = "  rh_reserved5: unsigned_long;\n";
    const hidden = `//#ifdef __GENKSYMS__\n${field}//#else\n  mood: u64;\n//#endif\n`;
    expect(complaints(edited("2.6.32-131.el6", SCHED, field, hidden))).toEqual([]);
  });

  test("a symbol may leave the kernel only if it never was on it", () => {
    const gone = (name: string): readonly string[] =>
      complaints(edited("2.6.32-131.el6", "kernel/printk.ts", `EXPORT_SYMBOL(${name});\n`, ""));
    expect(gone("snprintf")).toEqual([
      "QS2417: kABI: snprintf is on the stable list, and is not exported",
    ]);
    expect(gone("panic")).toEqual([]);
  });
});

describe("the list does not see", () => {
  test("that a callback has come to run under a lock", () => {
    expect(verdicts("counter", "prebuilt").slice(0, 2)).toEqual(["works", "lockup"]);
  });

  test("that room which it reserved was used by somebody else", () => {
    expect(verdicts("stash", "prebuilt").slice(0, 3)).toEqual([
      "works",
      "works",
      "reports wrong data",
    ]);
    expect(verdicts("stash", "rebuilt").slice(1, 3)).toEqual(["works", "build fails"]);
  });

  test("that a number stays the same while what it stands for changes", () => {
    expect(imageOf("2.6.32-279.el6").config["LINUX_VERSION_CODE"]).toBe(0x020620);
    expect(verdictOf("vercheck", "rebuilt", "v6.16")).toBe("works");
    expect(verdicts("vercheck", "rebuilt").slice(2, 4)).toEqual(["works", "build fails"]);
    expect(verdictOf("vercheck", "prebuilt", "2.6.32-279.el6")).toBe("works");
  });
});
