/**
 * latency: how many system calls take longer than a tenth of a second? It notes when a call is entered
 * and looks again when it returns. Written for 3.15.
 */
import { ENOENT } from "linux/errno";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { get_current } from "linux/sched";
import { strcmp } from "linux/string";
import { sched_clock } from "linux/time";
import {
  for_each_kernel_tracepoint,
  tracepoint,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
  tracepoint_synchronize_unregister,
} from "linux/tracepoint";
import { array, int, long, NULL, pid_t, ptr, struct, u64, voidp } from "linux/types";

const SLOTS = 16;
const SLOW_NSEC = 100000000;

/** A call in progress; free while `pid` is 0. */
interface call_note extends struct<"call_note"> {
  pid: pid_t;
  since: u64;
}

interface call_notes extends struct<"call_notes"> {
  at: array<call_note, 16>;
}

let notes: call_notes = {};
let slow: int = 0;
let sys_enter: ptr<tracepoint> = NULL;
let sys_exit: ptr<tracepoint> = NULL;

function find_note(pid: pid_t): ptr<call_note> {
  let slot: int = 0;
  while (slot < SLOTS) {
    const note: ptr<call_note> = notes.at[slot];
    if (note.pid === pid) return note;
    slot++;
  }
  return NULL;
}

function on_enter(data: voidp, regs: ptr<pt_regs>, id: long): void {
  const pid: pid_t = get_current().pid;
  let note: ptr<call_note> = find_note(pid);
  if (!note) note = find_note(0);
  if (!note) return;
  note.pid = pid;
  note.since = sched_clock();
}

function on_exit(data: voidp, regs: ptr<pt_regs>, ret: long): void {
  const note: ptr<call_note> = find_note(get_current().pid);
  if (!note) return;
  if (sched_clock() - note.since >= SLOW_NSEC) slow++;
  note.pid = 0;
}

function look_up(tp: ptr<tracepoint>, priv: voidp): void {
  if (strcmp(tp.name, "sys_enter") === 0) sys_enter = tp;
  if (strcmp(tp.name, "sys_exit") === 0) sys_exit = tp;
}

function latency_init(): int {
  for_each_kernel_tracepoint(look_up, NULL);
  if (!sys_enter || !sys_exit) return -ENOENT;
  tracepoint_probe_register(sys_exit, on_exit, NULL);
  return tracepoint_probe_register(sys_enter, on_enter, NULL);
}

function latency_exit(): void {
  tracepoint_probe_unregister(sys_enter, on_enter, NULL);
  tracepoint_probe_unregister(sys_exit, on_exit, NULL);
  tracepoint_synchronize_unregister();
  printk("latency: %d calls took longer than 100 ms\n", slow);
}

module_init(latency_init);
module_exit(latency_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts the system calls that take long");
