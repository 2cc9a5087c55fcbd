/**
 * The task: one thread of one process. After include/linux/sched.h of 2.6.32.
 *
 * Fields that mirror core state are bound in bind/task_struct.ts; the rest are plain memory.
 * Left out: scheduling classes, memory policy, files, namespaces, audit, locking debug, ...
 */
import { cred } from "linux/cred";
import { list_head } from "linux/list";
import { mm_struct } from "linux/mm_types";
import { spinlock_t } from "linux/spinlock";
import {
  bool,
  chars,
  container_of,
  int,
  long,
  pid_t,
  ptr,
  struct,
  u64,
  unsigned_int,
  unsigned_long,
  voidp,
} from "linux/types";

/** task_struct.state: 0 runnable, else what may wake it. */
export const TASK_RUNNING = 0;
export const TASK_INTERRUPTIBLE = 1;
export const TASK_UNINTERRUPTIBLE = 2;
export const TASK_STOPPED = 4;
export const TASK_TRACED = 8;
/** task_struct.exit_state. */
export const EXIT_ZOMBIE = 16;
export const EXIT_DEAD = 32;

/** task_struct.flags. */
export const PF_EXITING = 0x4;
export const PF_KTHREAD = 0x200000;

/** Bit numbers of the thread's flags, which entry and exit code tests. */
export const TIF_SIGPENDING = 0;
export const TIF_NEED_RESCHED = 1;
export const TIF_NOTIFY_RESUME = 2;
export const TIF_SYSCALL_TRACE = 4;
export const TIF_SYSCALL_TRACEPOINT = 5;

export const TASK_COMM_LEN = 16;

/** clone(2) flags that kernel code asks about. */
export const CSIGNAL = 0xff;
export const CLONE_VM = 0x100;
export const CLONE_PTRACE = 0x2000;
export const CLONE_VFORK = 0x4000;
export const CLONE_THREAD = 0x10000;
export const CLONE_UNTRACED = 0x800000;

export interface signal_struct extends struct<"signal_struct"> {
  count: int;
  live: int;
  group_exit_code: int;
  group_stop_count: int;
  flags: unsigned_int;
}

export interface sighand_struct extends struct<"sighand_struct"> {
  count: int;
  siglock: spinlock_t;
}

/** How often the task ran and how long it waited to. */
export interface sched_info extends struct<"sched_info"> {
  pcount: unsigned_long;
  run_delay: u64;
  last_arrival: u64;
  last_queued: u64;
}

export interface task_struct extends struct<"task_struct"> {
  state: long;
  stack: voidp;
  usage: int;
  flags: unsigned_int;
  ptrace: unsigned_int;
  lock_depth: int;
  //#ifdef CONFIG_SCHEDSTATS
  sched_info: sched_info;
  //#endif
  prio: int;
  static_prio: int;
  policy: unsigned_int;
  tasks: list_head;
  mm: ptr<mm_struct>;
  exit_state: int;
  exit_code: int;
  exit_signal: int;
  personality: unsigned_int;
  in_execve: bool;
  pid: pid_t;
  tgid: pid_t;
  real_parent: ptr<task_struct>;
  parent: ptr<task_struct>;
  group_leader: ptr<task_struct>;
  thread_group: list_head;
  /** clock ticks, as clock(3) counts them: 100 a second */
  utime: unsigned_long;
  stime: unsigned_long;
  nvcsw: unsigned_long;
  nivcsw: unsigned_long;
  start_time: u64;
  real_cred: ptr<cred>;
  cred: ptr<cred>;
  comm: chars<16>;
  signal: ptr<signal_struct>;
  sighand: ptr<sighand_struct>;
  blocked: unsigned_long;
}

/** The idle task. Every other process hangs on its `tasks` list by its leader. */
export declare let init_task: task_struct;

/** The task on this processor. */
export declare function get_current(): ptr<task_struct>;

/** The process after `task`, a leader; init_task after the last. */
export function next_task(task: ptr<task_struct>): ptr<task_struct> {
  return container_of<task_struct>(task.tasks.next, "tasks");
}

/** The thread of the same process after `task`; round in a circle. */
export function next_thread(task: ptr<task_struct>): ptr<task_struct> {
  return container_of<task_struct>(task.thread_group.next, "thread_group");
}

export function thread_group_leader(task: ptr<task_struct>): bool {
  return task.pid === task.tgid;
}

/** The process that made it, or has adopted it. */
export function task_ppid_nr(task: ptr<task_struct>): pid_t {
  return task.real_parent.tgid;
}

export declare function get_task_struct(task: ptr<task_struct>): void;
export declare function put_task_struct(task: ptr<task_struct>): void;

export declare function wake_up_process(task: ptr<task_struct>): int;
/** Wakes `task` if its state is one of `states`. */
export declare function wake_up_state(task: ptr<task_struct>, states: unsigned_int): int;
/** Gives the processor up until woken, if the state says so. */
export declare function schedule(): void;
/** Sleeps at most `ticks` of 10 ms, until a signal comes. */
export declare function schedule_timeout_interruptible(ticks: long): long;
export declare function set_task_state(task: ptr<task_struct>, state: long): void;
/** Makes `task` look at its signals; `resume` nonzero wakes it from fatal waits too. */
export declare function signal_wake_up(task: ptr<task_struct>, resume: int): void;

export declare function set_tsk_thread_flag(task: ptr<task_struct>, flag: int): void;
export declare function clear_tsk_thread_flag(task: ptr<task_struct>, flag: int): void;
export declare function test_tsk_thread_flag(task: ptr<task_struct>, flag: int): int;

export function task_is_traced(task: ptr<task_struct>): bool {
  return task.state === TASK_TRACED;
}

export function task_is_stopped(task: ptr<task_struct>): bool {
  return task.state === TASK_STOPPED;
}

/** The letter for ps(1) and /proc/PID/stat. */
export function task_state_char(task: ptr<task_struct>): int {
  if (task.exit_state === EXIT_ZOMBIE) return 0x5a; // Z
  if (task.exit_state === EXIT_DEAD) return 0x58; // X
  switch (task.state) {
    case TASK_RUNNING:
      return 0x52; // R
    case TASK_INTERRUPTIBLE:
      return 0x53; // S
    case TASK_UNINTERRUPTIBLE:
      return 0x44; // D
    case TASK_STOPPED:
      return 0x54; // T
    case TASK_TRACED:
      return 0x74; // t
    default:
      return 0x3f; // ?
  }
}
