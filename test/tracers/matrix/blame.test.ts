import { describe, expect, test } from "vitest";
import {
  type Blame,
  Blamer,
  type Delivery,
  lineOf,
  pathBetween,
  type Reverted,
  type TreeFiles,
} from "#tracers";
import { hashTree } from "../../../src/ui/host/tree-files.ts";
import { cellParts, imageOf, openTestTrees, releaseOf, tracerOf } from "../../support/images.ts";

const trees = openTestTrees();
const { history } = trees;
const blamer = new Blamer(cellParts(1), trees);

/** Many ways pass the same trees. */
const hashes = new Map<TreeFiles, string>();
function hashOf(files: TreeFiles): string {
  const known = hashes.get(files) ?? hashTree(files);
  hashes.set(files, known);
  return known;
}

function blameFor(name: string, delivery: Delivery, tag: string): Blame | undefined {
  const search = blamer.blame({ tracer: tracerOf(name), delivery }, imageOf(tag));
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

function revertFor(name: string, delivery: Delivery, tag: string): Reverted | undefined {
  const blame = blameFor(name, delivery, tag);
  const who = { tracer: tracerOf(name), delivery };
  return blame && blamer.revert(who, imageOf(tag), blame);
}

describe("the way between two releases", () => {
  test("leads down to where the lines part, and up again", () => {
    const way = pathBetween(
      history,
      releaseOf(history, "next-20100111"),
      releaseOf(history, "v3.15"),
    );
    const told = way.map(({ patch, isTaken }) => `${isTaken ? "-" : "+"}${patch.name.slice(0, 4)}`);
    expect(told[0]).toBe("-0110");
    const { patch: last } = lineOf(history, releaseOf(history, "v3.15")).steps.at(-1) ?? {};
    expect(told.at(-1)).toBe(`+${last?.name.slice(0, 4)}`);
    expect(told.filter((step) => step.startsWith("+")).every((step) => step < "+0100")).toBe(true);
  });

  test("is that of the last patches only where two branches begin alike", () => {
    const [from, to] = [releaseOf(history, "2.6.32-19.el6"), releaseOf(history, "next-20091120")];
    const way = pathBetween(history, from, to).map(({ patch }) => patch.name.slice(0, 4));
    expect(way).toEqual(["0103", "0104"]);
  });

  test("begins and ends with the releases' own trees, and has no gap", () => {
    for (const from of history.releases)
      for (const to of history.releases) {
        const way = pathBetween(history, from, to);
        const passed = [from.files, ...way.map(({ after }) => after)].map(hashOf);
        expect(way.map(({ before }) => hashOf(before))).toEqual(passed.slice(0, -1));
        expect(passed.at(-1)).toBe(hashOf(to.files));
      }
  });

  test("a release's line begins with the trunk", () => {
    const { points } = lineOf(history, releaseOf(history, "2.6.32-37.el6"));
    expect(points.map(({ release }) => release.tag).slice(-2)).toEqual([
      "2.6.32-19.el6",
      "2.6.32-37.el6",
    ]);
    expect(points[0]?.release.branch).toBe("mainline");
  });
});

describe("which patch did it", () => {
  test.each<[string, Delivery, string, Partial<Blame>]>([
    ["vgpu", "forced", "v6.16", { patch: "0002", lastWorking: "3.5-quicksand" }],
    ["fdwatch", "rebuilt", "v6.16", { patch: "0005", lastWorking: "6.10-quicksand" }],
    ["counter", "rebuilt", "2.6.32-131.el6", { patch: "0201", isMissing: false }],
    ["counter", "rebuilt", "v5.14", { patch: "0105", isMissing: true }],
    ["counter", "forced", "v5.14", { patch: "0101", isMissing: true }],
    ["firstreport", "rebuilt", "next-20091120", { patch: "0104" }],
  ])("%s, %s, on %s: %j", (name, delivery, tag, expected) => {
    expect(blameFor(name, delivery, tag)).toMatchObject(expected);
  });

  test("nobody is to blame for what works", () => {
    expect(blameFor("strace", "installed", "v6.16")).toBeUndefined();
  });
});

describe("without that patch", () => {
  test("a tracer may work again", () => {
    expect(revertFor("counter", "rebuilt", "2.6.32-131.el6")).toMatchObject({
      kind: "run",
      cell: { verdict: "works" },
    });
  });

  test("or fall to the next one", () => {
    expect(revertFor("firstreport", "forced", "next-20091120")).toMatchObject({
      kind: "run",
      cell: { verdict: "reports wrong data" },
    });
  });

  test("or nobody knows, because later patches stand on it", () => {
    const blame = { patch: "0101", subject: "", isMissing: false, lastWorking: "" };
    const who = { tracer: tracerOf("firstreport"), delivery: "rebuilt" } as const;
    expect(blamer.revert(who, imageOf("2.6.32-71.el6"), blame)).toMatchObject({
      kind: "stuck",
      why: expect.stringMatching(/^it cannot be taken back alone: .*later patches have changed/),
    });
  });
});
