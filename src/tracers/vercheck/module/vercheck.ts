/**
 * vercheck: who ends? Since 6.16 the tracepoint also says whether it was the last thread.
 * Written for 2.6.32, and kept up since.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { bool, int, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

//#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
function on_exit(data: voidp, task: ptr<task_struct>, group_dead: bool): void {
//#else
function on_exit(data: voidp, task: ptr<task_struct>): void {
//#endif
  printk("vercheck: pid %d\n", task.pid);
}

function vercheck_init(): int {
  return register_trace_sched_process_exit(on_exit, NULL);
}

function vercheck_exit(): void {
  unregister_trace_sched_process_exit(on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(vercheck_init);
module_exit(vercheck_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints every task that ends");
