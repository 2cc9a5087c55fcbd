/**
 * lifelog: who is born of whom, and who dies? Probes on the scheduler's tracepoints of task life.
 * Written for 6.16, whose exit probes are told whether the group is dead.
 */
import { ENOENT } from "linux/errno";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { strcmp } from "linux/string";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { bool, int, NULL, ptr, voidp } from "linux/types";

let groups: int = 0;
let births: ptr<tracepoint> = NULL;
let deaths: ptr<tracepoint> = NULL;

function on_fork(data: voidp, parent: ptr<task_struct>, child: ptr<task_struct>): void {
  printk("lifelog: %d is born of %d\n", child.pid, parent.pid);
}

function on_exit(data: voidp, task: ptr<task_struct>, group_dead: bool): void {
  printk("lifelog: %d dies\n", task.pid);
  if (group_dead) groups++;
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sched_process_fork") === 0) births = tp;
  if (strcmp(tp.name, "sched_process_exit") === 0) deaths = tp;
}

/** Neither is exported for modules to name: they are looked for. */
function lifelog_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!births || !deaths) return -ENOENT;
  const ret: int = tracepoint_probe_register(births, on_fork, NULL);
  if (ret) return ret;
  return tracepoint_probe_register(deaths, on_exit, NULL);
}

function lifelog_exit(): void {
  tracepoint_probe_unregister(births, on_fork, NULL);
  tracepoint_probe_unregister(deaths, on_exit, NULL);
  tracepoint_synchronize_unregister();
  printk("lifelog: %d processes died\n", groups);
}

module_init(lifelog_init);
module_exit(lifelog_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints births and deaths, by the scheduler's tracepoints");
