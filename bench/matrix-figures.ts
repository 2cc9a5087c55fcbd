/** What one cell of the matrix costs when its builds are warm. */
import { fileURLToPath } from "node:url";
import { DELIVERIES, isInRelease, runOne } from "#tracers";
import type { Catalogue } from "../src/ui/host/catalogue.ts";
import { matrixParts } from "../src/ui/host/matrix-parts.ts";
import { shippedTracers } from "../src/ui/host/tracers.ts";

/** Milliseconds a cell, over all shipped tracers and every release, after one round to warm up. */
export async function matrixCellMs(catalogue: Catalogue): Promise<number> {
  const tracers = shippedTracers(fileURLToPath(new URL("../src/tracers", import.meta.url)));
  const releases = catalogue.releases.map((row) => row.release);
  const parts = matrixParts(catalogue);
  let cells = 0;
  const round = (): void => {
    cells = 0;
    for (const tracer of tracers) {
      for (const delivery of DELIVERIES[tracer.declaration.house]) {
        for (const release of releases) {
          const image = parts.load(release);
          if (!isInRelease(tracer.declaration, image)) continue;
          runOne(parts, tracer, delivery, image);
          cells++;
        }
      }
    }
  };
  round();
  const start = performance.now();
  round();
  return (performance.now() - start) / Math.max(cells, 1);
}
