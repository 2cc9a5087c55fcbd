/**
 * firstreport: how often does a thread go back to user mode after a system call? It begins with the
 * first report that every engine gets after the attach, and asks for another at each call's entry.
 * Written for the utrace of summer 2009.
 */
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
import { task_struct } from "linux/sched";
import { addr, int, NULL, ptr, u32, unsigned_long } from "linux/types";
import {
  UTRACE_ATTACH_CREATE,
  utrace_attach_pid,
  utrace_barrier_pid,
  utrace_control_pid,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_QUIESCE,
  UTRACE_EVENT_REAP,
  UTRACE_EVENT_SYSCALL_ENTRY,
  UTRACE_REPORT,
  UTRACE_RESUME,
  utrace_set_events,
  utrace_set_events_pid,
  UTRACE_SYSCALL_RUN,
} from "linux/utrace";

let target_pid: int = 0;
let begun: int = 0;
let asked: int = 0;
let returns: int = 0;
let reported: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;

function report_total(): void {
  printk("firstreport: pid %d went back to user mode %d times\n", target_pid, returns);
  reported = 1;
}

/** Event 0 is the way to user mode. The first one is the beginning. */
function on_quiesce(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  event: unsigned_long,
): u32 {
  if (event !== 0) return UTRACE_RESUME;
  if (!begun) {
    begun = 1;
    utrace_set_events(
      task,
      engine,
      UTRACE_EVENT_QUIESCE | UTRACE_EVENT_SYSCALL_ENTRY | UTRACE_EVENT_REAP,
    );
  } else if (asked) {
    asked = 0;
    returns++;
  }
  return UTRACE_RESUME;
}

function on_entry(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
): u32 {
  asked = 1;
  return UTRACE_SYSCALL_RUN | UTRACE_REPORT;
}

function on_reap(engine: ptr<utrace_engine>, task: ptr<task_struct>): void {
  report_total();
}

const firstreport_ops: utrace_engine_ops = {
  report_quiesce: on_quiesce,
  report_syscall_entry: on_entry,
  report_reap: on_reap,
};

function firstreport_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(firstreport_ops), NULL);
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_QUIESCE | UTRACE_EVENT_REAP);
}

function firstreport_exit(): void {
  if (!reported) {
    if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
      utrace_barrier_pid(target, engine);
    }
    report_total();
  }
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(firstreport_init);
module_exit(firstreport_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts the returns to user mode of one thread, by utrace's reports");
