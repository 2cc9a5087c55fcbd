/**
 * Who may trace whom: the refusals before anybody becomes a tracer, and a tracer's end.
 *
 * Source: kernel/ptrace.c of 6.1 (ptrace_attach, __ptrace_may_access, exit_ptrace); ptrace(2)
 * "Ptrace access mode checking". Of LSMs there are capabilities and Yama.
 */
import { CAP_SYS_ADMIN, CAP_SYS_PTRACE } from "../abi/capability.ts";
import { EINVAL, EIO, EPERM } from "../abi/errno.ts";
import {
  PTRACE_DETACH,
  PTRACE_O_EXITKILL,
  PTRACE_O_MASK,
  PTRACE_O_SUSPEND_SECCOMP,
} from "../abi/ptrace.ts";
import { ERESTARTNOINTR } from "../abi/restart.ts";
import { SI_KERNEL } from "../abi/siginfo.ts";
import { SIGKILL } from "../abi/signal-numbers.ts";
import type { Kpath } from "../lib/wait.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { isCapable } from "../task/cred.ts";
import { notifyGroupDeath, releaseTask } from "../task/exit.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
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

/** PTRACE_TRACEME: the parent becomes the tracer, nothing stops yet. */
export function traceMe(k: Kernel, task: Task): number | Kpath<number> {
  if (task.ptrace.tracer !== undefined) return -EPERM;
  const parent = task.group.parent?.leader;
  // A parent that is on its way out traces nobody, and the call succeeds all the same.
  if (parent === undefined || parent.isDead) return 0;
  if (!yamaAllowsTraceMe(k, parent)) return -EPERM;
  return k.ptrace.attach(parent, task, "traceme", 0);
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
  const done = attachNow(k, tracer, target, seize, options);
  return typeof done === "number" ? done : yield* done;
}

function attachNow(
  k: Kernel,
  tracer: Task,
  target: Task,
  seize: boolean,
  options: number,
): number | Kpath<number> {
  if (!mayAttach(k, tracer, target)) return -EPERM;
  if (target.isDead || target.mm === undefined) return -EPERM;
  if (target.ptrace.tracer !== undefined) return -EPERM;
  return k.ptrace.attach(tracer, target, seize ? "seize" : "attach", seize ? options : 0);
}

/** exit_ptrace(): a dying tracer lets all its tracees go, or takes them along. */
export function* releaseTracees(k: Kernel, tracer: Task): Kpath<void> {
  for (const tracee of [...tracer.tracees]) {
    const exitKill = (k.ptrace.options(tracee) & PTRACE_O_EXITKILL) !== 0;
    const zombie = tracee.runState === "zombie";
    const detached = k.ptrace.request(tracee, PTRACE_DETACH, 0);
    if (typeof detached !== "number") yield* detached;
    if (exitKill)
      sendSignalInfo(k, tracee, { si_signo: SIGKILL, si_errno: 0, si_code: SI_KERNEL }, true);
    if (!zombie) continue;
    if (!tracee.isLeader) releaseTask(k, tracee);
    else if (tracee.group.isZombie) notifyGroupDeath(k, tracee.group);
  }
}
