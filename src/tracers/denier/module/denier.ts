/**
 * denier: one thread may open no file for writing. A utrace engine on it, told of each system call before
 * it runs, and answering that it shall not. Written for UTRACE_API_VERSION 20091216.
 */
import { __NR_openat } from "asm/unistd";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINPROGRESS, ESRCH } from "linux/errno";
import { printk } from "linux/kernel";
import {
  MODULE_DESCRIPTION,
  module_exit,
  module_init,
  MODULE_LICENSE,
  module_param_named,
} from "linux/module";
import { find_get_pid, pid, put_pid } from "linux/pid";
import { pt_regs } from "linux/ptrace";
import { get_current } from "linux/sched";
import { addr, chars, int, NULL, ptr, u32 } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";
import {
  UTRACE_ATTACH_CREATE,
  utrace_attach_pid,
  utrace_barrier_pid,
  utrace_control_pid,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_SYSCALL_ENTRY,
  UTRACE_RESUME,
  utrace_set_events_pid,
  UTRACE_SYSCALL_ABORT,
  UTRACE_SYSCALL_RUN,
} from "linux/utrace";

/** O_WRONLY and O_RDWR. */
const WRITING = 3;

let target_pid: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;
let path: chars<64> = "";

function on_entry(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 {
  if (regs.a7 !== __NR_openat || !(regs.a2 & WRITING)) return UTRACE_SYSCALL_RUN | UTRACE_RESUME;
  strncpy_from_user_nofault(path, regs.a1, 64);
  printk("denier: pid %d may not write %s\n", get_current().pid, path);
  return UTRACE_SYSCALL_ABORT | UTRACE_RESUME;
}

const denier_ops: utrace_engine_ops = { report_syscall_entry: on_entry };

function denier_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(denier_ops), NULL);
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_SYSCALL_ENTRY);
}

function denier_exit(): void {
  if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, engine);
  }
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(denier_init);
module_exit(denier_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("refuses to let one thread open files for writing, by utrace");
