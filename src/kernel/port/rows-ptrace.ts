/**
 * Port rows for a tree that does ptrace(2)'s stops itself: the link between tracer and tracee, what
 * wait4 may tell, and single stepping.
 *
 * Source: kernel/ptrace.c of 2.6.32 (__ptrace_link, __ptrace_unlink); include/linux/ptrace.h
 * (user_enable_single_step).
 */
import { sigBit } from "../signal/signal-types.ts";
import type { AttachKind } from "../task/trace-hooks.ts";
import { inheritLink, linkTracer, reportTrap, unlinkTracer } from "../task/tracer-link.ts";
import { currentTask, type PortContext, type PortRow, taskAt } from "./context.ts";

/** What PTRACE_ATTACH's hook is told of how it came to that, by number. */
export const ATTACH_KINDS: readonly AttachKind[] = ["attach", "seize", "traceme"];

function link(p: PortContext, tracer: number, tracee: number, kind: number): number {
  linkTracer(p.k, taskAt(p, tracer), taskAt(p, tracee), ATTACH_KINDS[kind] ?? "attach");
  return 0;
}

function setSingleStep(p: PortContext, task: number, on: boolean): number {
  taskAt(p, task).singleStep = on;
  return 0;
}

export const ROWS_PTRACE: readonly PortRow[] = [
  {
    proto: "ptrace_link(tracer: ptr<task_struct>, tracee: ptr<task_struct>, kind: int): void",
    plain: (p, tracer, tracee, kind) => link(p, tracer as number, tracee as number, kind as number),
  },
  {
    proto: "ptrace_link_child(child: ptr<task_struct>): void",
    plain: (p, child) => {
      inheritLink(p.k, currentTask(p), taskAt(p, child as number));
      return 0;
    },
  },
  {
    proto: "ptrace_unlink(tracee: ptr<task_struct>): void",
    plain: (p, tracee) => {
      unlinkTracer(p.k, taskAt(p, tracee as number));
      return 0;
    },
  },
  {
    proto: "ptrace_report_trap(tracee: ptr<task_struct>, code: int): void",
    plain: (p, tracee, code) => {
      reportTrap(p.k, taskAt(p, tracee as number), code as number);
      return 0;
    },
  },
  {
    proto: "ptrace_forget_trap(tracee: ptr<task_struct>): void",
    plain: (p, tracee) => {
      taskAt(p, tracee as number).ptrace.exitCode = 0;
      return 0;
    },
  },
  {
    proto: "group_stop_signal(task: ptr<task_struct>): int",
    plain: (p, task) => taskAt(p, task as number).group.stopSignal,
  },
  {
    proto: "signal_blocked(task: ptr<task_struct>, sig: int): int",
    plain: (p, task, sig) =>
      (taskAt(p, task as number).blocked & sigBit(sig as number)) !== 0n ? 1 : 0,
  },
  {
    // Only what runs on a hart has instructions to step over.
    proto: "can_single_step(task: ptr<task_struct>): int",
    plain: (p, task) => (taskAt(p, task as number).user.fp === undefined ? 0 : 1),
  },
  {
    proto: "user_enable_single_step(task: ptr<task_struct>): void",
    plain: (p, task) => setSingleStep(p, task as number, true),
  },
  {
    proto: "user_disable_single_step(task: ptr<task_struct>): void",
    plain: (p, task) => setSingleStep(p, task as number, false),
  },
];
