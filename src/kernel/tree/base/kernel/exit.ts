/**
 * A task dies, and later its remains go. After kernel/exit.c of 2.6.32.
 * Left out: what a process owned and who becomes its children's parent; the core sees to it.
 */
import { HOOK_DEATH, HOOK_EXIT, HOOK_REAP, register_hook } from "core/port";
import { core_initcall } from "linux/init";
import { list_del_init } from "linux/list";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { get_current, task_struct } from "linux/sched";
import {
  tracehook_prepare_release_task,
  tracehook_report_death,
  tracehook_report_exit,
} from "linux/tracehook";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, bool, int, long, ptr } from "linux/types";
import { trace_sched_process_exit } from "trace/events/sched";

export let __tracepoint_sched_process_exit: tracepoint = { name: "sched_process_exit" };

function do_exit(code: ptr<long>): void {
  tracehook_report_exit(code);
  trace_sched_process_exit(get_current());
}

function exit_notify(task: ptr<task_struct>, group_dead: bool, sig: int): void {
  tracehook_report_death(task, group_dead, sig);
}

/** Runs in whoever reaps; the task_struct stays while somebody holds a reference. */
function release_task(task: ptr<task_struct>): void {
  tracehook_prepare_release_task(task);
  list_del_init(addr(task.tasks));
  list_del_init(addr(task.thread_group));
}

function exit_init(): int {
  tracepoint_add(addr(__tracepoint_sched_process_exit));
  register_hook(HOOK_EXIT, do_exit);
  register_hook(HOOK_DEATH, exit_notify);
  register_hook(HOOK_REAP, release_task);
  return 0;
}

core_initcall(exit_init);
EXPORT_SYMBOL_GPL(__tracepoint_sched_process_exit);
