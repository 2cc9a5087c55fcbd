/**
 * careful: which processes die, and what are their parents doing meanwhile? Wherever releases differ in what
 * it needs, it tries at build time which of them it has before it: a probe's prototype, how a probe is
 * hung, the name of a member. What it costs is in its length.
 */
//#test HAVE_GROUP_DEAD
import { task_struct } from "linux/sched";
import { bool, NULL, ptr, voidp } from "linux/types";
import { register_trace_sched_process_exit } from "trace/events/sched";
function probe(data: voidp, task: ptr<task_struct>, group_dead: bool): void {}
export function conftest(): void {
  register_trace_sched_process_exit(probe, NULL);
}
//#endtest
//#test HAVE_TASK___STATE
import { task_struct } from "linux/sched";
import { long, ptr } from "linux/types";
export function conftest(task: ptr<task_struct>): long {
  return task.__state;
}
//#endtest
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { bool, int, long, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

function state_of(task: ptr<task_struct>): long {
  //#if HAVE_TASK___STATE
  return task.__state;
  //#else
  return task.state;
  //#endif
}

function report(task: ptr<task_struct>): void {
  const parent: ptr<task_struct> = task.real_parent;
  printk("careful: %d dies, %d is in state %ld\n", task.pid, parent.pid, state_of(parent));
}

//#if HAVE_GROUP_DEAD
function on_exit(data: voidp, task: ptr<task_struct>, group_dead: bool): void {
  report(task);
}
//#else
function on_exit(data: voidp, task: ptr<task_struct>): void {
  report(task);
}
//#endif

function careful_init(): int {
  return register_trace_sched_process_exit(on_exit, NULL);
}

function careful_exit(): void {
  unregister_trace_sched_process_exit(on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(careful_init);
module_exit(careful_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints the processes that die, after asking the release what it is like");
