/**
 * What the host needs of a machine. The kernel's `Machine` is fitted to it in `boot-machine.ts`;
 * tests of the host use a small imitation.
 */

import type { KernelEvent, ReleaseImage, SchedulePolicy } from "#kernel";
import type { ExtraFiles } from "./client.ts";

/** Bounds of one slice; the slice ends at whichever comes first. */
export interface SliceLimits {
  /** Virtual time of this boot at which to stop. */
  readonly untilNs: number;
  /** Number of events in the log at which to stop. */
  readonly eventsMax: number;
  /** Stop when a task waits for the console's input and nobody else can run before an alarm. */
  readonly atInput: boolean;
}

/** Why a slice ended. `idle`: nobody can ever run again by itself. */
export type SliceEnd = "input" | "idle" | "halt" | "limit";

export interface HaltNotice {
  readonly reason: string;
  /** For `restart` the release to boot next. */
  readonly argument: string;
}

/** The log of the session: it continues across machines. */
export interface SessionLog {
  readonly events: readonly KernelEvent[];
  readonly seq: number;
  hash(): string;
}

/** The root file system between two boots; only the machine knows what is in it. */
export type RootState = unknown;

export interface HostedMachine {
  readonly log: SessionLog;
  readonly nowNs: number;
  /** Virtual time of this boot in which a task ran. */
  readonly busyNs: number;
  readonly halt: HaltNotice | undefined;
  slice(limits: SliceLimits): SliceEnd;
  /** Does a task block in read(2) on the console? */
  waitingForInput(): boolean;
  type(text: string): void;
  /** undefined when there is no such file. */
  readFile(path: string): string | undefined;
  /** False when it could not be written. */
  writeFile(path: string, text: string): boolean;
  /** For the next boot. */
  takeRoot(): RootState;
  /** Digest of the history and of the memory that is left. It is taken once, at the end. */
  finalHash(): string;
}

export interface BootRequest {
  readonly image: ReleaseImage;
  readonly seed: number;
  /** Of the machine before this one; undefined at the first boot. */
  readonly root: RootState | undefined;
  readonly log: SessionLog | undefined;
  /** Laid over the root at the first boot. */
  readonly files: ExtraFiles;
  /** Another scheduling than chance. */
  readonly policy: SchedulePolicy | undefined;
}

export type BootMachine = (request: BootRequest) => HostedMachine;
