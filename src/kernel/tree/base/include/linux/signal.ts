/**
 * Signals as kernel code sees them. After include/linux/signal.h and asm-generic/siginfo.h of
 * 2.6.32. Left out: that siginfo's members share their bytes, each kind of signal its own.
 */
import type { task_struct } from "linux/sched";
import {
  bool,
  int,
  long,
  pid_t,
  ptr,
  struct,
  uid_t,
  unsigned_int,
  unsigned_long,
} from "linux/types";

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGSEGV = 11;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGURG = 23;
export const SIGXCPU = 24;
export const SIGXFSZ = 25;
export const SIGWINCH = 28;
export const SIGSYS = 31;

export const SIG_DFL = 0;
export const SIG_IGN = 1;
export const SA_ONESHOT = 0x80000000;

/** si_code: who sent it. */
export const SI_USER = 0;
export const SI_KERNEL = 128;
/** si_code of SIGTRAP: a step is done. */
export const TRAP_TRACE = 2;

/** si_code of SIGCHLD, and what report_jctl is told. */
export const CLD_STOPPED = 5;
export const CLD_CONTINUED = 6;

export interface siginfo_t extends struct<"siginfo_t"> {
  si_signo: int;
  si_errno: int;
  si_code: int;
  si_pid: pid_t;
  si_uid: uid_t;
  si_status: int;
  si_utime: long;
  si_stime: long;
  si_tid: int;
  si_overrun: int;
  si_value: unsigned_long;
  si_addr: unsigned_long;
  si_band: long;
  si_fd: int;
  si_call_addr: unsigned_long;
  si_syscall: int;
  si_arch: unsigned_int;
}

export interface k_sigaction extends struct<"k_sigaction"> {
  /** A user-space address, SIG_DFL or SIG_IGN. */
  sa_handler: unsigned_long;
  sa_flags: unsigned_long;
  sa_mask: unsigned_long;
}

/** Signals whose default action dumps core. */
export function sig_kernel_coredump(sig: int): bool {
  switch (sig) {
    case SIGQUIT:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGSEGV:
    case SIGXCPU:
    case SIGXFSZ:
    case SIGSYS:
      return true;
    default:
      return false;
  }
}

/** Signals that nothing happens for by default. */
export function sig_kernel_ignore(sig: int): bool {
  return sig === SIGCONT || sig === SIGCHLD || sig === SIGWINCH || sig === SIGURG;
}

export function sig_kernel_stop(sig: int): bool {
  return sig === SIGSTOP || sig === SIGTSTP || sig === SIGTTIN || sig === SIGTTOU;
}

export declare function signal_pending(task: ptr<task_struct>): int;
export declare function fatal_signal_pending(task: ptr<task_struct>): int;
export declare function send_sig(sig: int, task: ptr<task_struct>, priv: int): int;
export declare function send_sig_info(sig: int, info: ptr<siginfo_t>, task: ptr<task_struct>): int;
