/**
 * The in-tree system-call tracer: `echo 1 > /sys/kernel/debug/tracing/events/syscalls/enable`.
 * After kernel/trace/trace_syscalls.c of 2.6.32, which it follows in one point above all: whoever
 * changes what it stands on changes it in the same patch.
 * Left out: an event a call, with the names of its arguments.
 */
//#ifdef CONFIG_HAVE_SYSCALL_TRACEPOINTS
import { debugfs_create_file, seq_file, seq_printf, simple_strtol } from "linux/debugfs";
import {
  TRACE_PROCESS_EXIT,
  TRACE_SYS_ENTER,
  TRACE_SYS_EXIT,
  trace_commit,
  trace_entry,
  trace_reserve,
} from "linux/ftrace_event";
import { core_initcall } from "linux/init";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { cast, cstring, int, long, NULL, ptr, size_t, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";
import {
  register_trace_sys_enter,
  register_trace_sys_exit,
  unregister_trace_sys_enter,
  unregister_trace_sys_exit,
} from "trace/events/syscalls";

let enabled: int = 0;

function ftrace_syscall_enter(data: voidp, regs: ptr<pt_regs>, id: long): void {
  const entry: ptr<trace_entry> = trace_reserve(TRACE_SYS_ENTER);
  if (!entry) return;
  entry.value = id;
  entry.args[0] = regs.a0;
  entry.args[1] = regs.a1;
  entry.args[2] = regs.a2;
  entry.args[3] = regs.a3;
  entry.args[4] = regs.a4;
  entry.args[5] = regs.a5;
  trace_commit(entry);
}

function ftrace_syscall_exit(data: voidp, regs: ptr<pt_regs>, ret: long): void {
  const entry: ptr<trace_entry> = trace_reserve(TRACE_SYS_EXIT);
  if (!entry) return;
  entry.value = regs.a7;
  entry.other = ret;
  trace_commit(entry);
}

/** A task that exits leaves its last call without an end; this line is it. */
function ftrace_process_exit(data: voidp, task: ptr<task_struct>): void {
  const entry: ptr<trace_entry> = trace_reserve(TRACE_PROCESS_EXIT);
  if (!entry) return;
  trace_commit(entry);
}

function syscall_events_on(): int {
  const ret: int = register_trace_sys_enter(ftrace_syscall_enter, NULL);
  if (ret) return ret;
  register_trace_sys_exit(ftrace_syscall_exit, NULL);
  register_trace_sched_process_exit(ftrace_process_exit, NULL);
  return 0;
}

function syscall_events_off(): void {
  unregister_trace_sys_enter(ftrace_syscall_enter, NULL);
  unregister_trace_sys_exit(ftrace_syscall_exit, NULL);
  unregister_trace_sched_process_exit(ftrace_process_exit, NULL);
}

function enable_show(m: ptr<seq_file>): int {
  seq_printf(m, "%d\n", enabled);
  return 0;
}

function enable_store(text: cstring, size: size_t): int {
  const wanted: int = simple_strtol(text) !== 0 ? 1 : 0;
  if (wanted === enabled) return cast<int>(size);
  enabled = wanted;
  if (wanted) {
    const ret: int = syscall_events_on();
    if (ret) return ret;
  } else {
    syscall_events_off();
  }
  return cast<int>(size);
}

function syscall_tracer_init(): int {
  return debugfs_create_file("tracing/events/syscalls/enable", enable_show, enable_store);
}

core_initcall(syscall_tracer_init);
//#endif
