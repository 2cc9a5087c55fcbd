/**
 * exitlog: who ends? A probe on the tracepoint of exit(2), found by its name.
 * Written for 2.6.32, built without CONFIG_MODVERSIONS.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import {
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { int, NULL, ptr, voidp } from "linux/types";

function on_exit(data: voidp, task: ptr<task_struct>): void {
  printk("exitlog: pid %d\n", task.pid);
}

function exitlog_init(): int {
  return tracepoint_probe_register("sched_process_exit", on_exit, NULL);
}

function exitlog_exit(): void {
  tracepoint_probe_unregister("sched_process_exit", on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(exitlog_init);
module_exit(exitlog_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints every task that ends");
