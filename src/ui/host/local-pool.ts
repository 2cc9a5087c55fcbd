/**
 * A job pool in the caller's own thread: for tests, and for whoever runs the sources. One job at a
 * time; everything else is as in `worker-pool.ts`.
 */
import { CodeMeter } from "./code-meter.ts";
import { type JobKind, type JobOf, performJob, type ResultOf } from "./job-kinds.ts";
import type { JobPool, JobWatch, PoolEnd } from "./job-pool.ts";
import { Workshop, type WorkshopParts } from "./workshop.ts";

export class LocalPool implements JobPool {
  readonly #workshop: Workshop;

  constructor(parts: Omit<WorkshopParts, "meter">) {
    this.#workshop = new Workshop({ ...parts, meter: new CodeMeter() });
  }

  async run<K extends JobKind>(
    kind: K,
    jobs: readonly JobOf<K>[],
    watch: JobWatch<K> = {},
  ): Promise<PoolEnd<K>> {
    const results = jobs.map((): ResultOf<K> | undefined => undefined);
    for (const [index, job] of jobs.entries()) {
      const end = await performJob(kind, job, this.#workshop, (news) => watch.news?.(index, news));
      if (end.kind !== "done") return end;
      results[index] = end.result;
      if (watch.result?.(index, end.result) === false) break;
      // Whoever waits for input is not kept from it by a long run.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { kind: "done", results };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
