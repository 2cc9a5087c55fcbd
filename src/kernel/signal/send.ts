/**
 * Sending a signal: what it does before anybody takes it. Stop signals and SIGCONT cancel each
 * other here, at send time; ignored signals vanish here; fatal ones start the death of the group.
 *
 * Source: kernel/signal.c of 6.1 (prepare_signal, __send_signal_locked, complete_signal, do_send_sig_info).
 * Left out: the per-user limit's exact accounting, signalfd, pid namespaces and their inits.
 */
import { CAP_KILL } from "../abi/capability.ts";
import { EPERM } from "../abi/errno.ts";
import { CLD_CONTINUED, SI_KERNEL, SI_USER, type Siginfo } from "../abi/siginfo.ts";
import {
  SA_NOCLDSTOP,
  SIG_DFL,
  SIG_IGN,
  type SignalDefault,
  signalDefault,
} from "../abi/signal.ts";
import {
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
} from "../abi/signal-numbers.ts";
import { KIND } from "../event/log.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task, ThreadGroup } from "../task/task.ts";
import { SIGKILL_BIT, sigBit } from "./signal-types.ts";

export const STOP_SIGNALS: bigint =
  sigBit(SIGSTOP) | sigBit(SIGTSTP) | sigBit(SIGTTIN) | sigBit(SIGTTOU);

/** Has the process no handler for `sig`, so that the default applies? */
const isDefault = (task: Task, sig: number): boolean => task.sighand[sig]?.handler === SIG_DFL;

/** sig_ignored(): would taking the signal do nothing at all? A tracer still wants to see it. */
function isIgnored(k: Kernel, task: Task, sig: number): boolean {
  if ((task.blocked & sigBit(sig)) !== 0n) return false;
  if (task.ptrace.tracer !== undefined && sig !== SIGKILL) return false;
  if (task.group.unkillable && isDefault(task, sig)) return true;
  // Of a tracer or an engine SIGKILL asks nothing.
  if (sig === SIGKILL) return false;
  return hasNoEffect(task, sig) && !k.tree.wantsIgnored(task, sig);
}

/** The disposition is SIG_IGN, or SIG_DFL of a signal whose default is to be ignored. */
export function hasNoEffect(task: Task, sig: number): boolean {
  const handler = task.sighand[sig]?.handler ?? SIG_DFL;
  if (handler === SIG_IGN) return true;
  const effect: SignalDefault = signalDefault(sig);
  return handler === SIG_DFL && (effect === "ignore" || (effect === "continue" && sig !== SIGCONT));
}

/** prepare_signal(): stops and continues undo each other. */
function cancelOpposites(k: Kernel, group: ThreadGroup, sig: number): void {
  const bit = sigBit(sig);
  if ((STOP_SIGNALS & bit) !== 0n) {
    flushAll(group, sigBit(SIGCONT));
  } else if (sig === SIGCONT) {
    flushAll(group, STOP_SIGNALS);
    continueGroup(k, group);
  }
}

function flushAll(group: ThreadGroup, mask: bigint): void {
  group.pending.flush(mask);
  for (const thread of group.threads) thread.pending.flush(mask);
}

/** SIGCONT's effect at send time, which no mask, handler or tracer can veto. */
function continueGroup(k: Kernel, group: ThreadGroup): void {
  const wasStopped = group.stopSignal !== 0;
  for (const thread of group.threads) {
    thread.stopPending = false;
    if (thread.ptrace.seized && thread.ptrace.tracer !== undefined) k.ptrace.groupContinued(thread);
    else if (thread.runState === "stopped") k.makeRunnable(thread);
  }
  if (!wasStopped) return;
  group.stopSignal = 0;
  group.stopCount = 0;
  group.stopReport = 0;
  group.continueReport = true;
  k.log.emitNumbers(KIND["group-continue"], group.tgid);
  notifyParent(k, group.leader, CLD_CONTINUED, SIGCONT);
}

/** Sends to one thread, or to its whole process. Returns 0 or a negative errno. */
export function sendSignalInfo(k: Kernel, task: Task, info: Siginfo, toGroup: boolean): number {
  const sig = info.si_signo;
  const { group } = task;
  if (task.isDead && group.threads.length === 0) return 0;
  k.log.emitNumbers(KIND["signal-send"], task.tid, sig, info.si_code);
  cancelOpposites(k, group, sig);
  if (isIgnored(k, task, sig)) return 0;
  const pending = toGroup ? group.pending : task.pending;
  if (!pending.add(info)) return 0;
  group.signalWait.wakeAll();
  const target = toGroup ? chooseThread(task, sig) : task;
  if (target === undefined) return 0;
  if (sig === SIGKILL || isFatal(k, target, sig)) {
    for (const thread of group.threads) {
      thread.pending.set |= SIGKILL_BIT;
      k.signalWake(thread, true);
    }
    beginGroupExit(group, sig);
    return 0;
  }
  if ((target.blocked & sigBit(sig)) === 0n) k.signalWake(target);
  return 0;
}

