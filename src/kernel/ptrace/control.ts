/**
 * The core's own ptrace, seen from the tracer: taking a tracee on, setting it going again, letting go.
 * What the tracee does meanwhile is in `stop.ts`.
 *
 * Source: kernel/ptrace.c of 6.1 (ptrace_attach, ptrace_resume, __ptrace_detach, ptrace_init_task).
 */
import { CLONE_PTRACE, CLONE_UNTRACED, CLONE_VFORK, CSIGNAL } from "../abi/clone.ts";
import { EIO } from "../abi/errno.ts";
import {
  PTRACE_CONT,
  PTRACE_DETACH,
  PTRACE_EVENT_CLONE,
  PTRACE_EVENT_FORK,
  PTRACE_EVENT_STOP,
  PTRACE_EVENT_VFORK,
  PTRACE_GETEVENTMSG,
  PTRACE_INTERRUPT,
  PTRACE_LISTEN,
  PTRACE_O_TRACECLONE,
  PTRACE_O_TRACEFORK,
  PTRACE_O_TRACEVFORK,
  PTRACE_SETOPTIONS,
  PTRACE_SINGLESTEP,
  PTRACE_SYSCALL,
} from "../abi/ptrace.ts";
import { SI_KERNEL, type Siginfo } from "../abi/siginfo.ts";
import { SIGCHLD, SIGSTOP } from "../abi/signal-numbers.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { sendSignalInfo } from "../signal/send.ts";
import type { Kernel } from "../task/kernel.ts";
import { type Task, TIF_SYSCALL_PTRACE } from "../task/task.ts";
import type { AttachKind } from "../task/trace-hooks.ts";
import { inheritLink, linkTracer, unlinkTracer } from "../task/tracer-link.ts";

const STOP_INFO: Siginfo = { si_signo: SIGSTOP, si_errno: 0, si_code: SI_KERNEL };

/** ATTACH sends SIGSTOP and returns before the stop; what is stopped already traps. */
export function attachNatively(
  k: Kernel,
  tracer: Task,
  target: Task,
  kind: AttachKind,
  options: number,
): number {
  linkTracer(k, tracer, target, kind);
  target.ptrace.options = options;
  if (kind === "attach") sendSignalInfo(k, target, STOP_INFO, false);
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
  inheritLink(k, parent, child);
  child.ptrace.options = options;
  if (seized) child.ptrace.trapStop = true;
  else child.pending.add(STOP_INFO);
  recalcSigpending(child);
}

/** Sets a stopped tracee going again with a signal, 0 for none. */
function resume(k: Kernel, tracee: Task, sig: number, syscalls: boolean, steps = false): number {
  // Only what runs on a hart has instructions to step over.
  if (steps && tracee.user.fp === undefined) return -EIO;
  tracee.singleStep = steps;
  if (syscalls) tracee.tif |= TIF_SYSCALL_PTRACE;
  else tracee.tif &= ~TIF_SYSCALL_PTRACE;
  tracee.ptrace.injected = sig;
  tracee.ptrace.exitCode = 0;
  k.makeRunnable(tracee);
  return 0;
}

/** Lets a tracee go, with a signal for it if it was stopped by one. */
function detach(k: Kernel, tracee: Task, sig: number): number {
  const { ptrace } = tracee;
  ptrace.options = 0;
  ptrace.trapStop = false;
  ptrace.trapNotify = false;
  ptrace.injected = sig;
  tracee.singleStep = false;
  tracee.tif &= ~TIF_SYSCALL_PTRACE;
  unlinkTracer(k, tracee);
  if (tracee.runState === "traced") k.makeRunnable(tracee);
  return 0;
}

/** LISTEN: lets a seized tracee in group-stop be, but hear of what happens to its group. */
function listen(k: Kernel, tracee: Task): number {
  const { ptrace } = tracee;
  if (!ptrace.seized || ptrace.siginfo === undefined) return -EIO;
  if (ptrace.siginfo.si_code >> 8 !== PTRACE_EVENT_STOP) return -EIO;
  ptrace.listening = true;
  ptrace.exitCode = 0;
  // What happened since the stop is told now.
  if (ptrace.trapNotify) k.makeRunnable(tracee);
  return 0;
}

/** INTERRUPT: a seized tracee traps soon, running or not. */
function interrupt(k: Kernel, tracee: Task): number {
  tracee.ptrace.trapStop = true;
  recalcSigpending(tracee);
  if (tracee.ptrace.listening) k.makeRunnable(tracee);
  else k.signalWake(tracee);
  return 0;
}

function setOptions(tracee: Task, options: number): number {
  tracee.ptrace.options = options;
  return 0;
}

type Act = (k: Kernel, tracee: Task, data: number) => number;

const ACTS: ReadonlyMap<number, Act> = new Map<number, Act>([
  [PTRACE_CONT, (k, tracee, sig) => resume(k, tracee, sig, false)],
  [PTRACE_SYSCALL, (k, tracee, sig) => resume(k, tracee, sig, true)],
  [PTRACE_SINGLESTEP, (k, tracee, sig) => resume(k, tracee, sig, false, true)],
  [PTRACE_DETACH, detach],
  [PTRACE_LISTEN, listen],
  [PTRACE_INTERRUPT, interrupt],
  [PTRACE_SETOPTIONS, (_k, tracee, options) => setOptions(tracee, options)],
  [PTRACE_GETEVENTMSG, (_k, tracee) => tracee.ptrace.message],
]);

/** PtraceParty's `request`. */
export const nativeRequest = (k: Kernel, tracee: Task, request: number, data: number): number =>
  ACTS.get(request)?.(k, tracee, data) ?? -EIO;
