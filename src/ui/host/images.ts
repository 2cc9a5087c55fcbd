/**
 * Release images as the image builder wrote them: `index.json` with a line for each release, one
 * file for each image, the patches. An image is read when it is first asked for.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReleaseImage } from "#kernel";
import { splitConfig, withConfig } from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import { nearNames } from "../near-names.ts";
import type { Catalogue, ReleaseSummary } from "./catalogue.ts";
import { readImageFile } from "./image-file.ts";

/** The index file. */
export interface ImageIndex {
  readonly format: "quicksand-index 1";
  readonly builder: string;
  readonly defaultRelease: string;
  readonly releases: readonly (ReleaseSummary & { readonly file: string })[];
  /** Patch number to its text. */
  readonly patches: Readonly<Record<string, string>>;
}

type Row = ImageIndex["releases"][number];

const readImage = (file: string): ReleaseImage =>
  JSON.parse(readFileSync(file, "utf8")) as ReleaseImage;

/** As the index would have it, of an image that lies elsewhere. */
function readRow(file: string, loaded: Map<string, ReleaseImage>): Row {
  const image = readImageFile(file);
  // It was read or written a moment ago.
  if (image === undefined) throw new Error(`${file} is gone or damaged: run the command again`);
  loaded.set(file, image);
  const { release, branch, tag, patches } = image;
  return { release, branch, tag, patches, file };
}

/** May be left out of a name: `reboot 3.15` and `--release 3.15` mean the same. */
const LOCAL_VERSION = "-quicksand";

function unknownRelease(name: string, index: ImageIndex): Diagnostic {
  const names = index.releases.map((release) => release.release);
  const near = nearNames(name, [...names, ...index.releases.map((r) => r.tag)]);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : `quicksand list --releases shows all ${names.length}`;
  const message = `there is no release "${name}"`;
  return { code: "QS1101", message, file: "", line: 0, column: 0, hint };
}

/**
 * Opens the folder of images; throws a plain `Error` with advice when they were never built. `ownImages`
 * are files of images that are no releases: a learner's trees.
 */
export function openImages(folder: string, ownImages: readonly string[] = []): Catalogue {
  let text: string;
  let index: ImageIndex;
  try {
    text = readFileSync(join(folder, "index.json"), "utf8");
    index = JSON.parse(text) as ImageIndex;
  } catch {
    throw new Error(`no release images in ${folder}: run "npm run prepare" first`);
  }
  const loaded = new Map<string, ReleaseImage>();
  const releases = [...index.releases, ...ownImages.map((file) => readRow(file, loaded))];
  const findPlain = (name: string): Row | undefined =>
    releases.find((r) => r.release === name || r.release === name + LOCAL_VERSION) ??
    index.releases.find((r) => r.tag === name || `${r.branch}/${r.tag}` === name);
  const find = (name: string): Row | undefined => {
    const [plain, config] = splitConfig(name);
    const row = findPlain(plain);
    if (config === undefined || row === undefined) return row;
    return releases.find(({ release }) => release === withConfig(row.release, config));
  };
  return {
    releases,
    builder: index.builder,
    get identity(): string {
      return createHash("sha256").update(text).digest("hex");
    },
    ownImages,
    defaultRelease: index.defaultRelease,
    load(name: string): ReleaseImage | Diagnostic {
      const row = find(name);
      if (row === undefined) return unknownRelease(name, index);
      const known = loaded.get(row.file);
      if (known !== undefined) return known;
      const image = readImage(join(folder, row.file));
      loaded.set(row.file, image);
      return image;
    },
    patch: (number: string): string | undefined => index.patches[number],
    patchNumbers: Object.keys(index.patches),
  };
}
