/**
 * Applying a patch to a tree, to the letter: a hunk fits at its stated line or not at all. The
 * patch tools that look around for a place would hide a history that no longer fits itself.
 */
import type { FileChange, Hunk, PatchFile } from "./patch-file.ts";
import { done, failed, type TreeResult } from "./tree-error.ts";

/** A source tree: path to text. */
export type TreeFiles = Readonly<Record<string, string>>;

/** Index at which the hunk's old lines stand, searched over the whole file; -1 if nowhere. */
function findOldLines(lines: readonly string[], old: readonly string[]): number {
  for (let at = 0; at + old.length <= lines.length; at++) {
    if (old.every((line, index) => lines[at + index] === line)) return at;
  }
  return -1;
}

function misfit(
  patch: PatchFile,
  path: string,
  hunk: Hunk,
  lines: readonly string[],
): TreeResult<never> {
  const old = oldLinesOf(hunk);
  const found = findOldLines(lines, old);
  if (found >= 0) {
    const message = `the hunk for ${path} says line ${hunk.oldStart}, but its text is at line ${found + 1}`;
    return failed("hunkSlid", patch.name, hunk.line, message);
  }
  const at = old.findIndex((line, index) => lines[hunk.oldStart - 1 + index] !== line);
  const seen = lines[hunk.oldStart - 1 + at];
  const message =
    `the hunk for ${path} does not apply: line ${hunk.oldStart + at} should be ` +
    `\`${old[at] ?? ""}\`, and is ${seen === undefined ? "past the end" : `\`${seen}\``}`;
  return failed("hunkFails", patch.name, hunk.line, message);
}

const oldLinesOf = (hunk: Hunk): string[] =>
  hunk.lines.filter((line) => line[0] === " " || line[0] === "-").map((line) => line.slice(1));

const newLinesOf = (hunk: Hunk): string[] =>
  hunk.lines.filter((line) => line[0] === " " || line[0] === "+").map((line) => line.slice(1));

function changeText(patch: PatchFile, change: FileChange, text: string): TreeResult<string> {
  const lines = text.split("\n");
  const result: string[] = [];
  let taken = 0;
  for (const hunk of change.hunks) {
    const old = oldLinesOf(hunk);
    // A hunk without old lines states the line after which it goes.
    const at = old.length === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const fits = at >= taken && old.every((line, index) => lines[at + index] === line);
    if (!fits) return misfit(patch, change.path, hunk, lines);
    result.push(...lines.slice(taken, at), ...newLinesOf(hunk));
    taken = at + old.length;
  }
  result.push(...lines.slice(taken));
  return done(result.join("\n"));
}

function applyChange(
  patch: PatchFile,
  change: FileChange,
  files: Record<string, string>,
): TreeResult<undefined> {
  const old = files[change.path];
  const line = change.hunks[0]?.line ?? 0;
  if (change.kind === "create") {
    if (old !== undefined) {
      return failed("fileExists", patch.name, line, `${change.path} is created, but exists`);
    }
    files[change.path] = `${change.hunks.flatMap(newLinesOf).join("\n")}\n`;
    return done(undefined);
  }
  if (old === undefined) {
    return failed("missingFile", patch.name, line, `there is no ${change.path} in the tree`);
  }
  const text = changeText(patch, change, old);
  if (!text.ok) return text;
  if (change.kind === "modify") {
    files[change.path] = text.value;
    return done(undefined);
  }
  if (text.value !== "") {
    const message = `${change.path} is deleted, but has text that the patch does not mention`;
    return failed("hunkFails", patch.name, line, message);
  }
  delete files[change.path];
  return done(undefined);
}

/** The tree after the patch; the given tree is left as it is. */
export function applyPatchFile(files: TreeFiles, patch: PatchFile): TreeResult<TreeFiles> {
  const after = { ...files };
  for (const change of patch.files) {
    const result = applyChange(patch, change, after);
    if (!result.ok) return result;
  }
  return done(after);
}
