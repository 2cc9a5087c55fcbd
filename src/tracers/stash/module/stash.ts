/**
 * stash: how many files did each task open? The count is kept in the task itself, in a member that
 * nobody uses. It uses symbols of the vendor's stable list only.
 * Written for 2.6.32-71.el6.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { get_current, task_struct } from "linux/sched";
import {
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { cstring, int, NULL, ptr, voidp } from "linux/types";

function on_open(data: voidp, filename: cstring, flags: int, fd: int): void {
  get_current().rh_reserved1++;
}

function on_exit(data: voidp, task: ptr<task_struct>): void {
  printk("stash: pid %d opened %lu files\n", task.pid, task.rh_reserved1);
}

function stash_init(): int {
  const ret: int = tracepoint_probe_register("sched_process_exit", on_exit, NULL);
  if (ret) return ret;
  return tracepoint_probe_register("do_sys_open", on_open, NULL);
}

function stash_exit(): void {
  tracepoint_probe_unregister("do_sys_open", on_open, NULL);
  tracepoint_probe_unregister("sched_process_exit", on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(stash_init);
module_exit(stash_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts opened files in the task itself");
