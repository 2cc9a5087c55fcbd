/**
 * What a worker can be asked to do. Each kind is a row here and a file of its own: a generator from
 * a job to its result, which says what it does while it goes on.
 */
import type { Shrunk } from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import { type Column, type ColumnJob, type ColumnNews, runColumn } from "./column-job.ts";
import { type ExploreJob, exploreSchedules, type ShrinkJob, shrinkFound } from "./explore-job.ts";
import { CacheUnwritable } from "./image-store.ts";
import type { Remark, Step } from "./job-step.ts";
import { LearnerMistake } from "./tracer-declaration.ts";
import { runTracerJob, type ToldCell, type TracerJob } from "./tracer-job.ts";
import type { Workshop } from "./workshop.ts";

interface Kind<Job, News, Result> {
  readonly job: Job;
  /** Beside the steps, which every kind has. */
  readonly news: News;
  readonly result: Result;
}

export interface JobKinds {
  /** One tracer, with all that can be found out about it. */
  readonly tracer: Kind<TracerJob, never, readonly ToldCell[]>;
  /** One release of the matrix. */
  readonly column: Kind<ColumnJob, ColumnNews, Column>;
  /** What comes of one tracer or lesson in some schedules. */
  readonly explore: Kind<ExploreJob, never, readonly string[]>;
  /** The shortest schedule for one of those. */
  readonly shrink: Kind<ShrinkJob, never, Shrunk>;
}

export type JobKind = keyof JobKinds;
export type JobOf<K extends JobKind> = JobKinds[K]["job"];
export type NewsOf<K extends JobKind> = Step | Remark | JobKinds[K]["news"];
export type ResultOf<K extends JobKind> = JobKinds[K]["result"];

type Perform<K extends JobKind> = (
  job: JobOf<K>,
  workshop: Workshop,
) =>
  | Generator<Step | JobKinds[K]["news"], ResultOf<K>, void>
  | AsyncGenerator<Step | JobKinds[K]["news"], ResultOf<K>, void>;

const PERFORM: { readonly [K in JobKind]: Perform<K> } = {
  tracer: runTracerJob,
  column: runColumn,
  explore: exploreSchedules,
  shrink: shrinkFound,
};

/** Why a job has no result. */
export type JobFailure =
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "bug"; readonly message: string; readonly stack?: string };

export type JobEnd<K extends JobKind> =
  | { readonly kind: "done"; readonly result: ResultOf<K> }
  | JobFailure;

/** Carries a job out and says its news. Never throws. */
export async function performJob<K extends JobKind>(
  kind: K,
  job: JobOf<K>,
  workshop: Workshop,
  tell: (news: NewsOf<K>) => void,
): Promise<JobEnd<K>> {
  try {
    const running = PERFORM[kind](job, workshop);
    for (;;) {
      const step = await running.next();
      for (const text of workshop.takeRemarks()) tell({ kind: "remark", text });
      if (step.done === true) return { kind: "done", result: step.value };
      tell(step.value);
    }
  } catch (error) {
    if (error instanceof LearnerMistake) return { kind: "refused", diagnostics: error.diagnostics };
    if (error instanceof CacheUnwritable)
      return { kind: "refused", diagnostics: [error.diagnostic] };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return stack === undefined ? { kind: "bug", message } : { kind: "bug", message, stack };
  }
}
