/**
 * Tracepoints of the scheduler and of task life. After include/trace/events/sched.h of 2.6.32.
 * Left out: wakeups, migration, statistics.
 */
import { preempt_disable, preempt_enable } from "linux/preempt";
import { task_struct } from "linux/sched";
import {
  tracepoint,
  tracepoint_func,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
} from "linux/tracepoint";
import { cast, int, ptr, voidp } from "linux/types";

export type sched_switch_probe = (
  data: voidp,
  prev: ptr<task_struct>,
  next: ptr<task_struct>,
) => void;
export type sched_process_fork_probe = (
  data: voidp,
  parent: ptr<task_struct>,
  child: ptr<task_struct>,
) => void;
export type sched_process_exit_probe = (data: voidp, task: ptr<task_struct>) => void;

export declare let __tracepoint_sched_switch: tracepoint;
export declare let __tracepoint_sched_process_fork: tracepoint;
export declare let __tracepoint_sched_process_exit: tracepoint;

export function trace_sched_switch(prev: ptr<task_struct>, next: ptr<task_struct>): void {
  if (__tracepoint_sched_switch.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_sched_switch.funcs;
  while (it) {
    const probe: sched_switch_probe = cast<sched_switch_probe>(it.func);
    probe(it.data, prev, next);
    it = it.next;
  }
  preempt_enable();
}

export function trace_sched_process_fork(parent: ptr<task_struct>, child: ptr<task_struct>): void {
  if (__tracepoint_sched_process_fork.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_sched_process_fork.funcs;
  while (it) {
    const probe: sched_process_fork_probe = cast<sched_process_fork_probe>(it.func);
    probe(it.data, parent, child);
    it = it.next;
  }
  preempt_enable();
}

export function trace_sched_process_exit(task: ptr<task_struct>): void {
  if (__tracepoint_sched_process_exit.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_sched_process_exit.funcs;
  while (it) {
    const probe: sched_process_exit_probe = cast<sched_process_exit_probe>(it.func);
    probe(it.data, task);
    it = it.next;
  }
  preempt_enable();
}

export function register_trace_sched_switch(probe: sched_switch_probe, data: voidp): int {
  return tracepoint_probe_register("sched_switch", probe, data);
}

export function unregister_trace_sched_switch(probe: sched_switch_probe, data: voidp): int {
  return tracepoint_probe_unregister("sched_switch", probe, data);
}

export function register_trace_sched_process_fork(
  probe: sched_process_fork_probe,
  data: voidp,
): int {
  return tracepoint_probe_register("sched_process_fork", probe, data);
}

export function unregister_trace_sched_process_fork(
  probe: sched_process_fork_probe,
  data: voidp,
): int {
  return tracepoint_probe_unregister("sched_process_fork", probe, data);
}

export function register_trace_sched_process_exit(
  probe: sched_process_exit_probe,
  data: voidp,
): int {
  return tracepoint_probe_register("sched_process_exit", probe, data);
}

export function unregister_trace_sched_process_exit(
  probe: sched_process_exit_probe,
  data: voidp,
): int {
  return tracepoint_probe_unregister("sched_process_exit", probe, data);
}