/** Stands in a group-stop or before its tracer: until it goes on it takes nothing but SIGKILL. */
const isHeld = ({ runState }: Task): boolean => runState === "stopped" || runState === "traced";

/** complete_signal(): a deadly default that nobody can intercept kills the group at once. */
function isFatal(k: Kernel, target: Task, sig: number): boolean {
  return (
    isDefault(target, sig) &&
    signalDefault(sig) === "terminate" &&
    (target.blocked & sigBit(sig)) === 0n &&
    !isHeld(target) &&
    !target.group.threads.some((thread) => thread.ptrace.tracer !== undefined) &&
    !k.tree.wantsSignals(target)
  );
}

function beginGroupExit(group: ThreadGroup, sig: number): void {
  if (group.exiting) return;
  group.exiting = true;
  group.exitCode = sig;
}

/** wants_signal(): one that can act on it now, else one that will when it goes on. */
function chooseThread(main: Task, sig: number): Task | undefined {
  const wants = (thread: Task): boolean => (thread.blocked & sigBit(sig)) === 0n && !thread.isDead;
  const candidates = [main, ...main.group.threads].filter(wants);
  return candidates.find((thread) => !isHeld(thread)) ?? candidates[0];
}

/** A signal from the kernel itself to one thread. */
export function sendKernelSignal(k: Kernel, task: Task, sig: number): number {
  return sendSignalInfo(k, task, { si_signo: sig, si_errno: 0, si_code: SI_KERNEL }, false);
}

/** kill(2)'s siginfo, as sent by `from`. */
export const userInfo = (sig: number, from: Task, code: number = SI_USER): Siginfo => ({
  si_signo: sig,
  si_errno: 0,
  si_code: code,
  si_pid: from.tgid,
  si_uid: from.cred.uid,
});

/** force_sig_info(): a fault cannot be blocked or ignored; if it is, the default kills. */
export function forceSignal(k: Kernel, task: Task, info: Siginfo): void {
  const bit = sigBit(info.si_signo);
  const action = task.sighand[info.si_signo];
  if (action !== undefined && ((task.blocked & bit) !== 0n || action.handler === SIG_IGN)) {
    task.sighand[info.si_signo] = { ...action, handler: SIG_DFL };
    task.blocked &= ~bit;
  }
  // A fault of its own ends even init; under a tracer it is spared, as the tracer expects.
  if (isDefault(task, info.si_signo) && task.ptrace.tracer === undefined)
    task.group.unkillable = false;
  k.log.emitNumbers(KIND["signal-send"], task.tid, info.si_signo, info.si_code);
  task.pending.add(info);
  k.signalWake(task, info.si_signo === SIGKILL);
}

/** Whether `from` may signal `to`: kill(2), "permission". */
export function checkKillPermission(from: Task, to: Task, sig: number): number {
  if (from.group === to.group) return 0;
  const { uid, euid } = from.cred;
  if (
    isCapable(from.cred, CAP_KILL) ||
    euid === to.cred.suid ||
    euid === to.cred.uid ||
    uid === to.cred.suid ||
    uid === to.cred.uid
  )
    return 0;
  if (sig === SIGCONT && from.group.sid === to.group.sid) return 0;
  return -EPERM;
}

/** do_notify_parent_cldstop() and do_notify_parent(): SIGCHLD with a reason, and a wake-up of wait4. */
export function notifyParent(
  k: Kernel,
  child: Task,
  code: number,
  status: number,
  to?: ThreadGroup,
  sig: number = SIGCHLD,
): void {
  const parent = to ?? child.group.parent;
  if (parent === undefined) return;
  const action = parent.leader.sighand[SIGCHLD];
  const silent =
    action !== undefined &&
    sig === SIGCHLD &&
    code >= 4 &&
    (action.handler === SIG_IGN || (action.flags & SA_NOCLDSTOP) !== 0);
  if (!silent && sig !== 0 && parent.threads.length > 0) {
    sendSignalInfo(
      k,
      parent.leader.isDead ? (parent.threads[0] as Task) : parent.leader,
      {
        si_signo: sig,
        si_errno: 0,
        si_code: code,
        si_pid: child.tid,
        si_uid: child.cred.uid,
        si_status: status,
        si_utime: 0,
        si_stime: 0,
      },
      true,
    );
  }
  parent.childWait.wakeAll();
}
