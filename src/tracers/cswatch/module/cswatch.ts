/**
 * cswatch: how often does the processor go from one task to another, and how often from init? The
 * tracepoint is looked up by name and the probe hung there as a mere address; a timer tells, every
 * second. Written for 4.15.
 */
import { ENOENT, ENOMEM } from "linux/errno";
import { get_jiffies_64, HZ } from "linux/jiffies";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { strcmp } from "linux/string";
import { del_timer_sync, mod_timer, timer_list, timer_setup } from "linux/timer";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { addr, cast, container_of, int, NULL, ptr, sizeof, struct, voidp } from "linux/types";

interface tally extends struct<"tally"> {
  timer: timer_list;
  switches: int;
  from_init: int;
}

let sched_switch: ptr<tracepoint> = NULL;
let counts: ptr<tally> = NULL;

function on_switch(data: voidp, prev: ptr<task_struct>, next: ptr<task_struct>): void {
  const mine: ptr<tally> = cast<ptr<tally>>(data);
  mine.switches++;
  if (prev.pid === 1) mine.from_init++;
}

function tell(mine: ptr<tally>): void {
  printk("cswatch: %d switches, %d from init\n", mine.switches, mine.from_init);
  mine.switches = 0;
  mine.from_init = 0;
}

function on_second(timer: ptr<timer_list>): void {
  tell(container_of<tally>(timer, "timer"));
  mod_timer(timer, timer.expires + HZ);
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sched_switch") === 0) sched_switch = tp;
}

function cswatch_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!sched_switch) return -ENOENT;
  counts = kmalloc(sizeof<tally>(), GFP_KERNEL);
  if (!counts) return -ENOMEM;
  counts.switches = 0;
  counts.from_init = 0;
  timer_setup(addr(counts.timer), on_second, 0);
  mod_timer(addr(counts.timer), get_jiffies_64() + HZ);
  return tracepoint_probe_register(sched_switch, on_switch, counts);
}

function cswatch_exit(): void {
  del_timer_sync(addr(counts.timer));
  tracepoint_probe_unregister(sched_switch, on_switch, counts);
  tracepoint_synchronize_unregister();
  tell(counts);
  kfree(counts);
}

module_init(cswatch_init);
module_exit(cswatch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts switches from one task to another");
