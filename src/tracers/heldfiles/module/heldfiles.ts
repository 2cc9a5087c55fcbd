/**
 * heldfiles: how many hold a file that has just been opened? It is looked up under RCU, which keeps it
 * there for as long as one looks, and needs no reference. Written for 5.14.
 */
import { __NR_openat } from "asm/unistd";
import { ENOENT } from "linux/errno";
import { fcheck } from "linux/fdtable";
import { file } from "linux/fs";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { rcu_read_lock, rcu_read_unlock } from "linux/preempt";
import { pt_regs } from "linux/ptrace";
import { strcmp } from "linux/string";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { cast, int, long, NULL, ptr, unsigned_int, voidp } from "linux/types";

let sys_exit: ptr<tracepoint> = NULL;

function on_exit(data: voidp, regs: ptr<pt_regs>, ret: long): void {
  if (regs.a7 !== __NR_openat || ret < 0) return;
  rcu_read_lock();
  const opened: ptr<file> = fcheck(cast<unsigned_int>(ret));
  if (opened && opened.f_count === 1) printk("heldfiles: descriptor %ld is held once\n", ret);
  else if (opened) printk("heldfiles: descriptor %ld is held %ld times\n", ret, opened.f_count);
  rcu_read_unlock();
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sys_exit") === 0) sys_exit = tp;
}

function heldfiles_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!sys_exit) return -ENOENT;
  return tracepoint_probe_register(sys_exit, on_exit, NULL);
}

function heldfiles_exit(): void {
  tracepoint_probe_unregister(sys_exit, on_exit, NULL);
  tracepoint_synchronize_unregister();
}

module_init(heldfiles_init);
module_exit(heldfiles_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("says of every file that is opened how many hold it");
