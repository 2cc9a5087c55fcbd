import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesOutput, updatedOutput } from "../../../src/ui/scenario/match-output.ts";

test("output is compared exactly", () => {
  expect(matchesOutput(["a", "b"], ["a", "b"])).toBe(true);
  expect(matchesOutput(["a"], ["a", "b"])).toBe(false);
  expect(matchesOutput(["a", "b"], ["a"])).toBe(false);
});

test("a line of three dots stands for any lines, none included", () => {
  expect(matchesOutput(["a", "...", "z"], ["a", "z"])).toBe(true);
  expect(matchesOutput(["a", "...", "z"], ["a", "z", "b", "z"])).toBe(true);
  expect(matchesOutput(["...", "b", "...", "d"], ["a", "b", "c", "b", "d"])).toBe(true);
  expect(matchesOutput(["...", "b"], ["a"])).toBe(false);
  expect(matchesOutput(["..."], [])).toBe(true);
});

test("two dots in brackets stand for any text of one line", () => {
  expect(matchesOutput(["pid [..] of (x)"], ["pid 12 of (x)"])).toBe(true);
  expect(matchesOutput(["pid [..]"], ["pod 12"])).toBe(false);
});

test("whatever a command prints, the updated expectation matches it", () => {
  const line = fc.oneof(
    fc.constantFrom("...", "$ a", "# b", "? 1", "> c", "```", "[..]", ""),
    fc.string({ maxLength: 6 }).map((s) => s.replace(/[\n\r]/g, "").trimEnd()),
  );
  const lines = fc.array(line, { maxLength: 8 });
  fc.assert(
    fc.property(lines, lines, (before, actual) => {
      const updated = updatedOutput(before, actual);
      expect(matchesOutput(updated, actual)).toBe(true);
    }),
  );
});

test("characters that no editor shows are elided when an expectation is written", () => {
  expect(updatedOutput([], ["pid 0 \u0001\u0002 x"])).toEqual(["pid 0 [..] x"]);
});
