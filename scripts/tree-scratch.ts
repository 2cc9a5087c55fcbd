/**
 * The scratch git repository in which a patch of the kernel tree is edited: its first commit is the
 * tree before the patch, everything after it is the patch. Each patch of each checkout has a folder of
 * its own, so that neither two checkouts nor two patches get in each other's way.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TreeFiles } from "../src/tracers/tree/apply-patch.ts";
import { formatPatchFile, type PatchWords } from "../src/tracers/tree/patch-file.ts";
import { writeTree } from "../src/ui/host/tree-files.ts";

const AUTHOR = "quicksand";
const AUTHOR_MAIL = "tree@quicksand.invalid";
const PATCH = ".patch";

/** Where the scratch repositories of the tree in `root` are. */
function scratchHome(root: string): string {
  const checkout = createHash("sha256").update(resolve(root)).digest("hex").slice(0, 12);
  return join(tmpdir(), "quicksand-tree", checkout);
}

/** The patches of the tree in `root` that are open. */
export function openPatches(root: string): readonly string[] {
  const home = scratchHome(root);
  return existsSync(home)
    ? readdirSync(home)
        .sort()
        .map((name) => name + PATCH)
    : [];
}

export class Scratch {
  readonly patch: string;
  readonly dir: string;

  constructor(root: string, patch: string) {
    this.patch = patch;
    this.dir = join(scratchHome(root), patch.slice(0, -PATCH.length));
  }

  get isOpen(): boolean {
    return existsSync(this.dir);
  }

  /** git without the user's configuration, so that a patch looks the same whoever writes it. */
  #git(args: readonly string[], input = ""): string {
    return execFileSync("git", args, {
      cwd: this.dir,
      encoding: "utf8",
      input,
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

  #commitAll(message: string): void {
    this.#git(["add", "-A"]);
    this.#git(["commit", "--quiet", "--allow-empty", "-m", message]);
  }

  /** Makes the repository: `before` in its first commit, `after` as edits on top. */
  open(before: TreeFiles, after: TreeFiles): void {
    mkdirSync(this.dir, { recursive: true });
    this.#git(["init", "--quiet", "-b", "patch"]);
    writeTree(this.dir, before);
    this.#commitAll(`before ${this.patch}`);
    this.#git(["tag", "before"]);
    for (const path of Object.keys(before)) {
      if (after[path] === undefined) rmSync(join(this.dir, path));
    }
    writeTree(this.dir, after);
    this.#commitAll(this.patch);
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
    const home = dirname(this.dir);
    if (existsSync(home) && readdirSync(home).length === 0) rmdirSync(home);
  }

  /** The difference between the tree before the patch and the scratch tree as it is now. */
  #diff(): string {
    this.#git(["add", "-A"]);
    return this.#git([
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
  text(words: PatchWords): string {
    return formatPatchFile(words, this.#diff());
  }

  /**
   * Applies the diff of `patchText` wherever its context is found, leaving `.rej` files where it is
   * not. Files that the patch deletes go whatever is in them now. True if everything found a place.
   */
  applyLoosely(patchText: string, deleted: readonly string[]): boolean {
    for (const path of deleted) rmSync(join(this.dir, path), { force: true });
    const excluded = deleted.map((path) => `--exclude=${path}`);
    try {
      this.#git(["apply", "--reject", "--recount", ...excluded, "-"], patchText);
      return true;
    } catch {
      return false;
    }
  }
}
