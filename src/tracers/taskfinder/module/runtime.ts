/**
 * The runtime's half of taskfinder: an engine on every task that there is, and on every task that
 * comes, hung on it by its parent's engine before it can run. It knows nothing of what they report.
 * After runtime/task_finder.c of SystemTap. Written for utrace as of 2.6.32-19.el6.
 */
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINPROGRESS } from "linux/errno";
import {
  get_task_struct,
  init_task,
  next_task,
  next_thread,
  put_task_struct,
  task_struct,
} from "linux/sched";
import { addr, bool, int, NULL, ptr, u32, unsigned_long } from "linux/types";
import {
  UTRACE_ATTACH_CREATE,
  UTRACE_ATTACH_MATCH_OPS,
  utrace_attach_task,
  utrace_barrier,
  utrace_control,
  UTRACE_DETACH,
  utrace_engine,
  utrace_engine_ops,
  utrace_engine_put,
  UTRACE_EVENT_CLONE,
  UTRACE_EVENT_DEATH,
  UTRACE_EVENT_EXEC,
  UTRACE_RESUME,
  utrace_set_events,
} from "linux/utrace";

const EVENTS = UTRACE_EVENT_CLONE | UTRACE_EVENT_EXEC | UTRACE_EVENT_DEATH;

export let born: int = 0;

/** For every script's ops: who clones hands the engine on. */
export function follow_clone(
  action: u32,
  engine: ptr<utrace_engine>,
  parent: ptr<task_struct>,
  clone_flags: unsigned_long,
  child: ptr<task_struct>,
): u32 {
  born++;
  find_task(child, engine.ops);
  return UTRACE_RESUME;
}

/** The engine's own reference keeps it; it is found again by its ops. */
function find_task(task: ptr<task_struct>, ops: ptr<utrace_engine_ops>): int {
  const engine: ptr<utrace_engine> = utrace_attach_task(task, UTRACE_ATTACH_CREATE, ops, NULL);
  if (IS_ERR(engine)) return PTR_ERR(engine);
  const ret: int = utrace_set_events(task, engine, EVENTS);
  utrace_engine_put(engine);
  return ret;
}

function lose_task(task: ptr<task_struct>, ops: ptr<utrace_engine_ops>): void {
  const engine: ptr<utrace_engine> = utrace_attach_task(task, UTRACE_ATTACH_MATCH_OPS, ops, NULL);
  if (IS_ERR(engine)) return;
  if (utrace_control(task, engine, UTRACE_DETACH) === -EINPROGRESS) utrace_barrier(task, engine);
  utrace_engine_put(engine);
}

/** Every thread of every process: they are found, or let go of. */
export function each_task(finding: bool, ops: ptr<utrace_engine_ops>): void {
  let process: ptr<task_struct> = next_task(addr(init_task));
  while (process !== addr(init_task)) {
    let thread: ptr<task_struct> = process;
    do {
      get_task_struct(thread);
      if (finding) find_task(thread, ops);
      else lose_task(thread, ops);
      put_task_struct(thread);
      thread = next_thread(thread);
    } while (thread !== process);
    process = next_task(process);
  }
}
