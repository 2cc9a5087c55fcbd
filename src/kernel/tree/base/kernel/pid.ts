/**
 * Process numbers and the tasks behind them. After kernel/pid.c of 2.6.32.
 */
import { find_task_by_pid_kind, get_pid } from "core/port";
import { EXPORT_SYMBOL, EXPORT_SYMBOL_GPL } from "linux/module";
import {
  find_vpid,
  PIDTYPE_PGID,
  PIDTYPE_PID,
  PIDTYPE_SID,
  pid,
  pid_type,
  put_pid,
} from "linux/pid";
import { get_task_struct, task_struct } from "linux/sched";
import { NULL, pid_t, ptr } from "linux/types";

/** The core's own words for what a number can stand for. */
const KIND_PID = 0;
const KIND_PGID = 2;
const KIND_SID = 3;

export function find_get_pid(nr: pid_t): ptr<pid> {
  const found: ptr<pid> = find_vpid(nr);
  if (found) get_pid(found);
  return found;
}

/** The first task that has the number in this role. */
export function pid_task(pid: ptr<pid>, type: pid_type): ptr<task_struct> {
  if (!pid) return NULL;
  switch (type) {
    case PIDTYPE_PID:
      return find_task_by_pid_kind(pid, KIND_PID);
    case PIDTYPE_PGID:
      return find_task_by_pid_kind(pid, KIND_PGID);
    case PIDTYPE_SID:
      return find_task_by_pid_kind(pid, KIND_SID);
    default:
      return NULL;
  }
}

export function get_pid_task(pid: ptr<pid>, type: pid_type): ptr<task_struct> {
  const task: ptr<task_struct> = pid_task(pid, type);
  if (task) get_task_struct(task);
  return task;
}

EXPORT_SYMBOL_GPL(find_get_pid);
EXPORT_SYMBOL_GPL(find_vpid);
EXPORT_SYMBOL_GPL(put_pid);
EXPORT_SYMBOL(pid_task);
EXPORT_SYMBOL_GPL(get_pid_task);
