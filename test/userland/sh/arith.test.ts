import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../../../src/userland/bin/sh/arith.ts";

const value = (text: string): number | null => evaluate(text, (name) => (name === "x" ? "5" : ""));

test("addition and comparison agree with JavaScript", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      expect(value(`${a} + ${b}`)).toBe(a + b);
      expect(value(`${a} < ${b}`)).toBe(Number(a < b));
    }),
  );
});

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["-7 / 2", -3],
  ["x + 1", 6],
  ["y", 0],
  ["1 ? 2 : 3", 2],
  ["0x10 | 1", 17],
  ["010", 8],
  ["!0 && 2", 1],
  ["", 0],
])("%s is %d", (text, expected) => {
  expect(value(text)).toBe(expected);
});

test.each(["1 +", "1 / 0", "(1", "1 2", "a$"])("%s is no expression", (text) => {
  expect(value(text)).toBeNull();
});
