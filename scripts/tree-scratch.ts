/**
 * The scratch git repository in which a patch of the kernel tree is edited: its first commit is the
 * tree before the patch, everything after it is the patch.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TreeFiles } from "../src/tracers/tree/apply-patch.ts";
import { formatPatchFile, type PatchWords } from "../src/tracers/tree/patch-file.ts";
import { writeTree } from "../src/ui/host/tree-files.ts";

export const SCRATCH: string = join(tmpdir(), "quicksand-tree");
const STATE = join(SCRATCH, ".git", "quicksand-patch");
const AUTHOR = "quicksand";
const AUTHOR_MAIL = "tree@quicksand.invalid";

/** git without the user's configuration, so that a patch looks the same whoever writes it. */
function git(args: readonly string[], input?: string): string {
  return execFileSync("git", args, {
    cwd: SCRATCH,
    encoding: "utf8",
    input: input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: AUTHOR,
      GIT_AUTHOR_EMAIL: AUTHOR_MAIL,
      GIT_COMMITTER_NAME: AUTHOR,
      GIT_COMMITTER_EMAIL: AUTHOR_MAIL,
    },
  });
}

function commitAll(message: string): void {
  git(["add", "-A"]);
  git(["commit", "--quiet", "--allow-empty", "-m", message]);
}

/** Makes the repository anew: `before` in its first commit, `after` as edits on top. */
export function openScratch(patch: string, before: TreeFiles, after: TreeFiles): void {
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH, { recursive: true });
  git(["init", "--quiet", "-b", "patch"]);
  writeTree(SCRATCH, before);
  commitAll(`before ${patch}`);
  git(["tag", "before"]);
  for (const path of Object.keys(before)) {
    if (after[path] === undefined) rmSync(join(SCRATCH, path));
  }
  writeTree(SCRATCH, after);
  commitAll(patch);
  writeFileSync(STATE, patch);
}

/** The patch being edited, if a scratch repository is open. */
export function patchInScratch(): string | undefined {
  return existsSync(STATE) ? readFileSync(STATE, "utf8") : undefined;
}

/** The difference between the tree before the patch and the scratch tree as it is now. */
export function scratchDiff(): string {
  git(["add", "-A"]);
  return git([
    "diff",
    "--cached",
    "--no-color",
    "--no-ext-diff",
    "--no-renames",
    "--abbrev=12",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "before",
  ]);
}

/** The patch file that the scratch tree amounts to. */
export function scratchPatch(words: PatchWords): string {
  return formatPatchFile(words, scratchDiff());
}

/**
 * Applies the diff of `patchText` wherever its context is found, leaving `.rej` files where it is
 * not. Files that the patch deletes go whatever is in them now. True if everything found a place.
 */
export function applyLoosely(patchText: string, deleted: readonly string[]): boolean {
  for (const path of deleted) rmSync(join(SCRATCH, path), { force: true });
  const excluded = deleted.map((path) => `--exclude=${path}`);
  try {
    git(["apply", "--reject", "--recount", ...excluded, "-"], patchText);
    return true;
  } catch {
    return false;
  }
}
