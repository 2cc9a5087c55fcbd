/**
 * siginfo_t: 128 bytes, of which the signal and its code say which union member is valid.
 *
 * Source: asm-generic/siginfo.h and kernel/signal.c siginfo_layout() of Linux 6.1; sigaction(2).
 * Left out: the extra fault members (trapno, address bounds, protection key, perf).
 */
import {
  SIGBUS,
  SIGCHLD,
  SIGFPE,
  SIGILL,
  SIGIO,
  SIGSEGV,
  SIGSYS,
  SIGTRAP,
} from "./signal-numbers.ts";
import { type AbiLayout, decodeStruct, encodeStruct } from "./struct.ts";

// Codes of any signal.
export const SI_USER = 0;
export const SI_KERNEL = 128;
export const SI_QUEUE = -1;
export const SI_TIMER = -2;
export const SI_MESGQ = -3;
export const SI_ASYNCIO = -4;
export const SI_SIGIO = -5;
export const SI_TKILL = -6;
export const SI_DETHREAD = -7;

// SIGILL
export const ILL_ILLOPC = 1;
export const ILL_ILLOPN = 2;
export const ILL_ILLADR = 3;
export const ILL_ILLTRP = 4;
export const ILL_PRVOPC = 5;
export const ILL_PRVREG = 6;
export const ILL_COPROC = 7;
export const ILL_BADSTK = 8;
export const ILL_BADIADDR = 9;

// SIGFPE
export const FPE_INTDIV = 1;
export const FPE_INTOVF = 2;
export const FPE_FLTDIV = 3;
export const FPE_FLTOVF = 4;
export const FPE_FLTUND = 5;
export const FPE_FLTRES = 6;
export const FPE_FLTINV = 7;
export const FPE_FLTSUB = 8;

// SIGSEGV and SIGBUS
export const SEGV_MAPERR = 1;
export const SEGV_ACCERR = 2;
export const BUS_ADRALN = 1;
export const BUS_ADRERR = 2;
export const BUS_OBJERR = 3;

// SIGTRAP
export const TRAP_BRKPT = 1;
export const TRAP_TRACE = 2;
export const TRAP_BRANCH = 3;
export const TRAP_HWBKPT = 4;
export const TRAP_UNK = 5;

// SIGCHLD
export const CLD_EXITED = 1;
export const CLD_KILLED = 2;
export const CLD_DUMPED = 3;
export const CLD_TRAPPED = 4;
export const CLD_STOPPED = 5;
export const CLD_CONTINUED = 6;

// SIGIO and SIGSYS
export const POLL_IN = 1;
export const POLL_OUT = 2;
export const POLL_MSG = 3;
export const POLL_ERR = 4;
export const POLL_PRI = 5;
export const POLL_HUP = 6;
export const SYS_SECCOMP = 1;

export const SIGINFO_SIZE_BYTES = 128;

/** A siginfo with the members that its kind has; absent ones are 0 in memory. */
export interface Siginfo {
  readonly si_signo: number;
  readonly si_errno: number;
  readonly si_code: number;
  readonly si_pid?: number;
  readonly si_uid?: number;
  readonly si_status?: number;
  readonly si_utime?: number;
  readonly si_stime?: number;
  readonly si_tid?: number;
  readonly si_overrun?: number;
  /** sigval: an int or a pointer. */
  readonly si_value?: number;
  readonly si_addr?: number;
  readonly si_band?: number;
  readonly si_fd?: number;
  readonly si_call_addr?: number;
  readonly si_syscall?: number;
  readonly si_arch?: number;
}

/** Kernel spelling of the union members: SIL_KILL and so on. */
export type SiginfoKind = "kill" | "timer" | "rt" | "chld" | "fault" | "poll" | "sys";

const HEADER = {
  si_signo: [0, "s32"],
  si_errno: [4, "s32"],
  si_code: [8, "s32"],
} as const;

/** The layout of siginfo_t for each union member. */
export const SIGINFO_LAYOUTS = {
  kill: { size: 128, fields: { ...HEADER, si_pid: [16, "s32"], si_uid: [20, "u32"] } },
  timer: {
    size: 128,
    fields: { ...HEADER, si_tid: [16, "s32"], si_overrun: [20, "s32"], si_value: [24, "u64"] },
  },
  rt: {
    size: 128,
    fields: { ...HEADER, si_pid: [16, "s32"], si_uid: [20, "u32"], si_value: [24, "u64"] },
  },
  chld: {
    size: 128,
    fields: {
      ...HEADER,
      si_pid: [16, "s32"],
      si_uid: [20, "u32"],
      si_status: [24, "s32"],
      si_utime: [32, "s64"],
      si_stime: [40, "s64"],
    },
  },
  fault: { size: 128, fields: { ...HEADER, si_addr: [16, "u64"] } },
  poll: { size: 128, fields: { ...HEADER, si_band: [16, "s64"], si_fd: [24, "s32"] } },
  sys: {
    size: 128,
    fields: {
      ...HEADER,
      si_call_addr: [16, "u64"],
      si_syscall: [24, "s32"],
      si_arch: [28, "u32"],
    },
  },
} as const;

/** How many codes each signal has of its own; past them the kernel sees SIL_KILL. */
const OWN_CODES: ReadonlyMap<number, readonly [count: number, kind: SiginfoKind]> = new Map<
  number,
  readonly [number, SiginfoKind]
>([
  [SIGILL, [11, "fault"]],
  [SIGFPE, [15, "fault"]],
  [SIGSEGV, [10, "fault"]],
  [SIGBUS, [5, "fault"]],
  [SIGTRAP, [6, "fault"]],
  [SIGCHLD, [6, "chld"]],
  [SIGIO, [6, "poll"]],
  [SIGSYS, [2, "sys"]],
]);

/** Which union member is valid: siginfo_layout() of kernel/signal.c. */
export function siginfoKind(sig: number, code: number): SiginfoKind {
  if (code > SI_USER && code < SI_KERNEL) {
    const own = OWN_CODES.get(sig);
    if (own !== undefined && code <= own[0]) return own[1];
    return code <= 6 ? "poll" : "kill";
  }
  if (code === SI_TIMER) return "timer";
  if (code === SI_SIGIO) return "poll";
  return code < 0 ? "rt" : "kill";
}

/** The 128 bytes of a siginfo_t. */
export function encodeSiginfo(info: Siginfo): Uint8Array {
  const bytes = new Uint8Array(SIGINFO_SIZE_BYTES);
  const view = new DataView(bytes.buffer);
  const layout = SIGINFO_LAYOUTS[siginfoKind(info.si_signo, info.si_code)];
  encodeStruct<AbiLayout>(layout, { ...info }, view);
  return bytes;
}

/** Reads a siginfo_t back; the members present are those of its kind. */
export function decodeSiginfo(bytes: Uint8Array): Siginfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = siginfoKind(view.getInt32(0, true), view.getInt32(8, true));
  return decodeStruct(SIGINFO_LAYOUTS[kind], view) as Siginfo;
}
