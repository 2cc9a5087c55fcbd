/**
 * counter: how many system calls does one thread make? A utrace engine on the thread, told of each
 * call before it runs. Written for UTRACE_API_VERSION 20091216.
 */
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINPROGRESS, ESRCH } from "linux/errno";
import { printk, snprintf } from "linux/kernel";
import {
  MODULE_DESCRIPTION,
  module_exit,
  module_init,
  MODULE_LICENSE,
  module_param_named,
} from "linux/module";
import { find_get_pid, pid, put_pid } from "linux/pid";
import { pt_regs } from "linux/ptrace";
import { schedule_timeout_interruptible } from "linux/sched";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { addr, char, int, long, NULL, ptr, u32 } from "linux/types";
import {
  UTRACE_ATTACH_CREATE,
  utrace_attach_pid,
  utrace_barrier_pid,
  utrace_control_pid,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_EXIT,
  UTRACE_EVENT_SYSCALL_ENTRY,
  UTRACE_RESUME,
  utrace_set_events_pid,
  UTRACE_SYSCALL_RUN,
} from "linux/utrace";

const LINE_BYTES = 64;

let target_pid: int = 0;
let calls: int = 0;
let reported: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;

function report_total(): void {
  const line: ptr<char> = kmalloc(LINE_BYTES, GFP_KERNEL);
  if (!line) return;
  snprintf(line, LINE_BYTES, "pid %d made %d system calls", target_pid, calls);
  printk("counter: %s\n", line);
  kfree(line);
  reported = 1;
}

function count_entry(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 {
  calls++;
  return UTRACE_SYSCALL_RUN | UTRACE_RESUME;
}

/** The thread is still whole here, and callbacks may sleep: let the log's reader keep up. */
function count_exit(
  action: u32,
  engine: ptr<utrace_engine>,
  orig_code: long,
  code: ptr<long>,
): u32 {
  report_total();
  schedule_timeout_interruptible(1);
  return UTRACE_RESUME;
}

const counter_ops: utrace_engine_ops = {
  report_syscall_entry: count_entry,
  report_exit: count_exit,
};

function counter_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(counter_ops), NULL);
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_SYSCALL_ENTRY | UTRACE_EVENT_EXIT);
}

function counter_exit(): void {
  if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, engine);
  }
  if (!reported) report_total();
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(counter_init);
module_exit(counter_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts the system calls of one thread, by utrace");
