/**
 * Messages between the main thread and the worker that holds the machine. Every message from a busy
 * worker is also its heartbeat.
 */
import type { KernelEvent } from "#kernel";
import type { Command, Reply, SessionState } from "./client.ts";

export interface ToWorker {
  readonly id: number;
  readonly command: Command;
}

export type FromWorker =
  | {
      readonly kind: "slice";
      readonly batch: readonly KernelEvent[];
      readonly state: SessionState;
    }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Reply };

/** What the worker is started with. */
export interface WorkerSetup {
  /** Where the release images are. */
  readonly imagesPath: string;
  /** Where the shipped tracers are. */
  readonly tracersPath: string;
}
