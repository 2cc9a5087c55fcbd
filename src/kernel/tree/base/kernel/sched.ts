/**
 * Waking, waiting and the scheduler's tracepoint. After kernel/sched.c and kernel/timer.c of 2.6.32;
 * choosing who runs next is the core's.
 */
import { NOKPROBE_SYMBOL } from "asm-generic/kprobes";
import { HOOK_SCHED_SWITCH, register_hook, schedule_timeout } from "core/port";
import { core_initcall } from "linux/init";
import { EXPORT_SYMBOL, EXPORT_SYMBOL_GPL } from "linux/module";
import {
  clear_tsk_thread_flag,
  get_current,
  get_task_struct,
  put_task_struct,
  schedule,
  set_task_state,
  set_tsk_thread_flag,
  signal_wake_up,
  TASK_INTERRUPTIBLE,
  TASK_UNINTERRUPTIBLE,
  task_struct,
  test_tsk_thread_flag,
  wake_up_state,
} from "linux/sched";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, int, long, NULL, ptr } from "linux/types";
import { trace_sched_switch } from "trace/events/sched";

/** Nanoseconds in a tick: HZ is 100. */
const TICK_NSEC = 10000000;

export function wake_up_process(task: ptr<task_struct>): int {
  return wake_up_state(task, TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE);
}

export function schedule_timeout_interruptible(ticks: long): long {
  return schedule_timeout(ticks * TICK_NSEC);
}

function on_switch(prev: ptr<task_struct>, next: ptr<task_struct>): void {
  trace_sched_switch(prev, next);
}

/** A machine that nobody watches pays nothing for its switches. */
function sched_switch_regfunc(): void {
  register_hook(HOOK_SCHED_SWITCH, on_switch);
}

function sched_switch_unregfunc(): void {
  register_hook(HOOK_SCHED_SWITCH, NULL);
}

export let __tracepoint_sched_switch: tracepoint = {
  name: "sched_switch",
  regfunc: sched_switch_regfunc,
  unregfunc: sched_switch_unregfunc,
};

function sched_init(): int {
  tracepoint_add(addr(__tracepoint_sched_switch));
  return 0;
}

core_initcall(sched_init);
EXPORT_SYMBOL(wake_up_process);
EXPORT_SYMBOL(wake_up_state);
EXPORT_SYMBOL(schedule);
EXPORT_SYMBOL(schedule_timeout_interruptible);
EXPORT_SYMBOL(set_task_state);
EXPORT_SYMBOL(get_current);
NOKPROBE_SYMBOL(get_current);
EXPORT_SYMBOL_GPL(get_task_struct);
EXPORT_SYMBOL_GPL(put_task_struct);
EXPORT_SYMBOL_GPL(signal_wake_up);
EXPORT_SYMBOL_GPL(set_tsk_thread_flag);
EXPORT_SYMBOL_GPL(clear_tsk_thread_flag);
EXPORT_SYMBOL_GPL(test_tsk_thread_flag);
