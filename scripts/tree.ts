/**
 * The patch tool of the kernel tree: `npm run tree -- list|edit|refresh|rebase|kabi|lock|check|checkout`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRelease, readHistory, type TreeHistory } from "../src/tracers/tree/history.ts";
import { releaseName } from "../src/tracers/tree/release-name.ts";
import { historyText } from "../src/ui/export/tree-log.ts";
import { writeCheckout } from "../src/ui/host/tree-files.ts";
import { Refusal, TreeEditor, take } from "./tree-editor.ts";
import { checkLock, lockText, readTreeSource, TREE_ROOT } from "./tree-source.ts";

const LOCK = join(TREE_ROOT, "series.lock");

const USAGE = `npm run tree -- COMMAND
  list                   branches, releases and patches
  check                  does every patch apply to the letter, is every tag as locked?
  edit NNNN              open a scratch git repository at a patch (one that a series names)
  refresh [NNNN]         write the scratch repository back as its patch, and remove it
  rebase                 write every patch anew that slid or no longer fits
  kabi                   write the checksums of every Module.kabi anew: promises are broken by that
  lock                   write series.lock
  checkout RELEASE DIR   write a release's tree into a new folder`;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const history = (): TreeHistory => take(readHistory(readTreeSource()));

function list(): void {
  for (const line of historyText(history())) say(line);
}

function check(): void {
  const all = history();
  const lock = existsSync(LOCK) ? readFileSync(LOCK, "utf8") : "";
  take(checkLock(all, lock));
  const patches = new Set(
    all.branches.flatMap(({ steps }) => steps.map((step) => step.patch.name)),
  );
  const stray = Object.keys(readTreeSource().patches).filter((name) => !patches.has(name));
  if (stray.length > 0) throw new Refusal(`no series names ${stray.join(", ")}`);
  say(`${patches.size} patches apply, ${all.releases.length} releases are as locked`);
}

function checkout(name: string, dir: string): void {
  const release = take(findRelease(history(), name));
  take(writeCheckout(dir, release, release.files));
  say(`${releaseName(release)}: ${Object.keys(release.files).length} files in ${dir}`);
}

function lock(): void {
  const all = history();
  writeFileSync(LOCK, lockText(all));
  say(`locked ${all.releases.length} releases`);
}

function run(args: readonly string[]): void {
  const [command, first, second] = args;
  const editor = new TreeEditor(TREE_ROOT, say);
  if (command === "list") list();
  else if (command === "check") check();
  else if (command === "edit" && first !== undefined) editor.edit(first);
  else if (command === "refresh") editor.refresh(first);
  else if (command === "rebase") editor.rebase();
  else if (command === "kabi") editor.kabi();
  else if (command === "lock") lock();
  else if (command === "checkout" && first !== undefined && second !== undefined)
    checkout(first, second);
  else throw new Refusal(USAGE);
}

try {
  run(process.argv.slice(2));
} catch (thrown) {
  if (!(thrown instanceof Refusal)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
