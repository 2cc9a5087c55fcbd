/**
 * The one way in which anything outside the machine talks to it: commands go in, events and states
 * come out. The TUI, the scenario player and the CLI hold a `SessionClient` and never a kernel
 * object, so that they cannot tell whether the machine runs in a worker (`worker-client.ts`) or in
 * their own thread (`local-client.ts`).
 *
 * A session outlives its machines: `reboot RELEASE` starts the next machine on the same root file
 * system and its events continue the same list.
 */

import type { EventEmitter } from "eventemitter3";
import type { KernelEvent, Schedule } from "#kernel";
import type { Diagnostic } from "../diagnostic.ts";

/**
 * `waiting`: a task blocks in read(2) on the console and nothing else can run.
 * `halted`: powered off or panicked. `error`: the session is over, by our fault.
 */
export type SessionStatus = "building" | "running" | "waiting" | "halted" | "error";

export interface SessionState {
  readonly status: SessionStatus;
  /** What `uname -r` prints, e.g. `2.6.32-quicksand`; empty before the first boot. */
  readonly release: string;
  readonly seed: number;
  /** Virtual nanoseconds since this boot. */
  readonly timeNs: number;
  /** 0 before the first boot, 1 for the first machine, 2 after the first reboot. */
  readonly boot: number;
}

/** When a run returns. All of them return at a halt, and when nothing can ever run again. */
export type RunUntil =
  | "input"
  | "halt"
  | { readonly events: number }
  /** Virtual nanoseconds from now. */
  | { readonly ns: number };

/** Files and directories laid over the root file system before the machine starts, by absolute path. */
export type ExtraFiles = Readonly<
  Record<string, string | Uint8Array | { readonly dir: true } | { readonly link: string }>
>;

export type Command =
  | {
      readonly op: "boot";
      readonly release: string;
      readonly seed: number;
      readonly files?: ExtraFiles;
      /** Followed instead of chance. */
      readonly schedule?: Schedule;
    }
  /** Typed at the console, newline included. */
  | { readonly op: "type"; readonly text: string }
  /** Typed at once, even into a run that is under way: it lands between two of its slices. */
  | { readonly op: "key"; readonly text: string }
  | { readonly op: "run"; readonly until: RunUntil }
  /** Puts a file into the running machine's root file system. */
  | { readonly op: "write"; readonly path: string; readonly text: string }
  | { readonly op: "read"; readonly path: string }
  /** Ends the session. Its `logHash` covers the memory of the processes that are left. */
  | { readonly op: "dispose" };

export type Op = Command["op"];

/** Why a run returned. */
export type RunEnd = "input" | "halt" | "limit" | "idle";

/** What each command answers when it was carried out. */
export interface Answers {
  readonly boot: Record<never, never>;
  readonly type: Record<never, never>;
  readonly key: Record<never, never>;
  readonly run: { readonly end: RunEnd };
  readonly write: Record<never, never>;
  readonly read: { readonly text: string };
  readonly dispose: Record<never, never>;
}

/** The state after every command, and the hash of every event so far. */
export interface Done<K extends Op> {
  readonly kind: "done";
  readonly answer: Answers[K];
  readonly state: SessionState;
  readonly logHash: string;
}

/** The author's or the caller's mistake: an unknown release, a module that does not compile. */
export interface Refused {
  readonly kind: "refused";
  readonly diagnostics: readonly Diagnostic[];
}

/** Our mistake: an assertion failed, or the worker stopped answering. The session is over. */
export interface Bug {
  readonly kind: "bug";
  readonly message: string;
  readonly seed: number;
  /** The host's stack, shown only with QUICKSAND_DEBUG. */
  readonly stack?: string;
}

export type Reply<K extends Op = Op> = Done<K> | Refused | Bug;

/** Events of the emitter and their arguments. */
export interface SessionSignals {
  /** A batch that was just appended to `events`. */
  events: [batch: readonly KernelEvent[]];
  state: [state: SessionState];
}

export interface SessionClient {
  /** Every kept event of the session, across reboots; it only grows. `seq` rises throughout. */
  readonly events: readonly KernelEvent[];
  readonly state: SessionState;
  readonly on: EventEmitter<SessionSignals>;
  /** Commands are carried out in the order given, only a `key` overtakes. Never rejects. */
  command<K extends Op>(command: Extract<Command, { readonly op: K }>): Promise<Reply<K>>;
  /** Ends the session without waiting for what it is doing; commands under way are not carried out. */
  abandon(): void;
}
