import { expect, it } from "vitest";
import type { StepResult } from "../../../src/ui/scenario/steps.ts";
import type { Page } from "../../../src/ui/tui/model/pages.ts";
import { sourceText } from "../../../src/ui/tui/panes/source-lines.ts";

const WIDTH = 30;

const PATCH = [
  "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001",
  "From: quicksand <tree@quicksand.invalid>",
  "Date: Mon, 23 Nov 2026 23:48:00 +0000",
  "Subject: [PATCH] sched: rename a field",
  "",
  "Too much code set the field",
  "without a helper.",
  "",
  "Precedent: P074",
  "---",
  "diff --git a/sched.ts b/sched.ts",
  "@@ -1,2 +1,2 @@",
  "-  state: long;",
  "+  __state: unsigned_int;",
];

function textOf(kind: "patch" | "source", expected: readonly string[], actual: readonly string[]) {
  const lines = { start: 1, end: 1 };
  const block = { kind, name: "0004", release: undefined, expected, lines } as const;
  const page: Page = {
    ...{ markdown: "", block, firstStep: 0, endStep: 1 },
    ...{ reveals: undefined, askedOn: -1 },
  };
  const { lines: shown, anchor } = sourceText(page, [{ actual } as StepResult], WIDTH);
  return { anchor, shown: shown.map((line) => line.map((span) => span.text).join("")) };
}

it("a patch's message reads as prose, without what only mail needs", () => {
  const { shown } = textOf("patch", ["..."], PATCH);
  expect(shown.slice(0, 7)).toEqual([
    "sched: rename a field",
    "",
    "Too much code set the field",
    "without a helper.",
    "",
    "Precedent: P074",
    "---",
  ]);
});

it("the pane starts at the lines that the scenario has picked", () => {
  const { shown, anchor } = textOf("patch", ["...", "+  __state: unsigned_int;"], PATCH);
  expect(shown.slice(anchor)).toEqual(["-  state: long;", "+  __state: unsigned_int;"]);
  const file = Array.from({ length: 50 }, (_, line) => `line ${line}`);
  expect(textOf("source", ["...", "line 40", "..."], file).anchor).toBe(40);
});

it("what is too long for the pane goes on in the next line", () => {
  const long = "export const UTRACE_RESUME_MAX = 7; // and more";
  expect(textOf("source", [long], [long]).shown).toEqual([
    "export const UTRACE_RESUME_MAX",
    "     = 7; // and more",
  ]);
});
