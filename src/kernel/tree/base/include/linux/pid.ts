/**
 * The kernel's own name of a process number: unlike the number it is never used again.
 * After include/linux/pid.h of 2.6.32. Left out: namespaces, so a `pid` holds one number.
 */
import type { task_struct } from "linux/sched";
import { int, pid_t, ptr, struct, unsigned_int } from "linux/types";

export type pid_type = unsigned_int;
export const PIDTYPE_PID = 0;
export const PIDTYPE_PGID = 1;
export const PIDTYPE_SID = 2;

export interface pid extends struct<"pid"> {
  count: int;
  level: unsigned_int;
  nr: int;
}

/** Takes a reference; NULL when nobody has the number. */
export declare function find_get_pid(nr: pid_t): ptr<pid>;
export declare function find_vpid(nr: pid_t): ptr<pid>;
export declare function put_pid(pid: ptr<pid>): void;
/** NULL once the task is reaped. */
export declare function pid_task(pid: ptr<pid>, type: pid_type): ptr<task_struct>;
/** As pid_task, with a reference to the task. */
export declare function get_pid_task(pid: ptr<pid>, type: pid_type): ptr<task_struct>;

export function pid_nr(pid: ptr<pid>): pid_t {
  return pid ? pid.nr : 0;
}
