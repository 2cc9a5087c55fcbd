/**
 * patient: which system calls does one thread make? The twin of hasty that
 * waits, at unloading, for a callback that has begun.
 * Written for UTRACE_API_VERSION 20091216.
 */
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINPROGRESS, ENOMEM, ERESTARTSYS, ESRCH } from "linux/errno";
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
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { addr, array, cast, int, long, NULL, ptr, sizeof, struct, u32 } from "linux/types";
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
  UTRACE_SYSCALL_RUN,
} from "linux/utrace";

const SLOTS = 32;

/** How often the call `nr[i]` was made; the first free slot has count 0. */
interface tally extends struct<"tally"> {
  nr: array<long, 32>;
  count: array<int, 32>;
}

let target_pid: int = 0;
let target: ptr<pid> = NULL;
let engine: ptr<utrace_engine> = NULL;
let counts: ptr<tally> = NULL;

/** The slot of a call, or the first free one; -1 when the table is full. */
function find_slot(mine: ptr<tally>, nr: long): int {
  let found: int = -1;
  let slot: int = SLOTS - 1;
  while (slot >= 0) {
    if (mine.count[slot] === 0 || mine.nr[slot] === nr) found = slot;
    slot--;
  }
  return found;
}

/** The slot of the smallest number above `after`; -1 when there is none. */
function next_slot(mine: ptr<tally>, after: long): int {
  let best: int = -1;
  let slot: int = 0;
  while (slot < SLOTS) {
    if (mine.count[slot] !== 0 && mine.nr[slot] > after) {
      if (best < 0 || mine.nr[slot] < mine.nr[best]) best = slot;
    }
    slot++;
  }
  return best;
}

function on_entry(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 {
  const mine: ptr<tally> = cast<ptr<tally>>(engine.data);
  const slot: int = find_slot(mine, regs.a7);
  if (slot >= 0) {
    mine.nr[slot] = regs.a7;
    mine.count[slot]++;
  }
  return UTRACE_SYSCALL_RUN | UTRACE_RESUME;
}

const patient_ops: utrace_engine_ops = { report_syscall_entry: on_entry };

function patient_init(): int {
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
  counts = kzalloc(sizeof<tally>(), GFP_KERNEL);
  if (!counts) {
    put_pid(target);
    return -ENOMEM;
  }
  engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(patient_ops), counts);
  if (IS_ERR(engine)) {
    kfree(counts);
    put_pid(target);
    return PTR_ERR(engine);
  }
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_SYSCALL_ENTRY);
}

function patient_exit(): void {
  let busy: int = utrace_control_pid(target, engine, UTRACE_DETACH);
  while (busy === -EINPROGRESS || busy === -ERESTARTSYS) {
    busy = utrace_barrier_pid(target, engine);
  }
  let slot: int = next_slot(counts, -1);
  while (slot >= 0) {
    printk("patient: call %ld was made\n", counts.nr[slot]);
    slot = next_slot(counts, counts.nr[slot]);
  }
  utrace_engine_put(engine);
  kfree(counts);
  put_pid(target);
}

module_init(patient_init);
module_exit(patient_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts system calls by number; waits for its callbacks");
