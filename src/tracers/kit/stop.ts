/**
 * What a tracer is told, one kind for each thing that ptrace(2) can report.
 *
 * Source: ptrace(2), "Stopped states"; wait(2) for the status word.
 * Left out: seccomp stops.
 */
import type { Siginfo } from "#abi";

/** A system call as its number and six argument registers (signed 64-bit, exact to 2^53). */
export interface RawCall {
  readonly nr: number;
  /** The argument registers, signed: exact up to 2^53, as addresses, sizes and flags are. */
  readonly args: readonly number[];
  /** The same to the last bit, for what holds data. */
  readonly words: readonly bigint[];
  /** The stack pointer at the call. */
  readonly sp?: number;
}

export type Stop =
  /** First seen: launched, attached to, or born of a tracee. */
  | { readonly kind: "attached"; readonly pid: number }
  | { readonly kind: "syscall-enter"; readonly pid: number; readonly call: RawCall }
  | {
      readonly kind: "syscall-exit";
      readonly pid: number;
      /** null when the tracee was already inside the call at the attach. */
      readonly call: RawCall | null;
      readonly result: number;
      readonly failed: boolean;
    }
  | {
      readonly kind: "signal";
      readonly pid: number;
      readonly sig: number;
      readonly info: Siginfo | null;
    }
  | { readonly kind: "group-stop"; readonly pid: number; readonly sig: number }
  | {
      readonly kind: "event-fork" | "event-vfork" | "event-clone" | "event-vfork-done";
      readonly pid: number;
      readonly child: number;
    }
  | { readonly kind: "event-exec"; readonly pid: number; readonly former: number }
  | { readonly kind: "event-exit"; readonly pid: number; readonly status: number }
  /** PTRACE_INTERRUPT, or the end of a group-stop. */
  | { readonly kind: "event-stop"; readonly pid: number }
  | { readonly kind: "exited"; readonly pid: number; readonly code: number }
  | {
      readonly kind: "killed";
      readonly pid: number;
      readonly sig: number;
      readonly core: boolean;
    };

export type StopKind = Stop["kind"];
