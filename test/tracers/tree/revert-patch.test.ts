import { expect, test } from "vitest";
import { applyPatchFile } from "../../../src/tracers/tree/apply-patch.ts";
import { type PatchFile, readDiff } from "../../../src/tracers/tree/patch-file.ts";
import { revertPatchFile } from "../../../src/tracers/tree/revert-patch.ts";
import { treeHistory } from "../../support/images.ts";

function patchOf(diff: string): PatchFile {
  const read = readDiff("a.patch", diff);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const CHANGE = patchOf("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n");

test("every patch of the history can be taken back from the tree that it made", () => {
  for (const { steps } of treeHistory().branches)
    for (const { patch, before, after } of steps)
      expect(revertPatchFile(after, patch)).toEqual({ ok: true, value: before });
});

test("a hunk is found where it has slid to, and where the context around it has changed", () => {
  expect(revertPatchFile({ x: "zero\none\nTWO\nthree\n" }, CHANGE)).toEqual({
    ok: true,
    value: { x: "zero\none\ntwo\nthree\n" },
  });
  expect(revertPatchFile({ x: "eins\nTWO\ndrei\n" }, CHANGE)).toEqual({
    ok: true,
    value: { x: "eins\ntwo\ndrei\n" },
  });
});

test("lines that were changed again are not guessed at, nor those that stand there twice", () => {
  expect(revertPatchFile({ x: "one\nDEUX\nthree\n" }, CHANGE)).toMatchObject({ ok: false });
  expect(revertPatchFile({ x: "TWO\nTWO\n" }, CHANGE)).toMatchObject({ ok: false });
});

test("what a patch made goes, and what it deleted comes back", () => {
  const files = { old: "o\n" };
  const patch = patchOf(
    "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+n\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-o\n",
  );
  const after = applyPatchFile(files, patch);
  expect(after).toEqual({ ok: true, value: { new: "n\n" } });
  expect(after.ok && revertPatchFile(after.value, patch)).toEqual({ ok: true, value: files });
  expect(revertPatchFile({ new: "more\n" }, patch)).toMatchObject({ ok: false });
});
