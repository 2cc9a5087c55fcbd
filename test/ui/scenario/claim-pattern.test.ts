import { expect, test } from "vitest";
import type { KernelEvent } from "#kernel";
import {
  type ClaimPattern,
  formatClaimPattern,
  holds,
  parseClaimPattern,
} from "../../../src/ui/scenario/claim-pattern.ts";

const EVENTS = [
  { seq: 1, t: 0, tid: 3, kind: "printk", level: 6, text: "counter: 3 calls" },
  { seq: 2, t: 5, tid: 3, kind: "printk", level: 6, text: "counter: 4 calls" },
  { seq: 3, t: 9, tid: 0, kind: "oops", text: "Bad address", function: "f", owner: "counter" },
] as readonly KernelEvent[];

function pattern(line: string): ClaimPattern {
  const parsed = parseClaimPattern(line);
  if ("message" in parsed) throw new Error(parsed.message);
  return parsed;
}

const says = (line: string): boolean => holds(pattern(line), { events: EVENTS, output: "a b\n" });

test.each([
  ["oops", true],
  ["oops owner=counter", true],
  ["oops owner=count", false],
  ["oops owner~count tid=0", true],
  ["no oops", false],
  ["no panic", true],
  ['printk text~"3 calls"', true],
  ["printk text~calls x2", true],
  ["printk text~calls x1", false],
  ['output "a b"', true],
  ["no output c", true],
])("%s: %s", (line, expected) => {
  expect(says(line)).toBe(expected);
});

test("a claim is printed as it was written", () => {
  for (const line of ["no oops owner=counter", 'printk text~"3 calls" x2', 'output "a b"'])
    expect(formatClaimPattern(pattern(line))).toBe(line);
});

test.each([
  ["", "an empty claim"],
  ["opps", '"opps" is no kind of event'],
  ["oops owner", '"owner" is neither FIELD=VALUE, FIELD~TEXT nor xCOUNT'],
  ["oops colour=red", 'oops events have no field "colour"'],
  ["output", "output needs a text"],
])("%j is refused: %s", (line, message) => {
  expect(parseClaimPattern(line)).toMatchObject({ message });
});
