/** What a matrix needs of the host: compiler, evaluator, images, a seed, and results of earlier runs. */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import type { RootTree } from "#kernel";
import {
  BuildCache,
  CellCache,
  cellRoot,
  createKbuild,
  type MatrixParts,
  type ResultStore,
} from "#tracers";
import type { Catalogue } from "./catalogue.ts";
import { codeDigest } from "./code-digest.ts";
import { createEvaluator } from "./evaluate.ts";
import { trustedKeys } from "./module-signer.ts";

const MATRIX_SEED = 1;

/** With `cellsAnew`, builds come from the store and cells do not. */
export function matrixParts(
  catalogue: Catalogue,
  guests: RootTree,
  store?: ResultStore,
  cellsAnew = false,
): MatrixParts {
  const root = cellRoot(guests);
  const makeKbuild = (): ReturnType<typeof createKbuild> =>
    createKbuild(createRequire(import.meta.url)("typescript") as typeof TypeScript);
  const { builder } = catalogue;
  return {
    builds: new BuildCache(makeKbuild, store && { store, builder }),
    ...(store && !cellsAnew && { cells: new CellCache(store, codeDigest(), root, MATRIX_SEED) }),
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
