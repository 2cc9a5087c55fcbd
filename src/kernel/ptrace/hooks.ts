/**
 * The core's own ptrace as a `PtraceParty`: its answers at the core's call points, and what the
 * system call asks of it. Source: include/linux/ptrace.h and tracehook.h of 2.6.32, where the former
 * stand as inlines.
 */
import type { Siginfo } from "../abi/siginfo.ts";
import type { Kpath } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import type { Kernel } from "../task/kernel.ts";
import { type Task, TIF_SYSCALL_PTRACE } from "../task/task.ts";
import type { PtraceParty } from "../task/trace-hooks.ts";
import { releaseTracees } from "./attach.ts";
import { attachNatively, cloneEvent, inheritTracer, nativeRequest } from "./control.ts";
import {
  execStop,
  exitStop,
  groupStop,
  isKilled,
  ptraceEvent,
  signalStop,
  syscallStop,
  trap,
  vforkDoneStop,
} from "./stop.ts";

export function nativePtrace(k: Kernel): PtraceParty {
  return {
    *syscallEntry(task: Task): Kpath<boolean> {
      yield* syscallStop(k, task, "syscall-entry");
      return isKilled(task);
    },
    *syscallExit(task: Task): Kpath<void> {
      if ((task.tif & TIF_SYSCALL_PTRACE) !== 0) yield* syscallStop(k, task, "syscall-exit");
    },
    signal: (task: Task, info: Siginfo): Kpath<Siginfo | undefined> => signalStop(k, task, info),
    groupStop: (task: Task, sig: number): Kpath<void> => groupStop(k, task, sig),
    trap: (task: Task): Kpath<void> => trap(k, task),
    event: (task: Task, option: number, event: number, message: number): Kpath<boolean> =>
      ptraceEvent(k, task, option, event, message),
    *cloned(parent: Task, child: Task, flags: number): Kpath<void> {
      inheritTracer(k, parent, child, flags);
    },
    *cloneDone(parent: Task, child: Task, flags: number): Kpath<void> {
      const event = cloneEvent(flags);
      if (event !== undefined) yield* ptraceEvent(k, parent, event.option, event.event, child.tid);
    },
    *vforkDone(parent: Task, childTid: number): Kpath<void> {
      yield* vforkDoneStop(k, parent, childTid);
    },
    exec: (task: Task, formerTid: number): Kpath<void> => execStop(k, task, formerTid),
    *exit(task: Task, status: number): Kpath<number> {
      yield* exitStop(k, task, status);
      return status;
    },
    *death(task: Task): Kpath<void> {
      yield* releaseTracees(k, task);
    },
    reap(): void {},
    groupContinued(task: Task): void {
      // A seized tracee traps again so that its tracer learns of the change.
      task.ptrace.trapNotify = true;
      recalcSigpending(task);
      if (task.ptrace.listening || task.runState === "stopped") k.makeRunnable(task);
      else k.signalWake(task);
    },
    attach: (tracer, tracee, kind, options) => attachNatively(k, tracer, tracee, kind, options),
    isStopped: (tracee) => tracee.runState === "traced" && !tracee.ptrace.listening,
    request: (tracee, request, data) => nativeRequest(k, tracee, request, data),
    options: (tracee) => tracee.ptrace.options,
    siginfo: (tracee) => tracee.ptrace.siginfo,
    setSiginfo(tracee, info): void {
      tracee.ptrace.siginfo = info;
    },
  };
}
