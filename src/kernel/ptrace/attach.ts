/**
 * Who traces whom: becoming a tracer, inheriting tracees through clone, and letting go.
 *
 * Source: kernel/ptrace.c of 6.1 (ptrace_attach, __ptrace_may_access, __ptrace_detach,
 * exit_ptrace); ptrace(2) "Ptrace access mode checking". Of LSMs there are capabilities and Yama.
 */
import { CAP_SYS_ADMIN, CAP_SYS_PTRACE } from "../abi/capability.ts";
import { CLONE_PTRACE, CLONE_UNTRACED, CLONE_VFORK, CSIGNAL } from "../abi/clone.ts";
import { EINVAL, EIO, EPERM } from "../abi/errno.ts";
import {
  PTRACE_EVENT_CLONE,
  PTRACE_EVENT_FORK,
  PTRACE_EVENT_VFORK,
  PTRACE_O_EXITKILL,
  PTRACE_O_MASK,
  PTRACE_O_SUSPEND_SECCOMP,
  PTRACE_O_TRACECLONE,
  PTRACE_O_TRACEFORK,
  PTRACE_O_TRACEVFORK,
} from "../abi/ptrace.ts";
import { ERESTARTNOINTR } from "../abi/restart.ts";
import { SI_KERNEL, type Siginfo } from "../abi/siginfo.ts";
import { SIGCHLD, SIGKILL, SIGSTOP } from "../abi/signal-numbers.ts";
import { KIND } from "../event/log.ts";
import type { Kpath } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { isCapable } from "../task/cred.ts";
import { notifyGroupDeath, releaseTask } from "../task/exit.ts";
import type { Kernel } from "../task/kernel.ts";
import { type Task, TIF_SYSCALL_PTRACE } from "../task/task.ts";
import { yamaAllows, yamaAllowsTraceMe } from "./yama.ts";

/** __ptrace_may_access(): same owner in every respect and dumpable, or CAP_SYS_PTRACE. */
export function mayAccess(tracer: Task, target: Task): boolean {
  if (tracer.group === target.group) return true;
  const { uid, gid } = tracer.cred;
  const c = target.cred;
  const sameOwner =
    uid === c.uid &&
    uid === c.euid &&
    uid === c.suid &&
    gid === c.gid &&
    gid === c.egid &&
    gid === c.sgid;
  return (sameOwner && target.group.dumpable === 1) || isCapable(tracer.cred, CAP_SYS_PTRACE);
}

/** ptrace_may_access() with PTRACE_MODE_ATTACH: what Yama has a say in. */
export const mayAttach = (k: Kernel, tracer: Task, target: Task): boolean =>
  mayAccess(tracer, target) && (tracer.group === target.group || yamaAllows(k, tracer, target));

/** Makes `tracer` the tracer. The caller has done the refusing. */
function link(
  k: Kernel,
  tracer: Task,
  tracee: Task,
  seized: boolean,
  options: number,
  how: string,
): void {
  tracee.ptrace.tracer = tracer;
  tracee.ptrace.seized = seized;
  tracee.ptrace.options = options;
  tracer.tracees.add(tracee);
  k.log.emit("ptrace-attach", tracee.tid, how);
}

const STOP_INFO: Siginfo = { si_signo: SIGSTOP, si_errno: 0, si_code: SI_KERNEL };

/** PTRACE_TRACEME: the parent becomes the tracer, nothing stops yet. */
export function traceMe(k: Kernel, task: Task): number {
  if (task.ptrace.tracer !== undefined) return -EPERM;
  const parent = task.group.parent?.leader;
  // A parent that is on its way out traces nobody, and the call succeeds all the same.
  if (parent === undefined || parent.isDead) return 0;
  if (!yamaAllowsTraceMe(k, parent)) return -EPERM;
  link(k, parent, task, false, 0, "traceme");
  return 0;
}

/** check_ptrace_options(): what a tracer may not ask for. */
export function refuseOptions(tracer: Task, options: number): number {
  if ((options & ~PTRACE_O_MASK) !== 0) return -EINVAL;
  if ((options & PTRACE_O_SUSPEND_SECCOMP) === 0) return 0;
  return isCapable(tracer.cred, CAP_SYS_ADMIN) && tracer.seccomp === undefined ? 0 : -EPERM;
}

