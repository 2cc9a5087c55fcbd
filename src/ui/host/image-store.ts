/**
 * Images of trees that are no release: a learner's, or a series up to one of its patches. Each is
 * built once and kept by a hash of everything that went into it, in the user's cache folder; a damaged
 * one is built again, and those not used for longest go when there are many.
 */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as TypeScript from "typescript";
import type { ReleaseImage } from "#kernel";
import {
  BuildKeys,
  buildImage,
  createKbuild,
  type ImageBuilder,
  type ImageResult,
  releaseName,
  type TreeRelease,
} from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import { imageFileText, readImageFile } from "./image-file.ts";
import { IMAGE_CACHE_MAX } from "./limits.ts";
import { hashTree } from "./tree-files.ts";

/** `typescript` is large: whoever calls this has something to build. */
export function makeImageBuilder(): ImageBuilder {
  const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  // One process, one compiler: nothing to tell apart.
  return { ts, kbuild: createKbuild(ts), keys: new BuildKeys(hash, ""), objects: new Map() };
}

/** The file that holds a tree's image; `builder` is a hash of the code that makes images. */
export function imageFileName(builder: string, tree: TreeRelease): string {
  const { branch, tag, files, patches } = tree;
  const names = patches.map((patch) => patch.name);
  const identity = JSON.stringify([
    builder,
    branch,
    tag,
    releaseName(tree),
    hashTree(files),
    names,
  ]);
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return `${branch}-${tag}-${digest}.json`;
}

/** Whole or not at all: a reader never sees half a file. */
export function writeImageFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.part`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** The user's folder, and so not our bug. */
export class CacheUnwritable extends Error {
  readonly diagnostic: Diagnostic;
  constructor(folder: string, { code = "error" }: NodeJS.ErrnoException) {
    const message = `cannot write ${folder}: ${code}`;
    super(message);
    const hint = "XDG_CACHE_HOME names another place";
    this.diagnostic = { code: "QS1104", message, file: "", line: 0, column: 0, hint };
  }
}

export type StoredImage =
  | { readonly ok: true; readonly image: ReleaseImage; readonly file: string }
  | Extract<ImageResult, { readonly ok: false }>;

export class ImageStore {
  readonly #folder: string;
  readonly #builderKey: string;
  readonly #known = new Map<string, StoredImage>();
  #builder: ImageBuilder | undefined;

  constructor(folder: string, builderKey: string) {
    this.#folder = folder;
    this.#builderKey = builderKey;
  }

  /** Throws `CacheUnwritable` and nothing else. */
  get(tree: TreeRelease): StoredImage {
    const name = imageFileName(this.#builderKey, tree);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const file = join(this.#folder, name);
    const image = readImageFile(file);
    const stored =
      image === undefined ? this.#build(tree, file) : { ok: true as const, image, file };
    if (image !== undefined) this.#touch(file);
    this.#known.set(name, stored);
    return stored;
  }

  /** It was used just now. */
  #touch(file: string): void {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // A folder that can only be read serves as well: in it nothing is dropped by age.
    }
  }

  #build(tree: TreeRelease, file: string): StoredImage {
    this.#builder ??= makeImageBuilder();
    const built = buildImage(this.#builder, tree);
    if (!built.ok) return built;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeImageFile(file, imageFileText(built.image));
      this.#dropOldest();
    } catch (error) {
      throw new CacheUnwritable(this.#folder, error as NodeJS.ErrnoException);
    }
    return { ok: true, image: built.image, file };
  }

  #dropOldest(): void {
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    if (files.length <= IMAGE_CACHE_MAX) return;
    const usedAt = (file: string): number =>
      statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const byUse = files.map((file) => ({ file, used: usedAt(file) }));
    byUse.sort((a, b) => a.used - b.used);
    for (const { file } of byUse.slice(0, files.length - IMAGE_CACHE_MAX))
      rmSync(file, { force: true });
  }
}
