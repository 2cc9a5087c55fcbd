/**
 * A task comes to be: its place on the lists, and who hears of it. After kernel/fork.c of 2.6.32.
 * Left out: copying anything; the core has done it.
 */
import {
  HOOK_CLONE,
  HOOK_CLONE_COMPLETE,
  HOOK_TASK_FREE,
  HOOK_TASK_INIT,
  register_hook,
} from "core/port";
import { core_initcall } from "linux/init";
import { kprobe_flush_task } from "linux/kprobes";
import { INIT_LIST_HEAD, list_add_tail } from "linux/list";
import {
  get_current,
  init_task,
  set_tsk_thread_flag,
  task_struct,
  thread_group_leader,
  TIF_SYSCALL_TRACEPOINT,
} from "linux/sched";
import {
  tracehook_free_task,
  tracehook_init_task,
  tracehook_report_clone,
  tracehook_report_clone_complete,
} from "linux/tracehook";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, int, ptr, unsigned_long } from "linux/types";
import { __tracepoint_sys_enter, __tracepoint_sys_exit } from "trace/events/syscalls";
import { trace_sched_process_fork } from "trace/events/sched";

export let __tracepoint_sched_process_fork: tracepoint = { name: "sched_process_fork" };

/** Every task passes here once, before it can run; pid 1 is the first. */
function copy_process(task: ptr<task_struct>): void {
  if (thread_group_leader(task)) {
    INIT_LIST_HEAD(addr(task.thread_group));
    list_add_tail(addr(task.tasks), addr(init_task.tasks));
  } else {
    INIT_LIST_HEAD(addr(task.tasks));
    list_add_tail(addr(task.thread_group), addr(task.group_leader.thread_group));
  }
  if (__tracepoint_sys_enter.state || __tracepoint_sys_exit.state) {
    set_tsk_thread_flag(task, TIF_SYSCALL_TRACEPOINT);
  }
  tracehook_init_task(task);
}

function do_fork(child: ptr<task_struct>, clone_flags: unsigned_long): void {
  trace_sched_process_fork(get_current(), child);
  tracehook_report_clone(clone_flags, child);
}

function wake_up_new_task(child: ptr<task_struct>, clone_flags: unsigned_long): void {
  tracehook_report_clone_complete(clone_flags, child);
}

function free_task(task: ptr<task_struct>): void {
  kprobe_flush_task(task);
  tracehook_free_task(task);
}

function fork_init(): int {
  tracepoint_add(addr(__tracepoint_sched_process_fork));
  register_hook(HOOK_TASK_INIT, copy_process);
  register_hook(HOOK_CLONE, do_fork);
  register_hook(HOOK_CLONE_COMPLETE, wake_up_new_task);
  register_hook(HOOK_TASK_FREE, free_task);
  return 0;
}

core_initcall(fork_init);
