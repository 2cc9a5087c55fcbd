/**
 * Taking one patch back out of a tree that has moved on: each hunk's new text is looked for and
 * replaced by the old, as `patch -R` does. Where later patches changed the same lines, it says so.
 *
 * A hunk may have slid, and its outer lines of context may have changed (patch(1)'s fuzz); its own
 * lines have to stand as it left them, in one place only.
 */
import type { TreeFiles } from "./apply-patch.ts";
import type { FileChange, Hunk, PatchFile } from "./patch-file.ts";
import { done, failed, type TreeResult } from "./tree-error.ts";

/** Lines of context at each end that may differ. */
const FUZZ_MAX = 2;

const isContext = (line: string | undefined): boolean => line?.[0] === " ";

/** The hunk without its outer `fuzz` lines of context; undefined if it has fewer. */
function trimmed(lines: readonly string[], fuzz: number): readonly string[] | undefined {
  let [from, to] = [0, lines.length];
  for (let i = 0; i < fuzz; i++) {
    if (isContext(lines[from])) from++;
    if (isContext(lines[to - 1])) to--;
  }
  return fuzz > 0 && to - from === lines.length ? undefined : lines.slice(from, to);
}

const textOf = (lines: readonly string[], marks: string): string[] =>
  lines.filter((line) => marks.includes(line[0] ?? "")).map((line) => line.slice(1));

/** Where `wanted` stands; undefined if nowhere or in several places. */
function findOnce(lines: readonly string[], wanted: readonly string[]): number | undefined {
  const places: number[] = [];
  for (let at = 0; at + wanted.length <= lines.length; at++)
    if (wanted.every((line, index) => lines[at + index] === line)) places.push(at);
  return places.length === 1 ? places[0] : undefined;
}

/** The text without the hunk, or undefined if it no longer stands there. */
export function revertHunk(text: string, hunk: Hunk): string | undefined {
  const lines = text.split("\n");
  for (let fuzz = 0; fuzz <= FUZZ_MAX; fuzz++) {
    const part = trimmed(hunk.lines, fuzz);
    if (part === undefined) break;
    const now = textOf(part, " +");
    const at = now.length === 0 ? undefined : findOnce(lines, now);
    if (at === undefined) continue;
    lines.splice(at, now.length, ...textOf(part, " -"));
    return lines.join("\n");
  }
  return undefined;
}

function revertChange(
  patch: PatchFile,
  change: FileChange,
  files: Record<string, string>,
): TreeResult<undefined> {
  const { kind, path, hunks } = change;
  const refused = (line: number, why: string): TreeResult<undefined> =>
    failed("hunkFails", patch.name, line, `${path}: ${why}`);
  const now = files[path];
  if (kind === "delete") {
    if (now !== undefined) return refused(0, "a later patch has made it again");
    files[path] = `${hunks.flatMap((hunk) => textOf(hunk.lines, "-")).join("\n")}\n`;
    return done(undefined);
  }
  if (now === undefined) return refused(0, "a later patch has removed it");
  if (kind === "create") {
    const made = `${hunks.flatMap((hunk) => textOf(hunk.lines, "+")).join("\n")}\n`;
    if (now !== made) return refused(0, "later patches have changed what this one made");
    delete files[path];
    return done(undefined);
  }
  let text = now;
  for (const hunk of hunks) {
    const without = revertHunk(text, hunk);
    if (without === undefined)
      return refused(hunk.line, "later patches have changed what this hunk left");
    text = without;
  }
  files[path] = text;
  return done(undefined);
}

/** The tree without the patch; the given tree is left as it is. */
export function revertPatchFile(files: TreeFiles, patch: PatchFile): TreeResult<TreeFiles> {
  const after = { ...files };
  for (const change of patch.files) {
    const result = revertChange(patch, change, after);
    if (!result.ok) return result;
  }
  return done(after);
}
