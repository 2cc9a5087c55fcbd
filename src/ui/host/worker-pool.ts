/**
 * A job pool of worker threads. A worker keeps what it has read and built from one job to the next;
 * it is started when there is a job for it, and another takes the place of one that died.
 */
import type { JobFailure, JobKind, JobOf, ResultOf } from "./job-kinds.ts";
import type { JobPool, JobWatch, PoolEnd } from "./job-pool.ts";
import { PATIENCE_MS, WATCHDOG_MS } from "./limits.ts";
import { type Patience, PoolWorker } from "./pool-worker.ts";
import type { WorkerSetup } from "./worker-protocol.ts";

export interface WorkerPoolOptions {
  /** Most jobs at a time. */
  readonly size: number;
  readonly patience?: Patience;
}

export class WorkerPool implements JobPool {
  readonly #start: () => PoolWorker;
  readonly #workers: (PoolWorker | undefined)[];

  constructor(entry: URL, setup: WorkerSetup, options: WorkerPoolOptions) {
    const { size, patience = { learner: WATCHDOG_MS, own: PATIENCE_MS } } = options;
    this.#start = () => new PoolWorker(entry, setup, patience);
    this.#workers = Array.from({ length: size }, () => undefined);
  }

  async run<K extends JobKind>(
    kind: K,
    jobs: readonly JobOf<K>[],
    watch: JobWatch<K> = {},
  ): Promise<PoolEnd<K>> {
    const results = jobs.map((): ResultOf<K> | undefined => undefined);
    const failures: { readonly index: number; readonly end: JobFailure }[] = [];
    let next = 0;
    const work = async (slot: number): Promise<void> => {
      while (next < jobs.length) {
        const index = next++;
        const job = jobs[index];
        if (job === undefined) return;
        const end = await this.#workerAt(slot).perform(kind, job, (news) =>
          watch.news?.(index, news),
        );
        if (end.kind !== "done") failures.push({ index, end });
        else {
          results[index] = end.result;
          if (watch.result?.(index, end.result) !== false) continue;
        }
        next = jobs.length;
      }
    };
    await Promise.all(this.#workers.map((_, slot) => work(slot)));
    const [first] = failures.sort((a, b) => a.index - b.index);
    return first === undefined ? { kind: "done", results } : first.end;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker?.close()));
    this.#workers.fill(undefined);
  }

  #workerAt(slot: number): PoolWorker {
    const known = this.#workers[slot];
    if (known !== undefined && !known.isGone) return known;
    const worker = this.#start();
    this.#workers[slot] = worker;
    return worker;
  }
}
