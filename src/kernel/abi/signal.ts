/**
 * Signals: names, default actions, sigaction and sigaltstack as riscv64 lays them out.
 *
 * Source: asm-generic/signal.h, signal-defs.h, kernel/signal.c (sig_kernel_*_mask) of Linux 6.1;
 * signal(7). riscv has no SA_RESTORER, so struct sigaction has no sa_restorer.
 */
import * as numbers from "./signal-numbers.ts";

export const SA_NOCLDSTOP = 0x1;
export const SA_NOCLDWAIT = 0x2;
export const SA_SIGINFO = 0x4;
export const SA_UNSUPPORTED = 0x400;
export const SA_EXPOSE_TAGBITS = 0x800;
export const SA_ONSTACK = 0x8000000;
export const SA_RESTART = 0x10000000;
export const SA_NODEFER = 0x40000000;
export const SA_RESETHAND = 0x80000000;
export const SA_NOMASK = 0x40000000;
export const SA_ONESHOT = 0x80000000;

export const SIG_BLOCK = 0;
export const SIG_UNBLOCK = 1;
export const SIG_SETMASK = 2;

export const SIG_DFL = 0;
export const SIG_IGN = 1;
export const SS_ONSTACK = 0x1;
export const SS_DISABLE = 0x2;
export const SS_AUTODISARM = 0x80000000;
export const MINSIGSTKSZ = 2048;
export const SIGSTKSZ = 8192;

/** Size of the kernel's sigset_t; the sigsetsize argument of rt_sig* must be this. */
export const SIGSET_SIZE_BYTES = 8;

/** struct sigaction as rt_sigaction takes it. sa_mask is bit (sig - 1), in two words. */
export const SIGACTION_LAYOUT = {
  size: 24,
  fields: {
    sa_handler: [0, "u64"],
    sa_flags: [8, "u64"],
    sa_mask_low: [16, "u32"],
    sa_mask_high: [20, "u32"],
  },
} as const;

/** stack_t. */
export const SIGALTSTACK_LAYOUT = {
  size: 24,
  fields: { ss_sp: [0, "u64"], ss_flags: [8, "s32"], ss_size: [16, "u64"] },
} as const;

const NAME_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(numbers)
    .filter(([, value]) => value < numbers.SIGRTMIN)
    .map(([name, value]) => [value, name]),
);

/** "SIGINT" for 2, "SIGRT_3" for 35 (strace's spelling); undefined for no signal. */
export function signalName(sig: number): string | undefined {
  if (sig >= numbers.SIGRTMIN && sig <= numbers.SIGRTMAX) {
    return sig === numbers.SIGRTMIN ? "SIGRTMIN" : `SIGRT_${sig - numbers.SIGRTMIN}`;
  }
  return NAME_OF.get(sig);
}

/** The number of "SIGINT", "INT", "int" or "2"; undefined for no signal. */
export function signalNumber(name: string): number | undefined {
  if (/^[0-9]+$/.test(name)) {
    const value = Number(name);
    return value <= numbers.SIGRTMAX ? value : undefined;
  }
  const upper = name.toUpperCase();
  const full = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  return (numbers as Readonly<Record<string, number>>)[full];
}

export type SignalDefault = "ignore" | "stop" | "continue" | "core" | "terminate";

/** What SIG_DFL does: the table of signal(7). */
const DEFAULTS: ReadonlyMap<number, SignalDefault> = new Map<number, SignalDefault>([
  [numbers.SIGCHLD, "ignore"],
  [numbers.SIGURG, "ignore"],
  [numbers.SIGWINCH, "ignore"],
  [numbers.SIGCONT, "continue"],
  [numbers.SIGSTOP, "stop"],
  [numbers.SIGTSTP, "stop"],
  [numbers.SIGTTIN, "stop"],
  [numbers.SIGTTOU, "stop"],
  [numbers.SIGQUIT, "core"],
  [numbers.SIGILL, "core"],
  [numbers.SIGTRAP, "core"],
  [numbers.SIGABRT, "core"],
  [numbers.SIGBUS, "core"],
  [numbers.SIGFPE, "core"],
  [numbers.SIGSEGV, "core"],
  [numbers.SIGXCPU, "core"],
  [numbers.SIGXFSZ, "core"],
  [numbers.SIGSYS, "core"],
]);

export function signalDefault(sig: number): SignalDefault {
  return DEFAULTS.get(sig) ?? "terminate";
}

/** struct rt_sigframe of riscv64 up to the mask that is restored: siginfo_t, then ucontext_t. */
export const SIGFRAME_LAYOUT = {
  size: 176,
  fields: { uc_sigmask_low: [168, "u32"], uc_sigmask_high: [172, "u32"] },
} as const;
