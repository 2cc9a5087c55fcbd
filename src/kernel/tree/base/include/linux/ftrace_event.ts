/**
 * The ring buffer that in-tree tracers write to and /sys/kernel/debug/tracing/trace shows.
 * After include/linux/ftrace_event.h and kernel/trace/trace.h of 2.6.32.
 * Left out: per-processor buffers, binary reading, filters.
 */
import { array, chars, int, long, pid_t, ptr, struct, u64, unsigned_long } from "linux/types";

/** What an entry records; `args` and `value` mean what its printer says. */
export const TRACE_SYS_ENTER = 1;
export const TRACE_SYS_EXIT = 2;
export const TRACE_SCHED_SWITCH = 3;
export const TRACE_PROCESS_FORK = 4;
export const TRACE_PROCESS_EXIT = 5;
export const TRACE_PROCESS_REPORT = 6;

export interface trace_entry extends struct<"trace_entry"> {
  ts: u64;
  type: int;
  pid: pid_t;
  comm: chars<16>;
  value: long;
  other: long;
  other_comm: chars<16>;
  args: array<unsigned_long, 6>;
}

/**
 * The next free entry, with time and current task filled in. Nobody else may reserve until
 * trace_commit(): callers hold the processor in between.
 */
export declare function trace_reserve(type: int): ptr<trace_entry>;
export declare function trace_commit(entry: ptr<trace_entry>): void;
