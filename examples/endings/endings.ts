/**
 * A kernel module, in C spelled as TypeScript: it hangs a probe on the tracepoint of exit(2) and
 * tells who ends, and of what. Everything it imports is internal to the kernel, and promised to
 * nobody.
 */
import { module_exit, module_init } from "linux/init";
import { printk } from "linux/kernel";
import { MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { int, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

let ended: int = 0;

function task_ended(data: voidp, task: ptr<task_struct>): void {
  ended++;
  printk("endings: pid %d (%s)\n", task.pid, task.comm);
}

function endings_init(): int {
  return register_trace_sched_process_exit(task_ended, NULL);
}

function endings_exit(): void {
  unregister_trace_sched_process_exit(task_ended, NULL);
  printk("endings: %d tasks\n", ended);
}

module_init(endings_init);
module_exit(endings_exit);
MODULE_LICENSE("GPL");
