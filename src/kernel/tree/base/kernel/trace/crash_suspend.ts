/**
 * crash_suspend: a task that is about to dump core is stopped where it stands, for somebody to look at
 * it. `echo 1 > .../tracing/crash_suspend`; the file then lists who is stopped and by what, and
 * `echo 0` lets them go on to die.
 *
 * After Roland McGrath's crash-suspend.c, the module that utrace was first shown with; here it is part
 * of the kernel, and needs no utrace. Left out: choosing tasks; those that a debugger has are its own.
 */
import { tracing_stop } from "core/port";
import { debugfs_create_file, seq_file, seq_printf, simple_strtol } from "linux/debugfs";
import { core_initcall } from "linux/init";
import { INIT_LIST_HEAD, list_add_tail, list_del, list_head } from "linux/list";
import { set_task_state, task_struct, TASK_TRACED, wake_up_state } from "linux/sched";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { addr, bool, cast, container_of, cstring, int, ptr, size_t, sizeof, struct } from "linux/types";

interface suspended_task extends struct<"suspended_task"> {
  list: list_head;
  task: ptr<task_struct>;
  sig: int;
}

let enabled: int = 0;
let suspended: list_head = {};

export function crash_suspend_active(): bool {
  return enabled !== 0;
}

/** Stops here until somebody writes 0, or kills it. */
export function crash_suspend(task: ptr<task_struct>, sig: int): void {
  if (!enabled) return;
  const record: ptr<suspended_task> = kzalloc(sizeof<suspended_task>(), GFP_KERNEL);
  if (!record) return;
  record.task = task;
  record.sig = sig;
  list_add_tail(addr(record.list), addr(suspended));
  set_task_state(task, TASK_TRACED);
  tracing_stop();
  list_del(addr(record.list));
  kfree(record);
}

function suspend_show(m: ptr<seq_file>): int {
  let pos: ptr<list_head> = suspended.next;
  while (pos !== addr(suspended)) {
    const record: ptr<suspended_task> = container_of<suspended_task>(pos, "list");
    seq_printf(m, "%d %s: signal %d\n", record.task.pid, record.task.comm, record.sig);
    pos = pos.next;
  }
  return 0;
}

function suspend_store(text: cstring, size: size_t): int {
  enabled = simple_strtol(text) !== 0 ? 1 : 0;
  let pos: ptr<list_head> = suspended.next;
  while (!enabled && pos !== addr(suspended)) {
    wake_up_state(container_of<suspended_task>(pos, "list").task, TASK_TRACED);
    pos = pos.next;
  }
  return cast<int>(size);
}

function crash_suspend_init(): int {
  INIT_LIST_HEAD(addr(suspended));
  return debugfs_create_file("tracing/crash_suspend", suspend_show, suspend_store);
}

core_initcall(crash_suspend_init);
