/**
 * ptrace-stops: how a tracee stops, what its tracer is told, and what a restart brings back.
 *
 * Source: kernel/signal.c of 6.1 (ptrace_stop, ptrace_signal, do_jobctl_trap), ptrace(2) "Stopped
 * states". Left out: SYSEMU.
 */
import {
  PTRACE_EVENT_EXEC,
  PTRACE_EVENT_EXIT,
  PTRACE_EVENT_STOP,
  PTRACE_EVENT_VFORK_DONE,
  PTRACE_EVENTMSG_SYSCALL_ENTRY,
  PTRACE_EVENTMSG_SYSCALL_EXIT,
  PTRACE_O_TRACEEXEC,
  PTRACE_O_TRACEEXIT,
  PTRACE_O_TRACESYSGOOD,
  PTRACE_O_TRACEVFORKDONE,
  PTRACE_SYSGOOD_BIT,
} from "../abi/ptrace.ts";
import { SI_USER, type Siginfo } from "../abi/siginfo.ts";
import { SIGTRAP } from "../abi/signal-numbers.ts";
import type { Kpath } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { SIGKILL_BIT } from "../signal/signal-types.ts";
import { type Kernel, SCHEDULE } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { reportTrap } from "../task/tracer-link.ts";

/**
 * Stops the calling tracee. `code` is what its wait status holds above the 0x7f. Answers the signal
 * that the restart injected, 0 for none.
 */
export function* ptraceStop(
  k: Kernel,
  task: Task,
  code: number,
  info: Siginfo | undefined,
): Kpath<number> {
  const { ptrace } = task;
  // The tracer may have gone, or SIGKILL may have come, while we were on our way.
  if (ptrace.tracer === undefined || isKilled(task)) return 0;
  ptrace.injected = 0;
  ptrace.siginfo = info;
  ptrace.trapStop = false;
  if (code >> 8 === PTRACE_EVENT_STOP) ptrace.trapNotify = false;
  k.setRunState(task, "traced");
  reportTrap(k, task, code);
  while (task.runState === "traced") yield SCHEDULE;
  ptrace.exitCode = 0;
  ptrace.listening = false;
  recalcSigpending(task);
  return ptrace.injected;
}

/** SIGKILL is on its way: nothing may stop the task any more. */
export const isKilled = (task: Task): boolean => (task.pending.set & SIGKILL_BIT) !== 0n;

const trapInfo = (task: Task, code: number): Siginfo => ({
  si_signo: SIGTRAP,
  si_errno: 0,
  si_code: code,
  si_pid: task.tid,
  si_uid: task.cred.uid,
});

/** PTRACE_EVENT_*: stops if the tracer asked for this one. True if it did. */
export function* ptraceEvent(
  k: Kernel,
  task: Task,
  option: number,
  event: number,
  message: number,
): Kpath<boolean> {
  const { ptrace } = task;
  if (ptrace.tracer === undefined || (ptrace.options & option) === 0) return false;
  ptrace.message = message;
  const code = SIGTRAP | (event << 8);
  yield* ptraceStop(k, task, code, trapInfo(task, code));
  return true;
}

/** A syscall-stop. A signal given at its restart is queued, as it has always been. */
export function* syscallStop(
  k: Kernel,
  task: Task,
  kind: "syscall-entry" | "syscall-exit",
): Kpath<void> {
  const { ptrace } = task;
  const { tracer } = ptrace;
  ptrace.message =
    kind === "syscall-entry" ? PTRACE_EVENTMSG_SYSCALL_ENTRY : PTRACE_EVENTMSG_SYSCALL_EXIT;
  const code = SIGTRAP | ((ptrace.options & PTRACE_O_TRACESYSGOOD) !== 0 ? PTRACE_SYSGOOD_BIT : 0);
  const sig = yield* ptraceStop(k, task, code, trapInfo(task, code));
  if (sig !== 0) sendSignalInfo(k, task, fromTracer(tracer, sig), false);
}

const fromTracer = (tracer: Task | undefined, sig: number): Siginfo => ({
  si_signo: sig,
  si_errno: 0,
  si_code: SI_USER,
  si_pid: tracer?.tgid ?? 0,
  si_uid: tracer?.cred.uid ?? 0,
});

/** Signal-delivery-stop. Answers what the tracer lets through, or makes of it. */
export function* signalStop(k: Kernel, task: Task, info: Siginfo): Kpath<Siginfo | undefined> {
  const { ptrace } = task;
  const { tracer } = ptrace;
  const sig = yield* ptraceStop(k, task, info.si_signo, info);
  if (tracer === undefined || ptrace.siginfo === undefined) return info;
  if (sig === 0) return undefined;
  return sig === ptrace.siginfo.si_signo ? ptrace.siginfo : fromTracer(tracer, sig);
}

/** A group-stop, as a tracee takes part in it. */
export function* groupStop(k: Kernel, task: Task, sig: number): Kpath<void> {
  if (!task.ptrace.seized) {
    yield* ptraceStop(k, task, sig, undefined);
    return;
  }
  const code = sig | (PTRACE_EVENT_STOP << 8);
  yield* ptraceStop(k, task, code, trapInfo(task, code));
}

/** do_jobctl_trap(): the stop that ATTACH to a stopped task, SEIZE's INTERRUPT or a SIGCONT asked for. */
export function* trap(k: Kernel, task: Task): Kpath<void> {
  task.ptrace.trapStop = false;
  task.ptrace.trapNotify = false;
  recalcSigpending(task);
  const sig = task.group.stopSignal;
  if (sig !== 0) yield* groupStop(k, task, sig);
  else if (task.ptrace.seized) {
    const code = SIGTRAP | (PTRACE_EVENT_STOP << 8);
    yield* ptraceStop(k, task, code, trapInfo(task, code));
  }
}

/** exec: an event for those who asked, a plain SIGTRAP for a tracer that attached the old way. */
export function* execStop(k: Kernel, task: Task, formerTid: number): Kpath<void> {
  if (task.ptrace.tracer === undefined) return;
  if (yield* ptraceEvent(k, task, PTRACE_O_TRACEEXEC, PTRACE_EVENT_EXEC, formerTid)) return;
  if (!task.ptrace.seized)
    sendSignalInfo(
      k,
      task,
      {
        si_signo: SIGTRAP,
        si_errno: 0,
        si_code: SI_USER,
        si_pid: task.tgid,
        si_uid: task.cred.uid,
      },
      false,
    );
}

export const exitStop = (k: Kernel, task: Task, status: number): Kpath<boolean> =>
  ptraceEvent(k, task, PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT, status);

export const vforkDoneStop = (k: Kernel, task: Task, childTid: number): Kpath<boolean> =>
  ptraceEvent(k, task, PTRACE_O_TRACEVFORKDONE, PTRACE_EVENT_VFORK_DONE, childTid);
