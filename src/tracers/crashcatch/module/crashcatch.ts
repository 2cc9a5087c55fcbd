/**
 * crashcatch: a thread that is about to die of a signal is stopped where it stands, so that somebody
 * can look at it; what it was about to do is told, and after a while it goes on to die.
 * After Roland McGrath's crash-suspend, utrace's first example. Written for UTRACE_API_VERSION 20091216.
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
import { find_get_pid, pid, pid_task, PIDTYPE_PID, put_pid } from "linux/pid";
import { pt_regs } from "linux/ptrace";
import { get_current, task_is_traced, task_struct } from "linux/sched";
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
  UTRACE_EVENT_SIGNAL_CORE,
  UTRACE_EVENT_SIGNAL_TERM,
  UTRACE_RESUME,
  utrace_set_events_pid,
  UTRACE_SIGNAL_HOLD,
  utrace_signal_action,
  UTRACE_SIGNAL_CORE,
  UTRACE_SIGNAL_IGN,
  UTRACE_SIGNAL_TERM,
  UTRACE_STOP,
} from "linux/utrace";

let target_pid: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;
let caught: int = 0;

/** The signal goes back on the queue, and the thread stops before it looks again. */
function on_signal(
  action: u32,
  engine: ptr<utrace_engine>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
  orig_ka: ptr<k_sigaction>,
  return_ka: ptr<k_sigaction>,
): u32 {
  const what: u32 = utrace_signal_action(action);
  if ((what !== UTRACE_SIGNAL_CORE && what !== UTRACE_SIGNAL_TERM) || caught) {
    return what | UTRACE_RESUME;
  }
  caught = info.si_signo;
  printk("crashcatch: pid %d stops before signal %d\n", get_current().pid, info.si_signo);
  return UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD | UTRACE_STOP;
}

const crashcatch_ops: utrace_engine_ops = { report_signal: on_signal };

function crashcatch_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(crashcatch_ops), NULL);
  if (IS_ERR(engine)) {
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(
    target,
    engine,
    UTRACE_EVENT_SIGNAL_CORE | UTRACE_EVENT_SIGNAL_TERM,
  );
}

/** Whoever was stopped is let go, to die of what it was caught with. */
function crashcatch_exit(): void {
  const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
  if (task && task_is_traced(task)) printk("crashcatch: pid %d is whole, and stopped\n", task.pid);
  if (utrace_control_pid(target, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, engine);
  }
  utrace_engine_put(engine);
  put_pid(target);
}

module_init(crashcatch_init);
module_exit(crashcatch_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stops a thread before it dies of a signal, by utrace");
