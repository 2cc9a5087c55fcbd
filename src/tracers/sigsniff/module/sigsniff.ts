/**
 * sigsniff: which signals does one thread get, and from whom? A utrace engine on the thread, told of
 * each signal when it is taken from the queue and before anything comes of it.
 * Written for utrace as of 2.6.32-37.el6, whose callbacks are told their task.
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
import { k_sigaction, siginfo_t } from "linux/signal";
import { addr, int, NULL, ptr, u32 } from "linux/types";
import {
  UTRACE_ATTACH_CREATE,
  utrace_attach_pid,
  utrace_barrier_pid,
  utrace_control_pid,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_SIGNAL_ALL,
  UTRACE_RESUME,
  utrace_set_events_pid,
  utrace_signal_action,
  UTRACE_SIGNAL_HANDLER,
  UTRACE_SIGNAL_REPORT,
} from "linux/utrace";

let target_pid: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;

function on_signal(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
  orig_ka: ptr<k_sigaction>,
  return_ka: ptr<k_sigaction>,
): u32 {
  const what: u32 = utrace_signal_action(action);
  // Reports about signals come this way too, with no signal in them.
  if (what === UTRACE_SIGNAL_REPORT || what === UTRACE_SIGNAL_HANDLER) return UTRACE_RESUME;
  printk("sigsniff: pid %d gets signal %d from %d\n", task.pid, info.si_signo, info.si_pid);
  return what | UTRACE_RESUME;
}

const sigsniff_ops: utrace_engine_ops = { report_signal: on_signal };

function sigsniff_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(sigsniff_ops), NULL);
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_SIGNAL_ALL);
}

function sigsniff_exit(): void {
  if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, engine);
  }
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(sigsniff_init);
module_exit(sigsniff_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints the signals that one thread gets, by utrace");
