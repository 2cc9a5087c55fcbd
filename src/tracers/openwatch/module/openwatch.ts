/**
 * openwatch: who opens what? A probe on the tracepoint of open(2), found by its name.
 * Written for 2.6.32.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { get_current } from "linux/sched";
import {
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { cstring, int, NULL, voidp } from "linux/types";

function on_open(data: voidp, filename: cstring, flags: int, fd: int): void {
  printk("openwatch: pid %d opened %s: %d\n", get_current().pid, filename, fd);
}

function openwatch_init(): int {
  return tracepoint_probe_register("do_sys_open", on_open, NULL);
}

function openwatch_exit(): void {
  tracepoint_probe_unregister("do_sys_open", on_open, NULL);
  tracepoint_synchronize_unregister();
}

module_init(openwatch_init);
module_exit(openwatch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints every file that is opened");
