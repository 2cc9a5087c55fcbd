/**
 * Messages between the main thread and the worker that holds the machine. Every message from a busy
 * worker is also its heartbeat.
 */
import type { KernelEvent } from "#kernel";
import type { Command, Reply, SessionState } from "./client.ts";
import type { JobEnd, JobKind, JobOf, NewsOf } from "./job-kinds.ts";

type JobMessage<K extends JobKind> = { readonly kind: K; readonly job: JobOf<K> };

/** A worker is for a session's commands, or for jobs, one after the other. */
export type ToWorker =
  | { readonly id: number; readonly command: Command }
  | { readonly [K in JobKind]: JobMessage<K> }[JobKind];

export type FromWorker =
  | {
      readonly kind: "slice";
      readonly batch: readonly KernelEvent[];
      readonly state: SessionState;
    }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Reply }
  | { readonly kind: "news"; readonly news: NewsOf<JobKind> }
  | { readonly kind: "job-end"; readonly end: JobEnd<JobKind> };

/** What the worker is started with. */
export interface WorkerSetup {
  /** Where the release images are. */
  readonly imagesPath: string;
  /** Files of images beside those. */
  readonly ownImages: readonly string[];
  /** Where the shipped tracers are. */
  readonly tracersPath: string;
  /** Where the ELF files of our own programs are. */
  readonly guestsPath: string;
  /** Where the kernel's own source is. */
  readonly treePath: string;
  /** Where images of its every patch are kept. */
  readonly cachePath: string;
  /** Where results of earlier runs are, if they may be used. */
  readonly resultsPath?: string;
  /** Builds may be used, and cells not. */
  readonly cellsAnew?: boolean;
  /** What the cells' machines have on their kernel's command line. */
  readonly commandLine?: string;
  /** Here the main thread can read where a learner's code is, even if it never returns. */
  readonly place?: SharedArrayBuffer;
}
