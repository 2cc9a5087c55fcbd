/**
 * fdwatch: how many opens succeed? It notes a path when openat(2) is entered and closes its books
 * when the call returns. The notes are a small table without a lock: probes of the syscall
 * tracepoints run with preemption off, so that nobody can come in between. Written for 3.15.
 */
import { __NR_openat } from "asm/unistd";
import { ENOENT } from "linux/errno";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { get_current, task_struct } from "linux/sched";
import { strcmp } from "linux/string";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { array, chars, int, long, NULL, pid_t, ptr, struct, voidp } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

const NOTES = 16;
const PATH_BYTES = 64;

/** One open in flight; free while `pid` is 0. */
interface open_note extends struct<"open_note"> {
  pid: pid_t;
  path: chars<64>;
}

interface open_notes extends struct<"open_notes"> {
  at: array<open_note, 16>;
}

let notes: open_notes = {};
let opened: int = 0;
let failed: int = 0;
let sys_enter: ptr<tracepoint> = NULL;
let sys_exit: ptr<tracepoint> = NULL;

function find_note(pid: pid_t): ptr<open_note> {
  let index: int = 0;
  while (index < NOTES) {
    const note: ptr<open_note> = notes.at[index];
    if (note.pid === pid) return note;
    index++;
  }
  return NULL;
}

function on_enter(data: voidp, regs: ptr<pt_regs>, id: long): void {
  if (id !== __NR_openat) return;
  const note: ptr<open_note> = find_note(0);
  if (!note) return;
  strncpy_from_user_nofault(note.path, regs.a1, PATH_BYTES);
  note.pid = get_current().pid;
}

function on_exit(data: voidp, regs: ptr<pt_regs>, ret: long): void {
  if (regs.a7 !== __NR_openat) return;
  const note: ptr<open_note> = find_note(get_current().pid);
  if (!note) return;
  if (ret >= 0) opened++;
  else failed++;
  note.pid = 0;
}

/** A task can be killed inside open(2). */
function on_process_exit(data: voidp, task: ptr<task_struct>): void {
  const note: ptr<open_note> = find_note(task.pid);
  if (note) note.pid = 0;
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sys_enter") === 0) sys_enter = tp;
  if (strcmp(tp.name, "sys_exit") === 0) sys_exit = tp;
}

function fdwatch_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!sys_enter || !sys_exit) return -ENOENT;
  const ret: int = register_trace_sched_process_exit(on_process_exit, NULL);
  if (ret) return ret;
  tracepoint_probe_register(sys_exit, on_exit, NULL);
  return tracepoint_probe_register(sys_enter, on_enter, NULL);
}

function fdwatch_exit(): void {
  tracepoint_probe_unregister(sys_enter, on_enter, NULL);
  tracepoint_probe_unregister(sys_exit, on_exit, NULL);
  unregister_trace_sched_process_exit(on_process_exit, NULL);
  tracepoint_synchronize_unregister();
  printk("fdwatch: %d files opened, %d opens failed\n", opened, failed);
}

module_init(fdwatch_init);
module_exit(fdwatch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts the files that are opened, by the syscall tracepoints");
