/**
 * Builds the release images: dist/images/index.json and a file for each release, named by a hash of
 * everything that went into it, so that a release that did not change is not built again.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as TypeScript from "typescript";
import { createKbuild } from "../src/tracers/kbuild/kbuild.ts";
import { buildImage, type ImageBuilder } from "../src/tracers/tree/build-image.ts";
import { readHistory, type TreeHistory, type TreeRelease } from "../src/tracers/tree/history.ts";
import { LOCAL_VERSION } from "../src/tracers/tree/release-name.ts";
import type { ImageIndex } from "../src/ui/host/images.ts";
import { checkLock, formatTreeError, hashTree, readTreeSource, TREE_ROOT } from "./tree-source.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = join(ROOT, "dist", "images");
const DEFAULT_TAG = "v2.6.32";

/** The code that makes an image of a tree; a change there changes every image. */
const BUILDER_FOLDERS = [
  "src/tracers/kbuild",
  "src/tracers/tree",
  "src/kernel/module",
  "src/kernel/port",
];
const BUILDER_FILES = ["src/kernel/image.ts", "src/kernel/port.ts", "package-lock.json"];

function builderHash(): string {
  const hash = createHash("sha256");
  const files = BUILDER_FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
  );
  for (const file of [...files, ...BUILDER_FILES].sort())
    hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

function fileNameOf(
  builder: string,
  { branch, tag, version, files, patches }: TreeRelease,
): string {
  const names = patches.map((patch) => patch.name);
  const identity = JSON.stringify([builder, branch, tag, version, hashTree(files), names]);
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return `${branch}-${tag}-${digest}.json`;
}

/** Whole or not at all: a reader never sees half a file. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

function fail(lines: readonly string[]): never {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(1);
}

function readTree(): TreeHistory {
  const history = readHistory(readTreeSource());
  if (!history.ok) fail([formatTreeError(history.error)]);
  const lock = checkLock(history.value, readFileSync(join(TREE_ROOT, "series.lock"), "utf8"));
  if (!lock.ok) fail([formatTreeError(lock.error)]);
  return history.value;
}

/** `typescript` is loaded only when something has to be built. */
function makeBuilder(): ImageBuilder {
  const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;
  return { ts, kbuild: createKbuild(ts) };
}

function buildAll(history: TreeHistory): ImageIndex["releases"] {
  const builderKey = builderHash();
  let builder: ImageBuilder | undefined;
  return history.releases.map((release) => {
    const file = fileNameOf(builderKey, release);
    const { branch, tag, version, patches } = release;
    if (!existsSync(join(OUT, file))) {
      builder ??= makeBuilder();
      const built = buildImage(builder, release);
      if (!built.ok) {
        fail([
          `${branch} ${tag} does not build:`,
          ...built.diagnostics.map(
            (d) => `  ${d.file}:${d.line}:${d.column}: ${d.code}: ${d.message}`,
          ),
        ]);
      }
      writeWhole(join(OUT, file), JSON.stringify(built.image));
      process.stdout.write(`built ${branch} ${tag}\n`);
    }
    const numbers = patches.map((patch) => patch.name.slice(0, 4));
    return { release: `${version}${LOCAL_VERSION}`, branch, tag, patches: numbers, file };
  });
}

const history = readTree();
mkdirSync(OUT, { recursive: true });
const releases = buildAll(history);
const defaultRelease = releases.find(({ tag }) => tag === DEFAULT_TAG)?.release ?? "";
const index: ImageIndex = {
  format: "quicksand-index 1",
  defaultRelease,
  releases,
  patches: Object.fromEntries(
    Object.entries(readTreeSource().patches).map(([name, text]) => [name.slice(0, 4), text]),
  ),
};
writeWhole(join(OUT, "index.json"), JSON.stringify(index));
const wanted = new Set(["index.json", ...releases.map(({ file }) => file)]);
for (const name of readdirSync(OUT)) if (!wanted.has(name)) rmSync(join(OUT, name));
