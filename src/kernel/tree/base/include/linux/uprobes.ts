/**
 * Breakpoints of the kernel in the text of programs. After include/linux/uprobes.h of 3.5; the probes
 * themselves are kernel/trace/trace_uprobe's.
 */
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { siginfo_t } from "linux/signal";
import { bool, cstring, ptr } from "linux/types";

export declare function uprobe_active(): bool;
/** A new program is in place: its breakpoints are put in. */
export declare function uprobe_exec(task: ptr<task_struct>, filename: cstring): void;
/** Was it a breakpoint of ours, or the step over one? Then nobody is to hear of the signal. */
export declare function uprobe_deny_signal(
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
): bool;
