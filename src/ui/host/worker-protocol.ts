/**
 * Messages between the main thread and the worker that holds the machine. Every message from a busy
 * worker is also its heartbeat.
 */
import type { KernelEvent } from "#kernel";
import type { Command, Reply, SessionState } from "./client.ts";
import type { JobEnd, JobNews, TracerJob } from "./tracer-job.ts";

/** A worker is for a session's commands, or for one job. */
export type ToWorker =
  | { readonly id: number; readonly command: Command }
  /** In `place` the main thread can read where a learner's code is, even if it never returns. */
  | { readonly job: TracerJob; readonly place: SharedArrayBuffer };

export type FromWorker =
  | {
      readonly kind: "slice";
      readonly batch: readonly KernelEvent[];
      readonly state: SessionState;
    }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Reply }
  | { readonly kind: "news"; readonly news: JobNews }
  | { readonly kind: "job-end"; readonly end: JobEnd };

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
}
