/** A pool of workers for a command's jobs, and what stopped them told in words. */
import { availableParallelism } from "node:os";
import type { Catalogue } from "../host/catalogue.ts";
import type { JobKind, JobOf, ResultOf } from "../host/job-kinds.ts";
import type { JobPool, JobWatch, PoolEnd } from "../host/job-pool.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT } from "./exit-code.ts";
import { treeFault, workerSetup } from "./open-client.ts";

/** At most `size` jobs at a time; as many as there are processors if it is not given. */
export async function openPool(
  { places }: CliContext,
  catalogue: Catalogue,
  size: number = availableParallelism(),
): Promise<JobPool> {
  const { worker, tracers, tree, cache } = places;
  if (worker !== undefined) {
    const { WorkerPool } = await import("../host/worker-pool.ts");
    return new WorkerPool(worker, workerSetup(places, catalogue), { size });
  }
  const { LocalPool } = await import("../host/local-pool.ts");
  const { openTrees } = await import("../host/trees.ts");
  const trees = openTrees(tree, cache, catalogue.builder);
  return new LocalPool({ catalogue, tracersPath: tracers, trees });
}

/** The results of jobs that did not fail; undefined when that was our bug, which has then been told. */
export function resultsOf<K extends JobKind>(
  end: PoolEnd<K>,
  catalogue: Catalogue,
  context: CliContext,
): readonly (ResultOf<K> | undefined)[] | undefined {
  if (end.kind === "done") return end.results;
  context.terminal.progress?.("");
  if (end.kind === "refused") throw new AuthorError(...end.diagnostics);
  if (catalogue.ownImages.length > 0) throw treeFault(end.message);
  context.reportBug(end);
  context.exit(EXIT.bug);
  return undefined;
}

/** Does these jobs and nothing else. */
export async function runJobs<K extends JobKind>(
  kind: K,
  jobs: readonly JobOf<K>[],
  catalogue: Catalogue,
  context: CliContext,
  { size, watch }: { readonly size?: number; readonly watch?: JobWatch<K> } = {},
): Promise<readonly (ResultOf<K> | undefined)[] | undefined> {
  const pool = await openPool(context, catalogue, size);
  try {
    return resultsOf(await pool.run(kind, jobs, watch), catalogue, context);
  } finally {
    await pool.close();
  }
}
