/**
 * The documented places where core kernel code asks tracers what they think: each inline is called
 * by one place of the kernel and says what it may assume. After include/linux/tracehook.h of
 * 2.6.32. The calls into ptrace(2) are not here: the debugger interface is the core's own.
 */
import { linux_binfmt, linux_binprm } from "linux/binfmts";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { k_sigaction, siginfo_t } from "linux/signal";
import { bool, int, long, ptr, unsigned_long } from "linux/types";

/** Before the system call; nonzero refuses it. Only with TIF_SYSCALL_TRACE. */
export function tracehook_report_syscall_entry(regs: ptr<pt_regs>): int {
  return 0;
}

/** After the system call. Only with TIF_SYSCALL_TRACE. */
export function tracehook_report_syscall_exit(regs: ptr<pt_regs>): void {}

/** A new image is in place, its first instruction not run. */
export function tracehook_report_exec(
  fmt: ptr<linux_binfmt>,
  bprm: ptr<linux_binprm>,
  regs: ptr<pt_regs>,
): void {}

/** Start of exit: everything is still live and `code` may be changed. */
export function tracehook_report_exit(code: ptr<long>): void {}

/** A task_struct came to be, or is about to go. Nobody else knows it. */
export function tracehook_init_task(task: ptr<task_struct>): void {}
export function tracehook_free_task(task: ptr<task_struct>): void {}

/** In the parent, child made but not yet runnable. */
export function tracehook_report_clone(clone_flags: unsigned_long, child: ptr<task_struct>): void {}

/** The child may run, or has; the parent is not back yet, nor does it wait for a vfork. */
export function tracehook_report_clone_complete(
  clone_flags: unsigned_long,
  child: ptr<task_struct>,
): void {}

/** The task is a zombie now. */
export function tracehook_report_death(task: ptr<task_struct>, group_dead: bool, sig: int): void {}

/** The zombie is about to be reaped, maybe by somebody else. */
export function tracehook_prepare_release_task(task: ptr<task_struct>): void {}

/**
 * Instead of taking a signal from the queue. 0: take one as usual. -1: look again. Otherwise a
 * signal whose default action, or `return_ka`, is what happens.
 */
export function tracehook_get_signal(
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
  return_ka: ptr<k_sigaction>,
): int {
  return 0;
}

/** Must an ignored signal be queued all the same, because somebody wants to see it? */
export function tracehook_consider_ignored_signal(task: ptr<task_struct>, sig: int): bool {
  return false;
}

/** Must the thread take the signal path although no signal is pending? */
export function tracehook_force_sigpending(task: ptr<task_struct>): bool {
  return false;
}

/** A handler's frame has just been made. */
export function tracehook_signal_handler(
  sig: int,
  regs: ptr<pt_regs>,
  stepping: bool,
): void {}

/** A group stops or continues; returns what the parent is told, 0 for nothing. */
export function tracehook_notify_jctl(notify: int, why: int): int {
  return notify;
}

/** On the way to user mode with TIF_NOTIFY_RESUME, which has been cleared. */
export function tracehook_notify_resume(regs: ptr<pt_regs>): void {}
