/**
 * The in-tree tracer of programs: `echo "p PATH 0xADDRESS" > .../tracing/uprobe_events` puts a breakpoint
 * into every program that is run from PATH from then on; `uprobe_trace` has the hits, with the first
 * argument register. Anything else that is written takes the probes away.
 *
 * After kernel/events/uprobes.c and kernel/trace/trace_uprobe.c of 3.5, which came to be when utrace did
 * not. Left out: instructions out of line: the task steps over its instruction with the breakpoint
 * taken out, and another thread may slip by meanwhile; programs that run already; files that are moved
 * when they are loaded; tasks that a debugger has.
 */
import {
  access_process_vm,
  user_disable_single_step,
  user_enable_single_step,
} from "core/port";
import { debugfs_create_file, seq_file, seq_printf } from "linux/debugfs";
import { EINVAL, ENOMEM } from "linux/errno";
import { core_initcall } from "linux/init";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { siginfo_t, SIGTRAP } from "linux/signal";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { memcpy, strcmp } from "linux/string";
import {
  addr,
  array,
  bool,
  cast,
  chars,
  cstring,
  int,
  NULL,
  pid_t,
  ptr,
  size_t,
  sizeof,
  struct,
  u16,
  unsigned_long,
  voidp,
} from "linux/types";

/** c.ebreak: fits where any instruction begins. */
const BREAKPOINT_INSN = 0x9002;
const INSN_BYTES = 2;
const HITS = 64;

interface trace_uprobe extends struct<"trace_uprobe"> {
  next: ptr<trace_uprobe>;
  filename: chars<64>;
  address: unsigned_long;
  /** What stood where the breakpoint is. */
  insn: u16;
}

/** A task that steps over the instruction of a probe. */
interface uprobe_task extends struct<"uprobe_task"> {
  next: ptr<uprobe_task>;
  task: ptr<task_struct>;
  probe: ptr<trace_uprobe>;
}

interface uprobe_hit extends struct<"uprobe_hit"> {
  pid: pid_t;
  comm: chars<16>;
  address: unsigned_long;
  arg1: unsigned_long;
}

interface uprobe_hits extends struct<"uprobe_hits"> {
  at: array<uprobe_hit, 64>;
}

let probes: ptr<trace_uprobe> = NULL;
let stepping: ptr<uprobe_task> = NULL;
let hits: uprobe_hits = {};
let nhit: int = 0;
let insn: u16 = 0;

export function uprobe_active(): bool {
  return probes !== NULL || stepping !== NULL;
}

function write_insn(task: ptr<task_struct>, probe: ptr<trace_uprobe>, opcode: u16): void {
  insn = opcode;
  access_process_vm(task, probe.address, addr(insn), INSN_BYTES, 1);
}

export function uprobe_exec(task: ptr<task_struct>, filename: cstring): void {
  let probe: ptr<trace_uprobe> = probes;
  while (probe) {
    if (
      strcmp(probe.filename, filename) === 0 &&
      access_process_vm(task, probe.address, addr(insn), INSN_BYTES, 0) === INSN_BYTES
    ) {
      probe.insn = insn;
      write_insn(task, probe, BREAKPOINT_INSN);
    }
    probe = probe.next;
  }
}

function find_probe(address: unsigned_long): ptr<trace_uprobe> {
  let probe: ptr<trace_uprobe> = probes;
  while (probe && probe.address !== address) probe = probe.next;
  return probe;
}

function note_hit(task: ptr<task_struct>, regs: ptr<pt_regs>): void {
  const hit: ptr<uprobe_hit> = hits.at[nhit % HITS];
  hit.pid = task.pid;
  memcpy(hit.comm, task.comm, 16);
  hit.address = regs.epc;
  hit.arg1 = regs.a0;
  nhit++;
}

/** Takes the record of a step that is done off the list. */
function take_step(task: ptr<task_struct>): ptr<uprobe_task> {
  let before: ptr<uprobe_task> = NULL;
  let it: ptr<uprobe_task> = stepping;
  while (it && it.task !== task) {
    before = it;
    it = it.next;
  }
  if (!it) return NULL;
  if (before) before.next = it.next;
  else stepping = it.next;
  return it;
}

function begin_step(task: ptr<task_struct>, probe: ptr<trace_uprobe>): bool {
  const step: ptr<uprobe_task> = kzalloc(sizeof<uprobe_task>(), GFP_KERNEL);
  if (!step) return false;
  step.task = task;
  step.probe = probe;
  step.next = stepping;
  stepping = step;
  write_insn(task, probe, probe.insn);
  user_enable_single_step(task);
  return true;
}

export function uprobe_deny_signal(
  task: ptr<task_struct>,
  regs: ptr<pt_regs>,
  info: ptr<siginfo_t>,
): bool {
  if (info.si_signo !== SIGTRAP) return false;
  const step: ptr<uprobe_task> = take_step(task);
  if (step) {
    user_disable_single_step(task);
    write_insn(task, step.probe, BREAKPOINT_INSN);
    kfree(step);
    return true;
  }
  const probe: ptr<trace_uprobe> = find_probe(regs.epc);
  if (!probe) return false;
  note_hit(task, regs);
  return begin_step(task, probe);
}

function hex_digit(c: int): int {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  return c >= 0x61 && c <= 0x66 ? c - 0x57 : -1;
}

/** What a program's text holds of them stays there, and hits nothing any more. */
function remove_probes(): void {
  while (probes) {
    const probe: ptr<trace_uprobe> = probes;
    probes = probe.next;
    kfree(probe);
  }
  nhit = 0;
}

/** `p PATH 0xADDRESS` */
function events_store(text: cstring, size: size_t): int {
  if (text[0] !== 0x70 || text[1] !== 0x20) {
    remove_probes();
    return cast<int>(size);
  }
  let end: int = 2;
  while (text[end] && text[end] !== 0x20) end++;
  if (end > 64 || text[end] !== 0x20 || text[end + 1] !== 0x30 || text[end + 2] !== 0x78) {
    return -EINVAL;
  }
  const probe: ptr<trace_uprobe> = kzalloc(sizeof<trace_uprobe>(), GFP_KERNEL);
  if (!probe) return -ENOMEM;
  // The rest of it is zero.
  memcpy(probe.filename, cast<voidp>(cast<unsigned_long>(text) + 2), end - 2);
  let at: int = end + 3;
  while (hex_digit(text[at]) >= 0) {
    probe.address = probe.address * 16 + hex_digit(text[at]);
    at++;
  }
  probe.next = probes;
  probes = probe;
  return cast<int>(size);
}

function events_show(m: ptr<seq_file>): int {
  let probe: ptr<trace_uprobe> = probes;
  while (probe) {
    seq_printf(m, "p %s 0x%lx\n", probe.filename, probe.address);
    probe = probe.next;
  }
  return 0;
}

function hits_show(m: ptr<seq_file>): int {
  let i: int = nhit > HITS ? nhit - HITS : 0;
  while (i < nhit) {
    const hit: ptr<uprobe_hit> = hits.at[i % HITS];
    seq_printf(m, "%s-%d: (0x%lx) arg1=%ld\n", hit.comm, hit.pid, hit.address, hit.arg1);
    i++;
  }
  return 0;
}

function hits_store(text: cstring, size: size_t): int {
  nhit = 0;
  return cast<int>(size);
}

function uprobe_init(): int {
  debugfs_create_file("tracing/uprobe_trace", hits_show, hits_store);
  return debugfs_create_file("tracing/uprobe_events", events_show, events_store);
}

core_initcall(uprobe_init);
