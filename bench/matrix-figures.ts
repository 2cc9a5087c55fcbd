/** What a cell and the whole of the matrix cost when builds are warm and every cell is run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DELIVERIES, isInRelease, runOne } from "#tracers";
import type { Catalogue } from "../src/ui/host/catalogue.ts";
import { guestPrograms } from "../src/ui/host/guest-programs.ts";
import { matrixParts } from "../src/ui/host/matrix-parts.ts";
import { shippedTracers } from "../src/ui/host/tracers.ts";
import { WorkerPool } from "../src/ui/host/worker-pool.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CORES = 2;

/** Milliseconds a cell, over all shipped tracers and every release, after one round to warm up. */
export async function matrixCellMs(catalogue: Catalogue): Promise<number> {
  const tracers = shippedTracers(fileURLToPath(new URL("../src/tracers", import.meta.url)));
  const releases = catalogue.releases.map((row) => row.release);
  const parts = matrixParts(
    catalogue,
    guestPrograms(fileURLToPath(new URL("../programs/built", import.meta.url))),
  );
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

/** Seconds for every cell of the shipped matrix, on two cores, and how many cells there are. */
export async function wholeMatrixSeconds(
  catalogue: Catalogue,
): Promise<{ readonly seconds: number; readonly cells: number }> {
  const cache = mkdtempSync(join(tmpdir(), "quicksand-bench-"));
  const setup = {
    imagesPath: join(ROOT, "dist/images"),
    ownImages: [],
    tracersPath: join(ROOT, "src/tracers"),
    guestsPath: join(ROOT, "programs/built"),
    treePath: join(ROOT, "src/kernel/tree"),
    cachePath: join(cache, "images"),
    resultsPath: join(cache, "results"),
    cellsAnew: true,
  };
  const jobs = catalogue.releases.map(({ release }) => ({ release, tracers: [], blame: false }));
  let cells = 0;
  const run = async (): Promise<number> => {
    const start = performance.now();
    const entry = pathToFileURL(join(ROOT, "dist/worker.js"));
    const pool = new WorkerPool(entry, setup, { size: CORES });
    const end = await pool.run("column", jobs);
    await pool.close();
    if (end.kind !== "done") throw new Error(JSON.stringify(end));
    cells = end.results.flatMap((column) => column?.cells ?? []).filter((cell) => cell).length;
    return (performance.now() - start) / 1000;
  };
  await run();
  const seconds = await run();
  rmSync(cache, { recursive: true });
  return { seconds, cells };
}
