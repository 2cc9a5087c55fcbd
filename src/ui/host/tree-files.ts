/**
 * The kernel tree as files: the history that quicksand comes with, and a learner's checkout. A
 * checkout is a folder with a release's files and `.quicksand`, which says what they were taken from.
 *
 * What the files mean is `src/tracers/tree`. Left out: symbolic links, which are not followed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  done,
  failed,
  isConfigFile,
  KABI_FILE,
  type PatchFile,
  type TreeFiles,
  type TreeRelease,
  type TreeResult,
  type TreeSource,
} from "#tracers";

function readFolder(root: string, wanted: (path: string) => boolean): TreeFiles {
  const files: Record<string, string> = {};
  if (!existsSync(root)) return files;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(root.length + 1).replaceAll("\\", "/");
    if (wanted(path)) files[path] = readFileSync(file, "utf8");
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `base`, `patches` and `series` of the folder `root`. */
export function readTreeSource(root: string): TreeSource {
  const read = (name: string): TreeFiles => readFolder(join(root, name), () => true);
  return { base: read("base"), patches: read("patches"), series: read("series") };
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

export function writeTree(dir: string, files: TreeFiles): void {
  for (const [path, text] of Object.entries(files)) {
    const target = join(dir, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

const ORIGIN_FILE = ".quicksand";
/** What setlocalversion adds to the version of a tree that is no release. */
const EDITED = "+";
const ORIGIN = /^(\S+) (\S+) (\S+)$/;

/** Fills a new or empty folder with a release's tree. */
export function writeCheckout(
  dir: string,
  release: TreeRelease,
  files: TreeFiles,
): TreeResult<undefined> {
  const { branch, tag, version } = release;
  try {
    if (existsSync(dir) && readdirSync(dir).length > 0)
      return failed("badFolder", dir, 0, "the folder is there, and is not empty");
    makeFolder(dir);
    writeTree(dir, { ...files, [ORIGIN_FILE]: `${branch} ${tag} ${version}\n` });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failed("badFolder", dir, 0, `the tree cannot be written there: ${code}`);
  }
  return done(undefined);
}

/** Node's own way of making parents, too, never ends below /proc. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  mkdirSync(dir);
}

/** What an editor or git leaves in a folder is not part of the tree. */
const isSource = (path: string): boolean =>
  isConfigFile(path) || path === KABI_FILE || (path.endsWith(".ts") && !/(^|\/)\./.test(path));

/** A learner's tree as the release that it would be: that of its origin, with a `+`. */
export function readCheckout(dir: string): TreeResult<TreeRelease> {
  const file = join(dir, ORIGIN_FILE);
  const hint = "`quicksand tree checkout RELEASE DIR` makes one";
  if (!existsSync(file))
    return failed("badFolder", dir, 0, "is not a tree that was checked out", hint);
  const [, branch, tag, version] = ORIGIN.exec(readFileSync(file, "utf8").trim()) ?? [];
  if (branch === undefined || tag === undefined || version === undefined)
    return failed("badFolder", file, 1, "should say BRANCH TAG VERSION", hint);
  const patches: readonly PatchFile[] = [];
  const files = readFolder(dir.replace(/\/+$/, ""), isSource);
  if (files["config"] === undefined)
    return failed("badFolder", join(dir, "config"), 0, "is not there: a tree's options are in it");
  return done({ branch, tag, version, localVersion: EDITED, files, patches });
}
