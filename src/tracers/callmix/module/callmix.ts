/**
 * callmix: what are system calls made for? Whatever moves data also has to do with files, which the
 * switch below says by falling through. Written for 3.15.
 */
import { __NR_close, __NR_openat, __NR_read, __NR_write } from "asm/unistd";
import { ENOENT } from "linux/errno";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { strcmp } from "linux/string";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { int, long, NULL, ptr, voidp } from "linux/types";

let data_calls: int = 0;
let file_calls: int = 0;
let sys_enter: ptr<tracepoint> = NULL;

function on_enter(data: voidp, regs: ptr<pt_regs>, id: long): void {
  switch (id) {
    case __NR_read:
    case __NR_write:
      data_calls++;
    case __NR_openat:
    case __NR_close:
      file_calls++;
      break;
  }
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sys_enter") === 0) sys_enter = tp;
}

function callmix_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!sys_enter) return -ENOENT;
  return tracepoint_probe_register(sys_enter, on_enter, NULL);
}

function callmix_exit(): void {
  tracepoint_probe_unregister(sys_enter, on_enter, NULL);
  tracepoint_synchronize_unregister();
  printk("callmix: %d for data, %d for files\n", data_calls, file_calls);
}

module_init(callmix_init);
module_exit(callmix_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sorts system calls by what they are for");
