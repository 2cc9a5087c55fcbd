/** The matrix with results of earlier runs. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

let home: string;
let desk: Desk;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "quicksand-"));
  desk = new Desk(home);
});
afterAll(() => {
  desk.clear();
  rmSync(home, { recursive: true });
});

const results = (): readonly string[] =>
  readdirSync(join(home, "quicksand", "results"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const MATRIX = ["matrix", "--json", "--tracer", "openwatch", "--release", "v6.16"] as const;

test("is the same from kept results, from some, from damaged ones, and without any", () => {
  const fresh = desk.run(...MATRIX, "--no-cache");
  expect(fresh).toMatchObject({ status: 0, err: "" });
  const first = desk.run(...MATRIX);
  expect(first).toEqual(fresh);
  const kept = results();
  expect(kept.length).toBeGreaterThan(4);
  expect(desk.run(...MATRIX)).toEqual(fresh);
  expect(results()).toEqual(kept);

  // As an interrupted run leaves it.
  for (const file of kept.slice(5)) rmSync(file);
  expect(desk.run(...MATRIX)).toEqual(fresh);

  for (const file of results()) writeFileSync(file, "rubbish");
  const mended = desk.run(...MATRIX);
  expect([mended.status, mended.out]).toEqual([0, fresh.out]);
  expect(mended.err).toMatch(/^quicksand: .*is damaged: its result is made anew\n/);
  expect(desk.run(...MATRIX)).toEqual(fresh);
});

test("a learner's tracer is run again when it was changed, and only then", () => {
  desk.run("new", "tracer", "mine");
  const run = (): string => desk.run("run", "--tracer", "./mine").out;
  expect(run()).toContain("3 tasks ended");
  const before = results();
  expect(run()).toContain("3 tasks ended");
  expect(results()).toEqual(before);
  desk.edit("mine/mine.ts", "tasks ended", "tasks are gone");
  expect(run()).toContain("3 tasks are gone");
  desk.edit("mine/tracer.ts", "tasks ended", "tasks are gone");
  expect(run()).toContain(": works");
});
