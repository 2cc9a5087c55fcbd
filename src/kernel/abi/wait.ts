/**
 * wait4(2) and waitid(2): options, id types, and the status word.
 *
 * Source: linux/wait.h of Linux 6.1; the status encoding is kernel/exit.c's and <sys/wait.h>'s. A
 * ptrace event stop is a stop whose signal's upper half holds the event.
 */
export const WNOHANG = 0x1;
export const WUNTRACED = 0x2;
export const WSTOPPED = 0x2;
export const WEXITED = 0x4;
export const WCONTINUED = 0x8;
export const WNOWAIT = 0x1000000;
export const __WNOTHREAD = 0x20000000;
export const __WALL = 0x40000000;
export const __WCLONE = 0x80000000;
export const P_ALL = 0;
export const P_PID = 1;
export const P_PGID = 2;
export const P_PIDFD = 3;

/** Status of a child that continued after a job-control stop. */
export const WAIT_STATUS_CONTINUED = 0xffff;

/** The child called exit(code). */
export function waitStatusExited(code: number): number {
  return (code & 0xff) << 8;
}

/** The child was ended by a signal. */
export function waitStatusSignaled(sig: number, dumpedCore = false): number {
  return (sig & 0x7f) | (dumpedCore ? 0x80 : 0);
}

/** The child stopped; `event` is a PTRACE_EVENT_ number or 0, `sig` may carry the 0x80 of TRACESYSGOOD. */
export function waitStatusStopped(sig: number, event = 0): number {
  return (event << 16) | (sig << 8) | 0x7f;
}

export function wifexited(status: number): boolean {
  return (status & 0x7f) === 0;
}

export function wexitstatus(status: number): number {
  return (status >> 8) & 0xff;
}

export function wifsignaled(status: number): boolean {
  const low = status & 0x7f;
  return low !== 0 && low !== 0x7f;
}

export function wtermsig(status: number): number {
  return status & 0x7f;
}

export function wcoredump(status: number): boolean {
  return (status & 0x80) !== 0;
}

export function wifstopped(status: number): boolean {
  return (status & 0xff) === 0x7f;
}

/** The stopping signal; 0x80 is or-ed in at a syscall-stop under PTRACE_O_TRACESYSGOOD. */
export function wstopsig(status: number): number {
  return (status >> 8) & 0xff;
}

/** The PTRACE_EVENT_ number of a stop, or 0. */
export function wstopevent(status: number): number {
  return status >> 16;
}

export function wifcontinued(status: number): boolean {
  return status === WAIT_STATUS_CONTINUED;
}

/** struct rusage, as wait4 and getrusage fill it. */
export const RUSAGE_LAYOUT = {
  size: 144,
  fields: {
    ru_utime_sec: [0, "s64"],
    ru_utime_usec: [8, "s64"],
    ru_stime_sec: [16, "s64"],
    ru_stime_usec: [24, "s64"],
    ru_maxrss: [32, "s64"],
    ru_minflt: [64, "s64"],
    ru_majflt: [72, "s64"],
    ru_nvcsw: [128, "s64"],
    ru_nivcsw: [136, "s64"],
  },
} as const;
