/** A pool of workers for a command's jobs, and what stopped them told in words. */
import { availableParallelism } from "node:os";
import type { RootTree } from "#kernel";
import type { Catalogue } from "../host/catalogue.ts";
import type { JobKind, JobOf, ResultOf } from "../host/job-kinds.ts";
import type { JobPool, JobWatch } from "../host/job-pool.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT } from "./exit-code.ts";
import { treeFault, workerSetup } from "./open-client.ts";

export interface PoolOptions {
  /** At most so many jobs at a time; as many as there are processors if it is not given. */
  readonly size?: number;
  /** Everything is made anew, and nothing is kept. */
  readonly noCache?: boolean;
  /** What the cells' machines have on their kernel's command line. */
  readonly cmdline?: string | undefined;
}

export async function openPool(
  { places }: CliContext,
  catalogue: Catalogue,
  { size = availableParallelism(), noCache = false, cmdline }: PoolOptions = {},
): Promise<JobPool> {
  const { worker, tracers, guests, tree, cache } = places;
  const results = {
    ...(noCache ? {} : { resultsPath: places.results }),
    ...(cmdline === undefined ? {} : { commandLine: cmdline }),
  };
  if (worker !== undefined) {
    const { WorkerPool } = await import("../host/worker-pool.ts");
    return new WorkerPool(worker, { ...workerSetup(places, catalogue), ...results }, { size });
  }
  const { LocalPool } = await import("../host/local-pool.ts");
  const { openTrees } = await import("../host/trees.ts");
  const trees = openTrees(tree, cache, catalogue);
  const { moduleSources } = await import("../host/module-sources.ts");
  const { guestPrograms } = await import("../host/guest-programs.ts");
  const sessionFiles = (): RootTree => ({ ...moduleSources(tracers), ...guestPrograms(guests) });
  return new LocalPool({
    catalogue,
    guestsPath: guests,
    tracersPath: tracers,
    trees,
    sessionFiles,
    ...results,
  });
}

export interface JobRun<K extends JobKind> extends PoolOptions {
  readonly catalogue: Catalogue;
  readonly context: CliContext;
  readonly watch?: JobWatch<K>;
}

/**
 * Does these jobs and nothing else. Answers undefined when one failed by our fault, which has then
 * been told.
 */
export async function runJobs<K extends JobKind>(
  kind: K,
  jobs: readonly JobOf<K>[],
  { catalogue, context, watch = {}, ...options }: JobRun<K>,
): Promise<readonly (ResultOf<K> | undefined)[] | undefined> {
  const { terminal } = context;
  const pool = await openPool(context, catalogue, options);
  const remarks = new Set<string>();
  const end = await pool.run(kind, jobs, {
    ...watch,
    news: (index, news) => {
      if (news.kind === "remark") remarks.add(news.text);
      watch.news?.(index, news);
    },
  });
  await pool.close();
  terminal.progress?.("");
  for (const remark of remarks) terminal.err(`quicksand: ${remark}`);
  if (end.kind === "done") return end.results;
  if (end.kind === "refused") throw new AuthorError(...end.diagnostics);
  if (catalogue.ownImages.length > 0) throw treeFault(end.message);
  context.reportBug(end);
  context.exit(EXIT.bug);
  return undefined;
}
