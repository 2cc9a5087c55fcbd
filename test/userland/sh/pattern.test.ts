import fc from "fast-check";
import { expect, test } from "vitest";
import { matchPattern } from "../../../src/userland/bin/sh/pattern.ts";

const matches = (pattern: string, text: string): boolean =>
  matchPattern([{ text: pattern, quoted: false }], text);

test("a quoted pattern matches itself and nothing else", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (pattern, text) => {
      expect(matchPattern([{ text: pattern, quoted: true }], text)).toBe(pattern === text);
    }),
  );
});

test("no pattern makes the matcher throw", () => {
  const alphabet = fc.constantFrom(..."ab[]!^-*?\\/.{}()|&~$");
  fc.assert(
    fc.property(fc.string({ unit: alphabet }), fc.string({ unit: alphabet }), (pattern, text) => {
      expect(typeof matches(pattern, text)).toBe("boolean");
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["*.ko", "counter.ko", true],
  ["*.ko", "counter.ts", false],
  ["?", "ab", false],
  ["[a-c]x", "bx", true],
  ["[!a-c]x", "bx", false],
  ["[]]", "]", true],
  ["[abc", "[abc", true],
  ["a.c", "abc", false],
  ["[a-]", "-", true],
])("%s against %s is %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});
