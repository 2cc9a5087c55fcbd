import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPatchFile, type TreeFiles } from "../../../src/tracers/tree/apply-patch.ts";
import { type PatchFile, readDiff, readPatchFile } from "../../../src/tracers/tree/patch-file.ts";
import type { TreeResult } from "../../../src/tracers/tree/tree-error.ts";

const HEAD = `From 0000 Mon Sep 17 00:00:00 2001
From: A <a@b>
Date: Thu, 1 Jan 2026 00:00:00 +0000
Subject: [PATCH] sched: change a thing

Because it had to be.

Precedent: P001
Witness: counter
---
`;

const DIFF = `diff --git a/kernel/a.ts b/kernel/a.ts
--- a/kernel/a.ts
+++ b/kernel/a.ts
@@ -2,3 +2,3 @@
 two
-three
+THREE
 four
`;

const A = "one\ntwo\nthree\nfour\nfive\n";

function patchOf(diff: string): PatchFile {
  const read = readPatchFile("0001-a.patch", HEAD + diff);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const apply = (files: TreeFiles, diff = DIFF): TreeResult<TreeFiles> =>
  applyPatchFile(files, patchOf(diff));

const complaint = (result: TreeResult<unknown>): string =>
  result.ok ? "" : `${result.error.file}:${result.error.line}: ${result.error.message}`;

describe("reading a patch", () => {
  test("gives subject, message, trailers and changes", () => {
    expect(patchOf(DIFF)).toMatchObject({
      subject: "sched: change a thing",
      body: "Because it had to be.",
      precedent: "P001",
      witnesses: ["counter"],
      files: [{ kind: "modify", path: "kernel/a.ts", hunks: [{ line: 14, oldStart: 2 }] }],
    });
  });

  test.each(["../../x.ts", "/etc/passwd", "kernel/../../x.ts", "..\\x.ts", "a//b.ts"])(
    "refuses one that writes %s, which is no file of the tree",
    (path) => {
      const diff = DIFF.replaceAll("kernel/a.ts", path);
      const message = `14: ${path} is no file of the tree`;
      expect(complaint(readPatchFile("0001-a.patch", HEAD + diff))).toBe(`0001-a.patch:${message}`);
      expect(complaint(readDiff("a", diff))).toContain("is no file of the tree");
    },
  );

  test("refuses one without a precedent", () => {
    const text = (HEAD + DIFF).replace("Precedent: P001\n", "");
    expect(complaint(readPatchFile("0001-a.patch", text))).toMatchInlineSnapshot(
      `"0001-a.patch:0: no \`Precedent:\` trailer: every patch names a change of Linux's own history"`,
    );
  });

  test("gives the class, and refuses one that is not known", () => {
    const text = (HEAD + DIFF).replace("Witness:", "Class: header-moved\nWitness:");
    const read = readPatchFile("0001-a.patch", text);
    expect(read.ok && read.value.breakClass).toBe("header-moved");
    const wrong = text.replace("header-moved", "header-lost");
    expect(complaint(readPatchFile("0001-a.patch", wrong))).toMatchInlineSnapshot(
      `"0001-a.patch:0: \`Class: header-lost\` is not known"`,
    );
  });

  test("refuses text that is no mail", () => {
    expect(complaint(readPatchFile("0001-a.patch", DIFF))).toMatch(/0001-a.patch:1: not a patch/);
  });

  test("refuses a hunk whose lines are not as many as it says", () => {
    const text = HEAD + DIFF.replace("-2,3 +2,3", "-2,9 +2,9");
    expect(complaint(readPatchFile("0001-a.patch", text))).toMatch(/the diff cannot be read/);
  });
});

describe("applying a patch", () => {
  test("changes what it says", () => {
    expect(apply({ "kernel/a.ts": A })).toEqual({
      ok: true,
      value: { "kernel/a.ts": "one\ntwo\nTHREE\nfour\nfive\n" },
    });
  });

  test("does not let a hunk slide, and says where its text has gone", () => {
    expect(complaint(apply({ "kernel/a.ts": `zero\n${A}` }))).toMatchInlineSnapshot(
      `"0001-a.patch:14: the hunk for kernel/a.ts says line 2, but its text is at line 3"`,
    );
  });

  test("names the line that differs when a hunk fails", () => {
    const files = { "kernel/a.ts": A.replace("three", "drei") };
    expect(complaint(apply(files))).toMatchInlineSnapshot(
      `"0001-a.patch:14: the hunk for kernel/a.ts does not apply: line 3 should be \`three\`, and is \`drei\`"`,
    );
  });

  test("says that a file is missing", () => {
    expect(complaint(apply({}))).toBe("0001-a.patch:14: there is no kernel/a.ts in the tree");
  });

  test("does not create a file that exists", () => {
    const diff = `diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+new\n`;
    expect(apply({}, diff)).toEqual({ ok: true, value: { x: "new\n" } });
    expect(complaint(apply({ x: "old\n" }, diff))).toBe(
      "0001-a.patch:15: x is created, but exists",
    );
  });

  test("deletes a file only when it says all of it", () => {
    const diff = `diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n`;
    expect(apply({ x: "old\n" }, diff)).toEqual({ ok: true, value: {} });
    expect(complaint(apply({ x: "old\nmore\n" }, diff))).toMatch(/x is deleted, but has text/);
  });

  test("turns any text into any other", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "{", "}", ""), { minLength: 1, maxLength: 30 })
      .map((lines) => `${lines.join("\n")}\n`);
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const diff = createTwoFilesPatch("a/x", "b/x", before, after);
        const git = `diff --git a/x b/x\n${diff.slice(diff.indexOf("--- "))}`.replace(
          /^--- a\/x\t$/m,
          "--- a/x",
        );
        expect(apply({ x: before }, git)).toEqual({ ok: true, value: { x: after } });
      }),
    );
  });
});
