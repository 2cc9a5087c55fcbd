/**
 * kopen: which files are opened? A kprobe on the function that opens them, do_sys_open(), whose second
 * argument is the path in the caller's memory. Written for 2.6.32.
 */
import { printk } from "linux/kernel";
import { kprobe, register_kprobe, unregister_kprobe } from "linux/kprobes";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { get_current } from "linux/sched";
import { addr, chars, int, ptr } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";

const PATH_BYTES = 64;

/** Handlers run with preemption off: one at a time uses it. */
let path: chars<64> = "";

function on_open(p: ptr<kprobe>, regs: ptr<pt_regs>): int {
  strncpy_from_user_nofault(path, regs.a1, PATH_BYTES);
  printk("kopen: pid %d opens %s\n", get_current().pid, path);
  return 0;
}

let probe: kprobe = { symbol_name: "do_sys_open", pre_handler: on_open };

function kopen_init(): int {
  return register_kprobe(addr(probe));
}

function kopen_exit(): void {
  unregister_kprobe(addr(probe));
}

module_init(kopen_init);
module_exit(kopen_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints the files that are opened, by a kprobe on do_sys_open");
