/**
 * A patch's `Witness:` is a tracer that fares otherwise before the patch than after it; and of each way
 * to break things there is a patch whose witness worked before it, and a cell of the matrix in which
 * it no longer does.
 */
import { expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import {
  BREAK_CLASSES,
  type BreakClass,
  DELIVERIES,
  type Delivery,
  isInRelease,
  runOne,
  type Tracer,
  type TreeFiles,
  type Verdict,
} from "#tracers";
import type { TreeStep } from "../../../src/tracers/tree/history.ts";
import { ALL_TESTS } from "../../support/all-tests.ts";
import { cellParts, imageOf, openTestTrees, tracerOf } from "../../support/images.ts";

const trees = openTestTrees();
const { history } = trees;
/** Some patches show in some schedules only. */
const SEEDS = [1, 2, 3, 4];
const parts = SEEDS.map((seed) => cellParts(seed));

/** Classes that no patch stands for yet. */
const MISSING: readonly BreakClass[] = [];

interface Seen {
  readonly branch: string;
  readonly step: TreeStep;
  readonly name: string;
  readonly patch: string;
}

/** Every patch with a witness, where each branch that takes it takes it first. */
const seen: readonly Seen[] = history.branches
  .flatMap(({ branch, steps }) =>
    steps.flatMap((step) =>
      step.patch.witnesses.map((name) => ({ branch, step, name, patch: step.patch.name })),
    ),
  )
  .filter(
    ({ branch, name, patch }, index, all) =>
      all.findIndex(
        (other) => other.branch === branch && other.name === name && other.patch === patch,
      ) === index,
  );

/** The first release that has the patch. */
function releaseWith({ patch }: TreeStep, branch?: string): (typeof history.releases)[number] {
  const release = history.releases.find(
    (each) => each.patches.includes(patch) && (branch ?? each.branch) === each.branch,
  );
  if (release === undefined) throw new Error(`no release takes ${patch.name}`);
  return release;
}

const images = new Map<TreeFiles, ReleaseImage>();

function treeImage(step: TreeStep, side: "before" | "after"): ReleaseImage {
  const files = step[side];
  const known = images.get(files);
  if (known !== undefined) return known;
  const localVersion = `-${side}`;
  const image = trees.image({ ...releaseWith(step), localVersion, files, patches: [] });
  if (typeof image === "string") throw new Error(image);
  images.set(files, image);
  return image;
}

interface Fate {
  readonly delivery: Delivery;
  readonly verdict: Verdict;
  readonly reported: readonly string[];
}

const fates = new Map<string, readonly Fate[]>();

/** What became of it, and what it said, in every delivery. Runs are kept: patches follow each other. */
function faring(tracer: Tracer, image: ReleaseImage, run: number): readonly Fate[] {
  const { declaration } = tracer;
  const key = `${declaration.name}\0${run}\0${image.release}\0${[...images.values()].indexOf(image)}`;
  const known = fates.get(key);
  if (known !== undefined) return known;
  const made = isInRelease(declaration, image)
    ? DELIVERIES[declaration.house].map((delivery): Fate => {
        const part = parts[run];
        if (part === undefined) throw new Error(`no run ${run}`);
        const { verdict, evidence } = runOne(part, tracer, delivery, image);
        return { delivery, verdict, reported: evidence.reported };
      })
    : [];
  fates.set(key, made);
  return made;
}

const differs = (tracer: Tracer, step: TreeStep, run: number): boolean =>
  JSON.stringify(faring(tracer, treeImage(step, "before"), run)) !==
  JSON.stringify(faring(tracer, treeImage(step, "after"), run));

/** A patch that several branches take is everywhere the same. */
const firstSeen = seen.filter(
  ({ name, patch }, index) =>
    seen.findIndex((each) => each.name === name && each.patch === patch) === index,
);

test.each(ALL_TESTS ? seen : firstSeen)("$name sees $patch on $branch", ({ step, name }) => {
  const tracer = tracerOf(name);
  expect(SEEDS.some((_, run) => differs(tracer, step, run))).toBe(true);
});

/** Deliveries in which the tracer worked before the patch, and not after it. */
const broken = (tracer: Tracer, step: TreeStep, run: number): readonly Delivery[] => {
  const after = faring(tracer, treeImage(step, "after"), run);
  return faring(tracer, treeImage(step, "before"), run).flatMap(({ delivery, verdict }) =>
    verdict === "works" &&
    after.every((each) => each.delivery !== delivery || each.verdict !== "works")
      ? [delivery]
      : [],
  );
};

/** The patch breaks its witness, and the release that takes it has a cell that says so. */
function isShown({ step, name, branch }: Seen): boolean {
  const tracer = tracerOf(name);
  return parts.some((part, run) =>
    broken(tracer, step, run).some((delivery) => {
      const image = imageOf(`${branch}/${releaseWith(step, branch).tag}`);
      return (
        !isInRelease(tracer.declaration, image) ||
        runOne(part, tracer, delivery, image).verdict !== "works"
      );
    }),
  );
}

test.each(Object.keys(BREAK_CLASSES) as BreakClass[])("a cell shows what %s does", (breakClass) => {
  const patches = seen.filter(({ step }) => step.patch.breakClass === breakClass);
  expect(patches.some(isShown)).toBe(!MISSING.includes(breakClass));
});
