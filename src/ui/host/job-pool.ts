/**
 * Jobs, several at a time. Whoever has jobs to be done holds a `JobPool` and cannot tell whether they
 * are done in locked-down workers (`worker-pool.ts`) or in its own thread (`local-pool.ts`).
 *
 * Results come in the order in which jobs end; what `run` answers is in the order of the jobs, and is
 * the same whatever that was. Jobs are begun in their order, too: when one fails, or when a result
 * is the last that is wanted, everything before it is carried out and nothing more is begun.
 */
import type { JobFailure, JobKind, JobOf, NewsOf, ResultOf } from "./job-kinds.ts";

export interface JobWatch<K extends JobKind> {
  news?(index: number, news: NewsOf<K>): void;
  /** `false`: what has not begun yet need not. */
  result?(index: number, result: ResultOf<K>): boolean;
}

export type PoolEnd<K extends JobKind> =
  /** By job; undefined for those that were not begun. */
  | { readonly kind: "done"; readonly results: readonly (ResultOf<K> | undefined)[] }
  /** Of the first job that failed. */
  | JobFailure;

export interface JobPool {
  run<K extends JobKind>(
    kind: K,
    jobs: readonly JobOf<K>[],
    watch?: JobWatch<K>,
  ): Promise<PoolEnd<K>>;
  /** Ends its workers. */
  close(): Promise<void>;
}
