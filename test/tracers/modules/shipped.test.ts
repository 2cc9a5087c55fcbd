import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Delivery, runOne, type Verdict } from "#tracers";
import { cellParts, imageOf, tracerOf } from "../../support/images.ts";

const verdictOf = (name: string, delivery: Delivery, tag: string, seed = 1): Verdict =>
  runOne(cellParts(seed), tracerOf(name), delivery, imageOf(tag)).verdict;

describe("what becomes of the shipped tracers", () => {
  test.each<[string, Delivery, string, Verdict]>([
    ["counter", "rebuilt", "2.6.32-71.el6", "works"],
    ["counter", "rebuilt", "next-20091120", "build fails"],
    ["counter", "rebuilt", "next-20100111", "works"],
    ["counter", "rebuilt", "next-20100128", "build fails"],
    ["counter", "prebuilt", "next-20100128", "load refused"],
    ["counter", "rebuilt", "2.6.32-131.el6", "lockup"],
    ["firstreport", "rebuilt", "2.6.32-19.el6", "works"],
    ["firstreport", "rebuilt", "2.6.32-37.el6", "works"],
    ["firstreport", "prebuilt", "2.6.32-37.el6", "misses events"],
    ["firstreport", "rebuilt", "2.6.32-44.el6", "reports wrong data"],
    ["firstreport", "prebuilt", "2.6.32-44.el6", "reports wrong data"],
    ["firstreport", "rebuilt", "2.6.32-71.el6", "build fails"],
    ["openwatch", "rebuilt", "v2.6.32", "works"],
    ["openwatch", "rebuilt", "v3.15-rc2", "build fails"],
    ["openwatch", "prebuilt", "v3.15-rc2", "load refused"],
    ["openwatch", "forced", "v3.15-rc2", "oops"],
    ["fdwatch", "rebuilt", "v3.15", "works"],
    ["fdwatch", "rebuilt", "v5.14", "works"],
    ["fdwatch", "rebuilt", "v6.13", "reports wrong data"],
    ["fdwatch", "rebuilt", "v6.16", "build fails"],
    ["vgpu", "prebuilt", "v2.6.32", "works"],
    ["vgpu", "prebuilt", "v3.15-rc2", "load refused"],
    ["vgpu", "forced", "v3.15-rc2", "reports wrong data"],
    ["vgx", "prebuilt", "v5.18", "works"],
    ["vgx", "prebuilt", "v6.10", "load refused"],
    ["secprod", "prebuilt", "v4.11", "works"],
    ["secprod", "prebuilt", "v5.7", "works"],
    ["secprod", "forced", "v5.14", "oops"],
    ["execlog", "rebuilt", "v6.8", "works"],
    ["execlog", "rebuilt", "v6.10", "attach fails"],
    ["careful", "rebuilt", "v6.16", "works"],
    ["careful", "rebuilt", "2.6.32-19.el6", "works"],
    ["uprobe", "installed", "2.6.32-71.el6", "works"],
    ["crashsuspend", "installed", "v6.16", "works"],
    ["systrace", "installed", "v2.6.32", "works"],
    ["systrace", "installed", "v6.16", "works"],
    ["systrace", "installed", "2.6.32-131.el6", "works"],
    ["proctrace", "installed", "2.6.32-19.el6", "works"],
    ["proctrace", "installed", "2.6.32-131.el6", "works"],
    ["proctrace", "installed", "next-20100111", "works"],
  ])("%s %s on %s: %s", (name, delivery, tag, verdict) => {
    expect(verdictOf(name, delivery, tag)).toBe(verdict);
  });
});

describe("a module that forgets the barrier", () => {
  const SEEDS = Array.from({ length: 100 }, (_, seed) => seed + 1);
  const outcomes = (name: string): Set<Verdict> =>
    new Set(SEEDS.map((seed) => verdictOf(name, "rebuilt", "2.6.32-71.el6", seed)));

  test("crashes in some schedules, and works in others", () => {
    expect(outcomes("hasty")).toEqual(new Set(["works", "oops"]));
  });

  test("never crashes once it waits for its callbacks", () => {
    expect(outcomes("patient")).toEqual(new Set(["works"]));
  });
});

test("the driver's binary is the one that the vendor shipped", () => {
  const { declaration, text } = tracerOf("vgpu");
  const hash = createHash("sha256").update(text).digest("hex");
  expect(declaration.house === "blob" && declaration.sha256).toBe(hash);
});
