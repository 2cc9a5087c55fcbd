import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SHIPPED_TRACERS } from "#tracers";
import { checkLock, readTreeSource, TREE_ROOT } from "../../../scripts/tree-source.ts";
import { treeHistory } from "../../support/images.ts";

const history = treeHistory();
const patches = [
  ...new Set(history.branches.flatMap(({ steps }) => steps.map(({ patch }) => patch))),
];

describe("the kernel tree's history", () => {
  test("has every tag's tree as series.lock says", () => {
    const lock = readFileSync(join(TREE_ROOT, "series.lock"), "utf8");
    expect(checkLock(history, lock)).toEqual({ ok: true, value: undefined });
  });

  test("is at least forty patches over twenty-four releases of three branches", () => {
    expect(patches.length).toBeGreaterThanOrEqual(40);
    expect(history.releases.length).toBeGreaterThanOrEqual(24);
    expect([...new Set(history.branches.map(({ branch }) => branch))]).toEqual([
      "mainline",
      "linux-next",
      "vendor",
    ]);
  });

  test("leaves no patch without a series", () => {
    const named = new Set(patches.map(({ name }) => name));
    expect(Object.keys(readTreeSource().patches).filter((name) => !named.has(name))).toEqual([]);
  });

  test("never touches the numbers of system calls", () => {
    const touched = patches.filter(({ files }) =>
      files.some(({ path }) => path === "include/asm/unistd.ts"),
    );
    expect(touched).toEqual([]);
  });

  test.each(patches.map((patch) => [patch.name, patch] as const))(
    "%s names a precedent, and witnesses that exist",
    (_, { precedent, witnesses }) => {
      // `P074, 5.14: what happened then`; some have no number.
      expect(precedent).toMatch(
        /^(?:(?:[PX]\d{3}, )?\d[\w.-]*: \S.{19,}|utrace R\d \(\d{4}-\d\d.*\))$/,
      );
      for (const witness of witnesses) expect(Object.keys(SHIPPED_TRACERS)).toContain(witness);
    },
  );

  test("has utrace in linux-next and with the vendor only", () => {
    const tags = history.releases
      .filter(({ files }) => files["kernel/utrace.ts"] !== undefined)
      .map(({ tag }) => tag);
    expect(tags).toEqual([
      "next-20091120",
      "next-20100111",
      "next-20100122",
      "2.6.32-19.el6",
      "2.6.32-37.el6",
      "2.6.32-44.el6",
      "2.6.32-71.el6",
      "2.6.32-131.el6",
      "2.6.32-220.el6",
      "2.6.32-279.el6",
      "2.6.32-358.el6",
    ]);
  });

  test("keeps its sources small enough to read", () => {
    const long = history.releases.flatMap(({ files }) =>
      Object.entries(files).filter(
        ([path, text]) => path !== "kernel/utrace.ts" && text.split("\n").length > 500,
      ),
    );
    expect(long).toEqual([]);
    expect(existsSync(join(TREE_ROOT, "base"))).toBe(true);
  });
});
