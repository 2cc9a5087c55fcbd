/**
 * The repository's own kernel tree, and the lock file that says what each tag hashes to.
 */
import { fileURLToPath } from "node:url";
import type { TreeHistory, TreeSource } from "../src/tracers/tree/history.ts";
import {
  done,
  failed,
  type TreeDiagnostic,
  type TreeResult,
} from "../src/tracers/tree/tree-error.ts";
import { hashTree, readTreeSource as readSource } from "../src/ui/host/tree-files.ts";

export const TREE_ROOT: string = fileURLToPath(new URL("../src/kernel/tree", import.meta.url));

export const readTreeSource = (): TreeSource => readSource(TREE_ROOT);

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
  const advice = error.code === "QS2408" ? "run `npm run tree -- rebase`" : error.hint;
  const hint = advice === undefined ? "" : `\n  hint: ${advice}`;
  return `${file}: ${error.code}: ${error.message}${hint}`;
}