/** PTRACE_ATTACH and PTRACE_SEIZE. ATTACH sends SIGSTOP and returns before the stop. */
export function attach(
  k: Kernel,
  tracer: Task,
  target: Task,
  seize: boolean,
  addr: number,
  options: number,
): number | Kpath<number> {
  if (seize && (addr !== 0 || (options & ~PTRACE_O_MASK) !== 0)) return -EIO;
  const refused = seize ? refuseOptions(tracer, options) : 0;
  if (refused < 0) return refused;
  if (tracer.group === target.group) return -EPERM;
  if (target.group.execing !== undefined) return attachAfterExec(k, tracer, target, seize, options);
  return attachNow(k, tracer, target, seize, options);
}

/** cred_guard_mutex: an exec that waits for its other threads holds attachers up. */
function* attachAfterExec(
  k: Kernel,
  tracer: Task,
  target: Task,
  seize: boolean,
  options: number,
): Kpath<number> {
  const { group } = target;
  while (group.execing !== undefined) {
    yield { queue: group.threadWait, interruptible: true };
    if (k.signalPending(tracer)) return -ERESTARTNOINTR;
  }
  return attachNow(k, tracer, target, seize, options);
}

function attachNow(k: Kernel, tracer: Task, target: Task, seize: boolean, options: number): number {
  if (!mayAttach(k, tracer, target)) return -EPERM;
  if (target.isDead || target.mm === undefined) return -EPERM;
  if (target.ptrace.tracer !== undefined) return -EPERM;
  link(k, tracer, target, seize, seize ? options : 0, seize ? "seize" : "attach");
  if (!seize) sendSignalInfo(k, target, STOP_INFO, false);
  if (target.runState === "stopped") {
    target.ptrace.trapStop = true;
    k.makeRunnable(target);
    recalcSigpending(target);
  }
  return 0;
}

/** Which event a clone is, and the option that asks for it. */
export function cloneEvent(
  flags: number,
): { readonly event: number; readonly option: number } | undefined {
  if ((flags & CLONE_UNTRACED) !== 0) return undefined;
  if ((flags & CLONE_VFORK) !== 0)
    return { event: PTRACE_EVENT_VFORK, option: PTRACE_O_TRACEVFORK };
  if ((flags & CSIGNAL) !== SIGCHLD)
    return { event: PTRACE_EVENT_CLONE, option: PTRACE_O_TRACECLONE };
  return { event: PTRACE_EVENT_FORK, option: PTRACE_O_TRACEFORK };
}

/** ptrace_init_task(): a child that is to be traced starts with a stop pending. */
export function inheritTracer(k: Kernel, parent: Task, child: Task, flags: number): void {
  const { tracer, options, seized } = parent.ptrace;
  if (tracer === undefined) return;
  const event = cloneEvent(flags);
  const wanted =
    (event !== undefined && (options & event.option) !== 0) || (flags & CLONE_PTRACE) !== 0;
  if (!wanted) return;
  link(k, tracer, child, seized, options, "clone");
  if (seized) child.ptrace.trapStop = true;
  else child.pending.add(STOP_INFO);
  recalcSigpending(child);
}

/** Lets a tracee go, with a signal for it if it was stopped by one. */
export function detach(k: Kernel, tracee: Task, sig: number): void {
  const { ptrace } = tracee;
  ptrace.tracer?.tracees.delete(tracee);
  ptrace.tracer = undefined;
  ptrace.seized = false;
  ptrace.options = 0;
  ptrace.trapStop = false;
  ptrace.trapNotify = false;
  ptrace.stepping = false;
  ptrace.injected = sig;
  tracee.tif &= ~TIF_SYSCALL_PTRACE;
  k.log.emitNumbers(KIND["ptrace-detach"], tracee.tid);
  if (tracee.isDead) return;
  if (tracee.group.stopSignal !== 0 && !tracee.stopPending) {
    tracee.stopPending = true;
    tracee.group.stopCount++;
  }
  recalcSigpending(tracee);
  if (tracee.runState === "traced") k.makeRunnable(tracee);
}

/** exit_ptrace(): a dying tracer lets all its tracees go, or takes them along. */
export function releaseTracees(k: Kernel, tracer: Task): void {
  for (const tracee of [...tracer.tracees]) {
    const exitKill = (tracee.ptrace.options & PTRACE_O_EXITKILL) !== 0;
    const zombie = tracee.runState === "zombie";
    detach(k, tracee, 0);
    if (exitKill)
      sendSignalInfo(k, tracee, { si_signo: SIGKILL, si_errno: 0, si_code: SI_KERNEL }, true);
    if (!zombie) continue;
    if (!tracee.isLeader) releaseTask(k, tracee);
    else if (tracee.group.isZombie) notifyGroupDeath(k, tracee.group);
  }
}
