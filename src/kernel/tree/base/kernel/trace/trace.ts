/**
 * The trace buffer and its printer. After kernel/trace/trace.c and trace_output.c of 2.6.32.
 * A full buffer overwrites its oldest entries. Left out: see linux/ftrace_event.
 */
import { debugfs_create_file, seq_file, seq_printf } from "linux/debugfs";
import {
  TRACE_PROCESS_EXIT,
  TRACE_PROCESS_FORK,
  TRACE_PROCESS_REPORT,
  TRACE_SCHED_SWITCH,
  TRACE_SYS_ENTER,
  TRACE_SYS_EXIT,
  trace_entry,
} from "linux/ftrace_event";
import { EINVAL } from "linux/errno";
import { core_initcall } from "linux/init";
import { get_current, task_struct } from "linux/sched";
import { GFP_ATOMIC, kzalloc } from "linux/slab";
import { strcmp, strlcpy } from "linux/string";
import { sched_clock } from "linux/time";
import {
  array,
  bool,
  cast,
  cstring,
  int,
  NULL,
  ptr,
  size_t,
  sizeof,
  struct,
  unsigned_long,
} from "linux/types";

const RING_ENTRIES = 512;

interface trace_ring extends struct<"trace_ring"> {
  entries: array<trace_entry, 512>;
}

/** Made by the first entry: a machine that traces nothing has no buffer. */
let ring: ptr<trace_ring> = NULL;
/** Entries written since boot, or since the buffer was cleared. */
let written: int = 0;
/** The option context-info: does a line begin with task and time? */
let context_info: bool = true;

export function trace_reserve(type: int): ptr<trace_entry> {
  if (!ring) ring = kzalloc(sizeof<trace_ring>(), GFP_ATOMIC);
  if (!ring) return NULL;
  const entry: ptr<trace_entry> = ring.entries[written % RING_ENTRIES];
  const task: ptr<task_struct> = get_current();
  entry.ts = sched_clock();
  entry.type = type;
  entry.pid = task.pid;
  strlcpy(entry.comm, task.comm, 16);
  return entry;
}

export function trace_commit(entry: ptr<trace_entry>): void {
  written++;
}

function print_event(m: ptr<seq_file>, entry: ptr<trace_entry>): void {
  switch (entry.type) {
    case TRACE_SYS_ENTER:
      seq_printf(
        m,
        "sys_enter: NR %ld (%lx, %lx, %lx,",
        entry.value,
        entry.args[0],
        entry.args[1],
        entry.args[2],
      );
      seq_printf(m, " %lx, %lx, %lx)\n", entry.args[3], entry.args[4], entry.args[5]);
      break;
    case TRACE_SYS_EXIT:
      seq_printf(m, "sys_exit: NR %ld = %ld\n", entry.value, entry.other);
      break;
    case TRACE_SCHED_SWITCH:
      seq_printf(
        m,
        "sched_switch: prev_state=%ld ==> next_comm=%s next_pid=%ld\n",
        entry.value,
        entry.other_comm,
        entry.other,
      );
      break;
    case TRACE_PROCESS_FORK:
      seq_printf(
        m,
        "sched_process_fork: child_comm=%s child_pid=%ld\n",
        entry.other_comm,
        entry.other,
      );
      break;
    case TRACE_PROCESS_EXIT:
      seq_printf(m, "sched_process_exit: comm=%s pid=%d\n", entry.comm, entry.pid);
      break;
    case TRACE_PROCESS_REPORT:
      seq_printf(m, "process: %s %ld\n", entry.other_comm, entry.value);
      break;
    default:
      seq_printf(m, "?\n");
      break;
  }
}

function print_context(m: ptr<seq_file>, entry: ptr<trace_entry>): void {
  const usecs: unsigned_long = cast<unsigned_long>(entry.ts) / 1000;
  seq_printf(m, "%16s-%-5d ", entry.comm, entry.pid);
  seq_printf(m, "%5lu.%06lu: ", usecs / 1000000, usecs % 1000000);
}

function trace_show(m: ptr<seq_file>): int {
  seq_printf(m, "# tracer: nop\n#\n#           TASK-PID    TIMESTAMP  FUNCTION\n");
  let at: int = written > RING_ENTRIES ? written - RING_ENTRIES : 0;
  while (at < written) {
    const entry: ptr<trace_entry> = ring.entries[at % RING_ENTRIES];
    if (context_info) print_context(m, entry);
    print_event(m, entry);
    at++;
  }
  return 0;
}

/** Anything written to the file clears the buffer, as `echo > trace` does. */
function trace_store(text: cstring, size: size_t): int {
  written = 0;
  return cast<int>(size);
}

function options_show(m: ptr<seq_file>): int {
  seq_printf(m, "%s\n", context_info ? "context-info" : "nocontext-info");
  return 0;
}

function options_store(text: cstring, size: size_t): int {
  if (strcmp(text, "context-info\n") === 0) context_info = true;
  else if (strcmp(text, "nocontext-info\n") === 0) context_info = false;
  else return -EINVAL;
  return cast<int>(size);
}

function tracer_init(): int {
  debugfs_create_file("tracing/trace_options", options_show, options_store);
  return debugfs_create_file("tracing/trace", trace_show, trace_store);
}

core_initcall(tracer_init);
