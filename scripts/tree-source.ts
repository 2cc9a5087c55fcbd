/**
 * The kernel tree on disk: reading it, hashing it, and the lock file that says what each tag hashes
 * to. What the text means is `src/tracers/tree`.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TreeFiles } from "../src/tracers/tree/apply-patch.ts";
import type { TreeHistory, TreeSource } from "../src/tracers/tree/history.ts";
import {
  done,
  failed,
  type TreeDiagnostic,
  type TreeResult,
} from "../src/tracers/tree/tree-error.ts";

export const TREE_ROOT: string = fileURLToPath(new URL("../src/kernel/tree", import.meta.url));

function readFolder(root: string): TreeFiles {
  const files: Record<string, string> = {};
  if (!existsSync(root)) return files;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(root.length + 1).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function readTreeSource(root: string = TREE_ROOT): TreeSource {
  const [base, patches, series] = ["base", "patches", "series"].map((name) =>
    readFolder(join(root, name)),
  );
  return { base: base ?? {}, patches: patches ?? {}, series: series ?? {} };
}

/** A tree's own hash: over paths and texts, whatever git thinks of them. */
export function hashTree(files: TreeFiles): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).sort()) {
    const text = files[path] ?? "";
    hash.update(`${path}\0${Buffer.byteLength(text)}\0${text}`);
  }
  return hash.digest("hex");
}

/** The text of series.lock: branch, tag, hash. */
export function lockText(history: TreeHistory): string {
  const lines = history.releases.map(
    ({ branch, tag, files }) => `${branch} ${tag} ${hashTree(files)}`,
  );
  return ["# Written by `npm run tree -- lock`: the tree of each tag.", ...lines, ""].join("\n");
}

/** Does every tag still hash to what the lock says? */
export function checkLock(history: TreeHistory, lock: string): TreeResult<undefined> {
  const wanted = lockText(history).split("\n");
  const seen = lock.split("\n");
  const at = Math.max(wanted.length, seen.length);
  for (let index = 0; index < at; index++) {
    if (wanted[index] === seen[index]) continue;
    const [branch, tag] = (wanted[index] ?? seen[index] ?? "").split(" ");
    const message = `the tree of ${branch} ${tag} is not the one that the lock names`;
    const hint = "if the change is meant: `npm run tree -- lock`";
    return failed("lockDiffers", "series.lock", index + 1, message, hint);
  }
  return done(undefined);
}

export function formatTreeError(error: TreeDiagnostic): string {
  const folder = error.file.endsWith(".patch") ? "patches/" : "";
  const place = error.line > 0 ? `:${error.line}:${error.column}` : "";
  const file = error.file === "" ? "tree" : `src/kernel/tree/${folder}${error.file}${place}`;
  const hint = error.hint === undefined ? "" : `\n  hint: ${error.hint}`;
  return `${file}: ${error.code}: ${error.message}${hint}`;
}
