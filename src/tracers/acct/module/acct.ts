/**
 * acct: how much of the processor has a process used? Asked when it ends, and told in whole seconds;
 * times of tasks are in ticks. Written for 3.15.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { strlcpy } from "linux/string";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { chars, int, NULL, ptr, struct, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

const HZ = 100;

interface name_of_task extends struct<"name_of_task"> {
  text: chars<16>;
}

/** Who used most of it so far. */
let hungriest: name_of_task = {};

function on_exit(data: voidp, task: ptr<task_struct>): void {
  if (task.utime >= HZ) strlcpy(hungriest.text, task.comm, 16);
  printk("acct: process %d used %lu s\n", task.pid, task.utime / HZ);
}

function acct_init(): int {
  return register_trace_sched_process_exit(on_exit, NULL);
}

function acct_exit(): void {
  unregister_trace_sched_process_exit(on_exit, NULL);
  tracepoint_synchronize_unregister();
  if (hungriest.text[0]) printk("acct: it was %s\n", hungriest.text);
}

module_init(acct_init);
module_exit(acct_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints how much of the processor each process has used");
