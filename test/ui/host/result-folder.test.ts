import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pruneResults, ResultFolder } from "../../../src/ui/host/result-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quicksand-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = (): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("what is put under a key is there for whoever opens the folder", () => {
  new ResultFolder(folder).put("a key", { lines: ["ä", 1], absent: undefined });
  const other = new ResultFolder(folder);
  expect(other.get("a key")).toEqual({ lines: ["ä", 1] });
  expect(other.get("another key")).toBeUndefined();
});

test.each<[string, (text: string) => string]>([
  ["cut short", (text) => text.slice(0, -1)],
  ["empty", () => ""],
  ["altered", (text) => text.replace("works", "wurks")],
  ["something else", () => '{"verdict":"works"}'],
])("a file that is %s is not trusted, and a remark tells of it once", (_title, damage) => {
  const results = new ResultFolder(folder);
  results.put("key", { verdict: "works" });
  const [file = ""] = files();
  writeFileSync(file, damage(readFileSync(file, "utf8")));
  expect(results.get("key")).toBeUndefined();
  expect(results.takeRemarks()).toEqual([`${file} is damaged: its result is made anew`]);
  expect(results.takeRemarks()).toEqual([]);
  results.put("key", { verdict: "oops" });
  expect(results.get("key")).toEqual({ verdict: "oops" });
});

test("a folder that cannot be written is told of once, and nothing is lost but time", () => {
  const blocked = join(folder, "file", "results");
  writeFileSync(join(folder, "file"), "");
  const results = new ResultFolder(blocked);
  results.put("one", 1);
  results.put("two", 2);
  expect(results.get("one")).toBeUndefined();
  expect(results.takeRemarks()).toEqual([
    expect.stringMatching(/results cannot be written \((ENOTDIR|EEXIST)\): results are not kept$/),
  ]);
});

test("the oldest go when there are many; a folder that is not there has none", () => {
  const results = new ResultFolder(folder);
  for (let i = 0; i < 12; i++) results.put(`key ${i}`, i);
  mkdirSync(join(folder, "empty"));
  pruneResults(folder, 5);
  expect(files()).toHaveLength(5);
  pruneResults(join(folder, "nowhere"), 5);
});
