/**
 * The shipped matrix, run in the built worker: every tracer in every delivery on every release, or on
 * every fourth and on mainline's last if not all tests are wanted.
 * What was run before with the same code comes from the tests' own cache.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cell } from "#tracers";
import { openImages } from "../../src/ui/host/images.ts";
import { WorkerPool } from "../../src/ui/host/worker-pool.ts";
import { everyNth } from "./all-tests.ts";
import { TEST_RESULTS, WORKER_SETUP } from "./worker-setup.ts";

/** As many as the machines have on which this is run. */
const WORKERS = 2;

export async function wholeMatrix(): Promise<readonly Cell[]> {
  const { releases } = openImages("dist/images");
  const last = releases.findLast(({ branch }) => branch === "mainline");
  const turn = everyNth(releases, 4, 3);
  const wanted = releases.filter((each) => turn.includes(each) || each.tag === last?.tag);
  const jobs = wanted.map(({ release }) => ({ release, tracers: [], blame: false }));
  const setup = { ...WORKER_SETUP, resultsPath: TEST_RESULTS };
  const pool = new WorkerPool(pathToFileURL(resolve("dist/worker.js")), setup, { size: WORKERS });
  const end = await pool.run("column", jobs);
  await pool.close();
  if (end.kind !== "done") throw new Error(JSON.stringify(end));
  const rows = end.results[0]?.rows ?? [];
  return rows.flatMap((_, row) => end.results.flatMap((column) => column?.cells[row] ?? []));
}
