/**
 * epitaph: says when a thread is reaped. It wants the thread for itself: UTRACE_ATTACH_EXCLUSIVE with
 * nothing to match refuses a thread that any engine at all is attached to. Written for the utrace of
 * autumn 2009, in which no engine stood for a debugger.
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
import { task_struct } from "linux/sched";
import { addr, int, NULL, ptr } from "linux/types";
import {
  UTRACE_ATTACH_CREATE,
  UTRACE_ATTACH_EXCLUSIVE,
  utrace_attach_pid,
  utrace_barrier_pid,
  utrace_control_pid,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_REAP,
  utrace_set_events_pid,
} from "linux/utrace";

let target_pid: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;

/** May run in whoever reaps. */
function on_reap(engine: ptr<utrace_engine>, task: ptr<task_struct>): void {
  printk("epitaph: pid %d is gone\n", target_pid);
}

const epitaph_ops: utrace_engine_ops = { report_reap: on_reap };

function epitaph_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(
    target,
    UTRACE_ATTACH_CREATE | UTRACE_ATTACH_EXCLUSIVE,
    addr(epitaph_ops),
    NULL,
  );
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_REAP);
}

function epitaph_exit(): void {
  if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, engine);
  }
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(epitaph_init);
module_exit(epitaph_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("says when a thread is reaped");
