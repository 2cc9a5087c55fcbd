/**
 * The patch tool of the kernel tree: `npm run tree -- list|edit|refresh|rebase|kabi|lock|check|checkout`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeFiles } from "../src/tracers/tree/apply-patch.ts";
import { applyPatchFile } from "../src/tracers/tree/apply-patch.ts";
import {
  findRelease,
  readHistory,
  type TreeHistory,
  type TreeSource,
} from "../src/tracers/tree/history.ts";
import { KABI_FILE, renewKabi } from "../src/tracers/tree/kabi.ts";
import { type PatchFile, type PatchWords, readPatchFile } from "../src/tracers/tree/patch-file.ts";
import { sideOfTree } from "../src/tracers/tree/release-diff.ts";
import { releaseName } from "../src/tracers/tree/release-name.ts";
import { readSeries, type Series } from "../src/tracers/tree/series.ts";
import type { TreeDiagnostic, TreeResult } from "../src/tracers/tree/tree-error.ts";
import { historyText } from "../src/ui/export/tree-log.ts";
import { makeImageBuilder } from "../src/ui/host/image-store.ts";
import { writeCheckout } from "../src/ui/host/tree-files.ts";
import {
  applyLoosely,
  openScratch,
  patchInScratch,
  SCRATCH,
  scratchPatch,
} from "./tree-scratch.ts";
import { checkLock, formatTreeError, lockText, readTreeSource, TREE_ROOT } from "./tree-source.ts";

const LOCK = join(TREE_ROOT, "series.lock");

const USAGE = `npm run tree -- COMMAND
  list                   branches, releases and patches
  check                  does every patch apply to the letter, is every tag as locked?
  edit NNNN              open a scratch git repository at a patch (one that a series names)
  refresh                write the scratch repository back as its patch
  rebase                 write every patch anew that slid or no longer fits
  kabi                   write the checksums of every Module.kabi anew: promises are broken by that
  lock                   write series.lock
  checkout RELEASE DIR   write a release's tree into a new folder`;

/** An answer for the person at the terminal, and not for a stack trace. */
class Refusal extends Error {}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function refuse(error: TreeDiagnostic): never {
  throw new Refusal(formatTreeError(error));
}

function take<T>(result: TreeResult<T>): T {
  return result.ok ? result.value : refuse(result.error);
}

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

/** A place in a series: the tree there, as far as patches before it fit. */
interface Place {
  readonly name: string;
  readonly before: TreeFiles;
}

function allSeries(source: TreeSource): readonly Series[] {
  const all = Object.entries(source.series).flatMap(([name, text]) => take(readSeries(name, text)));
  return all.sort((a, b) => Number(a.from !== undefined) - Number(b.from !== undefined));
}

/** Walks every series and calls `visit` once for each patch; it answers the tree after it. */
function walk(source: TreeSource, visit: (place: Place) => TreeFiles): void {
  const tags = new Map<string, TreeFiles>();
  const done = new Set<string>();
  for (const series of allSeries(source)) {
    const { from } = series;
    let files = from === undefined ? source.base : (tags.get(`${from.branch} ${from.tag}`) ?? {});
    for (const step of series.steps) {
      if (step.kind === "tag") {
        tags.set(`${series.branch} ${step.tag}`, files);
        continue;
      }
      const seen = done.has(step.patch);
      done.add(step.patch);
      files = seen
        ? take(applyPatchFile(files, readPatch(step.patch)))
        : visit({ name: step.patch, before: files });
    }
  }
}

const patchPath = (name: string): string => join(TREE_ROOT, "patches", name);

const readPatch = (name: string): PatchFile =>
  take(readPatchFile(name, readFileSync(patchPath(name), "utf8")));

class Found extends Error {}

const NEW_PATCH: PatchWords = {
  author: "quicksand <tree@quicksand.invalid>",
  date: "Thu, 1 Jan 1970 00:00:00 +0000",
  subject: "SUBJECT",
  body: "What changes and why.",
  precedent: "P000",
  witnesses: [],
};

function edit(number: string): void {
  const source = readTreeSource();
  try {
    walk(source, ({ name, before }) => {
      const isIt = name.startsWith(`${number}-`) || name === number;
      const isNew = !existsSync(patchPath(name));
      if (isIt) {
        openScratch(name, before, isNew ? before : take(applyPatchFile(before, readPatch(name))));
        throw new Found(name);
      }
      return take(applyPatchFile(before, readPatch(name)));
    });
  } catch (thrown) {
    if (!(thrown instanceof Found)) throw thrown;
    say(`${thrown.message} is open in ${SCRATCH}: edit there, then \`npm run tree -- refresh\``);
    return;
  }
  throw new Refusal(
    `no series names a patch ${number}: add its line to src/kernel/tree/series first`,
  );
}

function wordsOf(name: string): PatchWords {
  return existsSync(patchPath(name)) ? readPatch(name) : NEW_PATCH;
}

function refresh(): void {
  const name = patchInScratch();
  if (name === undefined) throw new Refusal("no patch is open: `npm run tree -- edit NNNN` first");
  writeFileSync(patchPath(name), scratchPatch(wordsOf(name)));
  say(`wrote ${name}`);
  rebase();
}

function rebase(): void {
  walk(readTreeSource(), ({ name, before }) => {
    const patch = readPatch(name);
    const after = applyPatchFile(before, patch);
    if (after.ok) return after.value;
    openScratch(name, before, before);
    const deleted = patch.files.filter(({ kind }) => kind === "delete").map(({ path }) => path);
    if (!applyLoosely(readFileSync(patchPath(name), "utf8"), deleted)) {
      const place = formatTreeError(after.error);
      throw new Refusal(
        `${place}\nmend the .rej files in ${SCRATCH}, then \`npm run tree -- refresh\``,
      );
    }
    writeFileSync(patchPath(name), scratchPatch(patch));
    say(`rebased ${name}`);
    return take(applyPatchFile(before, readPatch(name)));
  });
}

function kabi(): void {
  const { kbuild } = makeImageBuilder();
  walk(readTreeSource(), ({ name, before }) => {
    const patch = readPatch(name);
    const after = take(applyPatchFile(before, patch));
    const list = after[KABI_FILE];
    if (list === undefined || list === before[KABI_FILE]) return after;
    const renewed = { ...after, [KABI_FILE]: renewKabi(list, sideOfTree(kbuild, after).exports) };
    if (renewed[KABI_FILE] === list) return after;
    openScratch(name, before, renewed);
    writeFileSync(patchPath(name), scratchPatch(patch));
    say(`rewrote ${name}`);
    return renewed;
  });
}

function lock(): void {
  const all = history();
  writeFileSync(LOCK, lockText(all));
  say(`locked ${all.releases.length} releases`);
}

function run(args: readonly string[]): void {
  const [command, first, second] = args;
  if (command === "list") list();
  else if (command === "check") check();
  else if (command === "edit" && first !== undefined) edit(first);
  else if (command === "refresh") refresh();
  else if (command === "rebase") rebase();
  else if (command === "kabi") kabi();
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
