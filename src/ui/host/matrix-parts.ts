/** What a matrix needs of the host: compiler, evaluator, images, a seed, and results of earlier runs. */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import {
  BuildCache,
  CellCache,
  cellRoot,
  createKbuild,
  type MatrixParts,
  type ResultStore,
} from "#tracers";
import type { Catalogue } from "./catalogue.ts";
import { createEvaluator } from "./evaluate.ts";
import { trustedKeys } from "./module-signer.ts";

const MATRIX_SEED = 1;

export interface KeptResults {
  readonly store: ResultStore;
  /** A digest of our own code. */
  readonly code: string;
}

export function matrixParts(catalogue: Catalogue, kept?: KeptResults): MatrixParts {
  const root = cellRoot();
  const makeKbuild = (): ReturnType<typeof createKbuild> =>
    createKbuild(createRequire(import.meta.url)("typescript") as typeof TypeScript);
  const { builder } = catalogue;
  return {
    builds: new BuildCache(makeKbuild, kept && { store: kept.store, builder }),
    ...(kept && { cells: new CellCache(kept.store, kept.code, root, MATRIX_SEED) }),
    evaluate: createEvaluator(),
    keys: trustedKeys(),
    root,
    seed: MATRIX_SEED,
    load: (name) => {
      const image = catalogue.load(name);
      if ("message" in image) throw new Error(image.message);
      return image;
    },
  };
}
