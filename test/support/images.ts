/**
 * Release images for tests: those that `prepare` built, or one built here from a tree that a test
 * has changed.
 */
import type { ReleaseImage } from "#kernel";
import {
  BuildCache,
  CellCache,
  cellRoot,
  type Kbuild,
  type MatrixParts,
  type Tracer,
  type Trees,
} from "#tracers";
import { readTreeSource } from "../../scripts/tree-source.ts";
import { buildImage, type ImageResult } from "../../src/tracers/tree/build-image.ts";
import { readHistory, type TreeHistory, type TreeRelease } from "../../src/tracers/tree/history.ts";
import { codeDigest } from "../../src/ui/host/code-digest.ts";
import { CodeMeter } from "../../src/ui/host/code-meter.ts";
import { guestPrograms } from "../../src/ui/host/guest-programs.ts";
import { makeImageBuilder } from "../../src/ui/host/image-store.ts";
import { openImages } from "../../src/ui/host/images.ts";
import { trustedKeys } from "../../src/ui/host/module-signer.ts";
import { moduleSources } from "../../src/ui/host/module-sources.ts";
import { ResultFolder } from "../../src/ui/host/result-folder.ts";
import { shippedTracers } from "../../src/ui/host/tracers.ts";
import { openTrees } from "../../src/ui/host/trees.ts";
import { Workshop } from "../../src/ui/host/workshop.ts";
import { TEST_CACHE, TEST_RESULTS } from "./worker-setup.ts";

const catalogue = openImages("dist/images");
const GUESTS = "programs/built";
const guests = guestPrograms(GUESTS);

/** A built image, by release or tag. */
export function imageOf(name: string): ReleaseImage {
  const image = catalogue.load(name);
  if ("message" in image) throw new Error(image.message);
  return image;
}

/** The tree's own history, from the files of the repository. */
export function treeHistory(): TreeHistory {
  const history = readHistory(readTreeSource());
  if (!history.ok) throw new Error(history.error.message);
  return history.value;
}

export function releaseOf(history: TreeHistory, tag: string): TreeRelease {
  const release = history.releases.find((each) => each.tag === tag);
  if (release === undefined) throw new Error(`no tag ${tag}`);
  return release;
}

/** A shipped tracer with its file. */
export function tracerOf(name: string): Tracer {
  const found = shippedTracers("src/tracers").find((each) => each.declaration.name === name);
  if (found === undefined) throw new Error(`no tracer ${name}`);
  return found;
}

const builder = makeImageBuilder();
export const testKbuild: Kbuild = builder.kbuild;

/** Builds a release whose files a test may have changed. */
export const buildRelease = (release: TreeRelease): ImageResult => buildImage(builder, release);

const results = new ResultFolder(TEST_RESULTS);
/** From the sources: who has not built them anew gets no results of other ones. */
const code = codeDigest();

/**
 * What a matrix cell needs, around the images given by tag; others come from disk. What was built and
 * run before with the same code is not built and run again.
 */
export function cellParts(
  seed: number,
  images: Readonly<Record<string, ReleaseImage>> = {},
): MatrixParts {
  return {
    builds: new BuildCache(() => testKbuild, { store: results, builder: code }),
    cells: new CellCache(results, code, cellRoot(guests), seed),
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
    keys: trustedKeys(),
    root: cellRoot(guests),
    seed,
    load: (name) => images[name] ?? imageOf(name),
  };
}

/** The history and images of its every patch, kept between runs. */
export const openTestTrees = (): Trees => openTrees("src/kernel/tree", TEST_CACHE, catalogue);

/** What jobs of this thread work in. */
export const testWorkshop = (): Workshop =>
  new Workshop({
    catalogue,
    tracersPath: "src/tracers",
    guestsPath: GUESTS,
    trees: openTestTrees(),
    meter: new CodeMeter(),
    sessionFiles: () => ({ ...moduleSources("src/tracers"), ...guests }),
  });
