/**
 * The in-tree tracer of switches and births: `echo 1 > .../tracing/events/sched/enable`.
 * After kernel/trace/trace_sched_switch.c of 2.6.32.
 */
import { debugfs_create_file, seq_file, seq_printf, simple_strtol } from "linux/debugfs";
import {
  TRACE_PROCESS_FORK,
  TRACE_SCHED_SWITCH,
  trace_commit,
  trace_entry,
  trace_reserve,
} from "linux/ftrace_event";
import { core_initcall } from "linux/init";
import { task_struct } from "linux/sched";
import { strlcpy } from "linux/string";
import { cast, cstring, int, NULL, ptr, size_t, voidp } from "linux/types";
import {
  register_trace_sched_process_fork,
  register_trace_sched_switch,
  unregister_trace_sched_process_fork,
  unregister_trace_sched_switch,
} from "trace/events/sched";

let enabled: int = 0;

function probe_sched_switch(data: voidp, prev: ptr<task_struct>, next: ptr<task_struct>): void {
  const entry: ptr<trace_entry> = trace_reserve(TRACE_SCHED_SWITCH);
  if (!entry) return;
  entry.pid = prev.pid;
  strlcpy(entry.comm, prev.comm, 16);
  entry.value = prev.state;
  entry.other = next.pid;
  strlcpy(entry.other_comm, next.comm, 16);
  trace_commit(entry);
}

function probe_sched_fork(data: voidp, parent: ptr<task_struct>, child: ptr<task_struct>): void {
  const entry: ptr<trace_entry> = trace_reserve(TRACE_PROCESS_FORK);
  if (!entry) return;
  entry.other = child.pid;
  strlcpy(entry.other_comm, child.comm, 16);
  trace_commit(entry);
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
    register_trace_sched_switch(probe_sched_switch, NULL);
    register_trace_sched_process_fork(probe_sched_fork, NULL);
  } else {
    unregister_trace_sched_switch(probe_sched_switch, NULL);
    unregister_trace_sched_process_fork(probe_sched_fork, NULL);
  }
  return cast<int>(size);
}

function sched_tracer_init(): int {
  return debugfs_create_file("tracing/events/sched/enable", enable_show, enable_store);
}

core_initcall(sched_tracer_init);
