/** A patch's `Witness:` is a tracer that fares otherwise before the patch than after it. */
import { expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import { DELIVERIES, isInRelease, runOne, type Tracer, type TreeFiles } from "#tracers";
import type { TreeStep } from "../../../src/tracers/tree/history.ts";
import { cellParts, openTestTrees, tracerOf } from "../../support/images.ts";

const trees = openTestTrees();
const { history } = trees;
/** Some patches show in some schedules only. */
const SEEDS = [1, 2, 3, 4];

/** Every patch with a witness, on each branch that takes it. */
const seen = history.branches.flatMap(({ branch, steps }) =>
  steps.flatMap((step) =>
    step.patch.witnesses.map((name) => ({ branch, step, name, patch: step.patch.name })),
  ),
);

function imageOf({ patch }: TreeStep, side: "before" | "after", files: TreeFiles): ReleaseImage {
  const release = history.releases.find(({ patches }) => patches.includes(patch));
  if (release === undefined) throw new Error(`no release takes ${patch.name}`);
  const image = trees.image({ ...release, localVersion: `-${side}`, files, patches: [] });
  if (typeof image === "string") throw new Error(image);
  return image;
}

/** What became of it, and what it said, in every delivery. */
const faring = (tracer: Tracer, image: ReleaseImage, seed: number): readonly string[] =>
  isInRelease(tracer.declaration, image)
    ? DELIVERIES[tracer.declaration.house].map((delivery) => {
        const { verdict, evidence } = runOne(cellParts(seed), tracer, delivery, image);
        return [verdict, ...evidence.reported].join("\n");
      })
    : ["absent"];

test.each(seen)("$name sees $patch on $branch", ({ step, name }) => {
  const tracer = tracerOf(name);
  const before = imageOf(step, "before", step.before);
  const after = imageOf(step, "after", step.after);
  const differs = SEEDS.some(
    (seed) => faring(tracer, before, seed).join("\n") !== faring(tracer, after, seed).join("\n"),
  );
  expect(differs).toBe(true);
});
