/** What a matrix needs of the host: compiler, evaluator, images, and a seed. */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { BuildCache, createKbuild, type MatrixParts } from "#tracers";
import { userlandRoot } from "#userland";
import type { Catalogue } from "./catalogue.ts";
import { createEvaluator } from "./evaluate.ts";

const MATRIX_SEED = 1;

export function matrixParts(catalogue: Catalogue): MatrixParts {
  return {
    builds: new BuildCache(
      createKbuild(createRequire(import.meta.url)("typescript") as typeof TypeScript),
    ),
    evaluate: createEvaluator(),
    root: userlandRoot(),
    seed: MATRIX_SEED,
    load: (name) => {
      const image = catalogue.load(name);
      if ("message" in image) throw new Error(image.message);
      return image;
    },
  };
}
