import { expect, test } from "vitest";
import { SYSCALLS } from "#kernel";
import { DOCUMENTS, isUpToDate } from "../../scripts/documents.ts";

test.each(Object.keys(DOCUMENTS))("%s is what npm run docs writes", (file) => {
  expect(isUpToDate(file)).toBe(true);
});

test("a call that is partial or a stub says what is missing", () => {
  const silent = SYSCALLS.filter((row) => row.support !== "full" && row.note === undefined);
  expect(silent.map((row) => row.name)).toEqual([]);
});

test("no number is answered twice", () => {
  const numbers = SYSCALLS.map((row) => row.nr);
  expect(new Set(numbers).size).toBe(numbers.length);
});
