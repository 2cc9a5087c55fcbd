/**
 * Who traces whom, and what wait4 may tell of it. Every kernel has this; what stops a tracee and sets
 * it going again is the business of a `PtraceParty`.
 *
 * Source: kernel/ptrace.c of 6.1 (__ptrace_link, __ptrace_unlink), kernel/signal.c (ptrace_stop's
 * do_notify_parent_cldstop).
 */
import { CLD_TRAPPED } from "../abi/siginfo.ts";
import { KIND } from "../event/log.ts";
import { COST_PTRACE_STOP_NS } from "../hw/costs.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { notifyParent } from "../signal/send.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";
import type { AttachKind } from "./trace-hooks.ts";

/** Makes `tracer` the tracer. Whoever calls has done the refusing. */
export function linkTracer(k: Kernel, tracer: Task, tracee: Task, kind: AttachKind): void {
  tracee.ptrace.tracer = tracer;
  tracee.ptrace.seized = kind === "seize";
  tracer.tracees.add(tracee);
  k.log.emit("ptrace-attach", tracee.tid, kind);
}

/** A child comes under its parent's tracer. */
export function inheritLink(k: Kernel, parent: Task, child: Task): void {
  const { tracer, seized } = parent.ptrace;
  if (tracer === undefined) return;
  child.ptrace.tracer = tracer;
  child.ptrace.seized = seized;
  tracer.tracees.add(child);
  k.log.emit("ptrace-attach", child.tid, "clone");
}

/** Nobody traces it any more: a live one owes its group the stop that it missed. */
export function unlinkTracer(k: Kernel, tracee: Task): void {
  const { ptrace, group } = tracee;
  ptrace.tracer?.tracees.delete(tracee);
  ptrace.tracer = undefined;
  ptrace.seized = false;
  k.log.emitNumbers(KIND["ptrace-detach"], tracee.tid);
  if (tracee.isDead) return;
  if (group.stopSignal !== 0 && !tracee.stopPending) {
    tracee.stopPending = true;
    group.stopCount++;
  }
  recalcSigpending(tracee);
}

/** A tracee has stopped. `code` is what its wait status holds above the 0x7f. */
export function reportTrap(k: Kernel, tracee: Task, code: number): void {
  const { tracer } = tracee.ptrace;
  if (tracer === undefined) return;
  tracee.ptrace.exitCode = code;
  k.clock.now += COST_PTRACE_STOP_NS;
  k.log.emitNumbers(KIND["ptrace-stop"], tracer.tid, (code << 8) | 0x7f);
  notifyParent(k, tracee, CLD_TRAPPED, code & 0x7f, tracer.group);
}
