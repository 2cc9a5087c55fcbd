/**
 * Where signals meet tracers, and the exported ways to send one. After kernel/signal.c of 2.6.32;
 * queues, masks and delivery are the core's.
 */
import {
  HOOK_CONSIDER_SIGNAL,
  HOOK_FORCE_SIGPENDING,
  HOOK_GET_SIGNAL,
  HOOK_NOTIFY_JCTL,
  HOOK_SIGNAL_HANDLER,
  dequeue_signal,
  register_hook,
  signal_action,
} from "core/port";
import { crash_suspend, crash_suspend_active } from "linux/crash_suspend";
import { core_initcall } from "linux/init";
import { EXPORT_SYMBOL, EXPORT_SYMBOL_GPL } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import {
  fatal_signal_pending,
  k_sigaction,
  send_sig,
  send_sig_info,
  SIG_DFL,
  sig_kernel_coredump,
  siginfo_t,
  signal_pending,
} from "linux/signal";
import {
  tracehook_consider_ignored_signal,
  tracehook_force_sigpending,
  tracehook_get_signal,
  tracehook_notify_jctl,
  tracehook_signal_handler,
} from "linux/tracehook";
import { bool, int, ptr } from "linux/types";
import { uprobe_active, uprobe_deny_signal } from "linux/uprobes";

function get_signal_to_deliver(
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
  return_ka: ptr<k_sigaction>,
): int {
  const signr: int = tracehook_get_signal(task, regs, info, return_ka);
  if (signr || task.ptrace || (!uprobe_active() && !crash_suspend_active())) return signr;
  const sig: int = dequeue_signal(task, info);
  if (sig <= 0) return 0;
  if (uprobe_deny_signal(task, regs, info)) return -1;
  const action: ptr<k_sigaction> = signal_action(task, sig);
  return_ka.sa_handler = action.sa_handler;
  return_ka.sa_flags = action.sa_flags;
  return_ka.sa_mask = action.sa_mask;
  if (action.sa_handler === SIG_DFL && sig_kernel_coredump(sig)) crash_suspend(task, sig);
  // It was killed meanwhile.
  return fatal_signal_pending(task) ? -1 : sig;
}

function consider_signal(task: ptr<task_struct>, sig: int): int {
  return tracehook_consider_ignored_signal(task, sig) ? 1 : 0;
}

function force_sigpending(task: ptr<task_struct>): int {
  return tracehook_force_sigpending(task) ? 1 : 0;
}

function do_notify_parent_cldstop(notify: int, why: int): int {
  return tracehook_notify_jctl(notify, why);
}

function handle_signal(sig: int, regs: ptr<pt_regs>, stepping: bool): void {
  tracehook_signal_handler(sig, regs, stepping);
}

function signals_init(): int {
  register_hook(HOOK_GET_SIGNAL, get_signal_to_deliver);
  register_hook(HOOK_CONSIDER_SIGNAL, consider_signal);
  register_hook(HOOK_FORCE_SIGPENDING, force_sigpending);
  register_hook(HOOK_NOTIFY_JCTL, do_notify_parent_cldstop);
  register_hook(HOOK_SIGNAL_HANDLER, handle_signal);
  return 0;
}

core_initcall(signals_init);
EXPORT_SYMBOL(send_sig);
EXPORT_SYMBOL(send_sig_info);
EXPORT_SYMBOL(signal_pending);
EXPORT_SYMBOL_GPL(fatal_signal_pending);
