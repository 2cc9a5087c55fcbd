/**
 * The idle task, written out: it is never created and never runs in user mode.
 * After arch/x86/kernel/init_task.c of 2.6.32.
 */
import { early_initcall } from "linux/init";
import { INIT_LIST_HEAD } from "linux/list";
import { EXPORT_SYMBOL } from "linux/module";
import { PF_KTHREAD, task_struct } from "linux/sched";
import { addr, int } from "linux/types";

export let init_task: task_struct = {
  usage: 2,
  flags: PF_KTHREAD,
  prio: 120,
  static_prio: 120,
  comm: "swapper",
};

function init_task_setup(): int {
  init_task.real_parent = addr(init_task);
  init_task.parent = addr(init_task);
  init_task.group_leader = addr(init_task);
  INIT_LIST_HEAD(addr(init_task.tasks));
  INIT_LIST_HEAD(addr(init_task.thread_group));
  return 0;
}

early_initcall(init_task_setup);
EXPORT_SYMBOL(init_task);
