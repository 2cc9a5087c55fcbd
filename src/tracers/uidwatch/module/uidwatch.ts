/**
 * uidwatch: who starts processes? A probe on sched_process_fork, which reads the credentials of the
 * child. Written for 2.6.32.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { int, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_fork,
  unregister_trace_sched_process_fork,
} from "trace/events/sched";

function on_fork(data: voidp, parent: ptr<task_struct>, child: ptr<task_struct>): void {
  printk("uidwatch: uid %d has process %d\n", child.cred.uid, child.pid);
}

function uidwatch_init(): int {
  return register_trace_sched_process_fork(on_fork, NULL);
}

function uidwatch_exit(): void {
  unregister_trace_sched_process_fork(on_fork, NULL);
  tracepoint_synchronize_unregister();
}

module_init(uidwatch_init);
module_exit(uidwatch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints who starts processes");
