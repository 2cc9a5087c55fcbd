/**
 * Builds the release images: dist/images/index.json and a file for each release, named by a hash of
 * everything that went into it, so that a release that did not change is not built again.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildImage, type ImageBuilder } from "../src/tracers/tree/build-image.ts";
import { readHistory, type TreeHistory } from "../src/tracers/tree/history.ts";
import { releaseName, withConfig } from "../src/tracers/tree/release-name.ts";
import { imageFileName, makeImageBuilder, writeImageFile } from "../src/ui/host/image-store.ts";
import type { ImageIndex } from "../src/ui/host/images.ts";
import { checkLock, formatTreeError, readTreeSource, TREE_ROOT } from "./tree-source.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = join(ROOT, "dist", "images");
const DEFAULT_TAG = "v2.6.32";

/** The code that makes an image of a tree; a change there changes every image. */
const BUILDER_FOLDERS = [
  "src/tracers/kbuild",
  "src/tracers/tree",
  "src/kernel/module",
  "src/kernel/port",
  "src/kernel/bpf/btf",
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

function buildAll(history: TreeHistory, builderKey: string): ImageIndex["releases"] {
  let builder: ImageBuilder | undefined;
  const all = history.releases.flatMap((release) => [
    release,
    ...history.variants.filter(
      ({ branch, tag }) => branch === release.branch && tag === release.tag,
    ),
  ]);
  return all.map((release) => {
    const file = imageFileName(builderKey, release);
    const { branch, tag, patches } = release;
    if (!existsSync(join(OUT, file))) {
      builder ??= makeImageBuilder();
      const built = buildImage(builder, release);
      if (!built.ok) {
        fail([
          `${branch} ${withConfig(tag, release.config)} does not build:`,
          ...built.diagnostics.map(
            (d) => `  ${d.file}:${d.line}:${d.column}: ${d.code}: ${d.message}`,
          ),
        ]);
      }
      writeImageFile(join(OUT, file), JSON.stringify(built.image));
      process.stdout.write(`built ${branch} ${withConfig(tag, release.config)}\n`);
    }
    const numbers = patches.map((patch) => patch.name.slice(0, 4));
    return { release: releaseName(release), branch, tag, patches: numbers, file };
  });
}

const history = readTree();
mkdirSync(OUT, { recursive: true });
const builder = builderHash();
const releases = buildAll(history, builder);
const defaultRelease = releases.find(({ tag }) => tag === DEFAULT_TAG)?.release ?? "";
const index: ImageIndex = {
  format: "quicksand-index 1",
  builder,
  defaultRelease,
  releases,
  patches: Object.fromEntries(
    Object.entries(readTreeSource().patches).map(([name, text]) => [name.slice(0, 4), text]),
  ),
};
writeImageFile(join(OUT, "index.json"), JSON.stringify(index));
const wanted = new Set(["index.json", ...releases.map(({ file }) => file)]);
for (const name of readdirSync(OUT)) if (!wanted.has(name)) rmSync(join(OUT, name));
