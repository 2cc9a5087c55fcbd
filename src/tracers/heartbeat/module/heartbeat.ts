/**
 * heartbeat: how many tasks die in a second? A probe counts them, and a timer tells. Written for 3.15.
 */
import { get_jiffies_64, HZ } from "linux/jiffies";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { del_timer_sync, mod_timer, setup_timer, timer_list } from "linux/timer";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { addr, cast, int, NULL, ptr, struct, unsigned_long, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

interface second extends struct<"second"> {
  timer: timer_list;
  exits: int;
}

let this_second: second = {};

function on_exit(data: voidp, task: ptr<task_struct>): void {
  this_second.exits++;
}

function beat(data: unsigned_long): void {
  const mine: ptr<second> = cast<ptr<second>>(data);
  printk("heartbeat: %d exits\n", mine.exits);
  mine.exits = 0;
  mod_timer(addr(mine.timer), mine.timer.expires + HZ);
}

function heartbeat_init(): int {
  const ret: int = register_trace_sched_process_exit(on_exit, NULL);
  if (ret) return ret;
  setup_timer(addr(this_second.timer), beat, cast<unsigned_long>(addr(this_second)));
  mod_timer(addr(this_second.timer), get_jiffies_64() + HZ);
  return 0;
}

function heartbeat_exit(): void {
  del_timer_sync(addr(this_second.timer));
  unregister_trace_sched_process_exit(on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(heartbeat_init);
module_exit(heartbeat_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("says every second how many tasks have died");
