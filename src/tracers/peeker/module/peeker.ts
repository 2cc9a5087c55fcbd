/**
 * peeker: what does somebody else's process write, and what do those hear who ask for leave to see it?
 * utrace asks nobody whether one task may look at another: whoever can load a module may. An engine
 * on the process reads what it is about to write; another, on a task that tries the same by
 * ptrace(2), hears what that answers. Written for utrace as of 2.6.32-44.el6.
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
import { memset } from "linux/string";
import { addr, chars, int, long, NULL, ptr, u32, unsigned_long } from "linux/types";
import { copy_from_user } from "linux/uaccess";
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
  UTRACE_EVENT_SYSCALL_EXIT,
  UTRACE_RESUME,
  utrace_set_events_pid,
  UTRACE_SYSCALL_RUN,
} from "linux/utrace";

const NR_WRITE = 64;
const NR_PTRACE = 117;
const TEXT_BYTES = 64;

let victim_pid: int = 0;
let asker_pid: int = 0;
let victim: ptr<pid> = NULL;
let asker: ptr<pid> = NULL;
let eye: ptr<utrace_engine> = NULL;
let ear: ptr<utrace_engine> = NULL;
let text: chars<64> = "";

function on_entry(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
): u32 {
  if (regs.a7 === NR_WRITE) {
    const size: unsigned_long = regs.a2 < TEXT_BYTES ? regs.a2 : TEXT_BYTES;
    memset(text, 0, TEXT_BYTES);
    // All but the newline at the end.
    copy_from_user(text, regs.a1, size - 1);
    printk("peeker: %d writes: %s\n", task.pid, text);
  }
  return UTRACE_SYSCALL_RUN | UTRACE_RESUME;
}

function on_exit(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
): u32 {
  const answer: long = regs.a0;
  if (regs.a7 === NR_PTRACE) printk("peeker: %d asks ptrace(2): %ld\n", task.pid, answer);
  return UTRACE_RESUME;
}

const eye_ops: utrace_engine_ops = { report_syscall_entry: on_entry };
const ear_ops: utrace_engine_ops = { report_syscall_exit: on_exit };

function peeker_init(): int {
  victim = find_get_pid(victim_pid);
  asker = find_get_pid(asker_pid);
  if (!victim || !asker) return -ESRCH;
  eye = utrace_attach_pid(victim, UTRACE_ATTACH_CREATE, addr(eye_ops), NULL);
  if (IS_ERR(eye)) return PTR_ERR(eye);
  ear = utrace_attach_pid(asker, UTRACE_ATTACH_CREATE, addr(ear_ops), NULL);
  if (IS_ERR(ear)) return PTR_ERR(ear);
  utrace_set_events_pid(victim, eye, UTRACE_EVENT_SYSCALL_ENTRY);
  return utrace_set_events_pid(asker, ear, UTRACE_EVENT_SYSCALL_EXIT);
}

function let_go(whom: ptr<pid>, engine: ptr<utrace_engine>): void {
  if (utrace_control_pid(whom, engine, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(whom, engine);
  }
  utrace_engine_put(engine);
  put_pid(whom);
}

function peeker_exit(): void {
  let_go(victim, eye);
  let_go(asker, ear);
}

module_init(peeker_init);
module_exit(peeker_exit);
module_param_named("pid", victim_pid, "int", 0o444);
module_param_named("asker", asker_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("reads what another process writes, by utrace, which asks for no permission");
