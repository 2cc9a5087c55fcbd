/**
 * taskfinder: which program does any task run, from now on? An engine on every task that there is, and
 * on every task that comes, hung on it by its parent's engine before it can run: what a SystemTap
 * script's runtime does before the script has said a word.
 * After runtime/task_finder.c of SystemTap. Written for utrace as of 2.6.32-19.el6.
 */
import { IS_ERR, PTR_ERR } from "linux/err";
import { linux_binfmt, linux_binprm } from "linux/binfmts";
import { EINPROGRESS } from "linux/errno";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
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

let born: int = 0;
let died: int = 0;

function on_clone(
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

function on_exec(
  action: u32,
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  fmt: ptr<linux_binfmt>,
  bprm: ptr<linux_binprm>,
  regs: ptr<pt_regs>,
): u32 {
  printk("taskfinder: pid %d runs %s\n", task.pid, bprm.filename);
  return UTRACE_RESUME;
}

function on_death(
  engine: ptr<utrace_engine>,
  task: ptr<task_struct>,
  group_dead: bool,
  signal: int,
): u32 {
  died++;
  return UTRACE_DETACH;
}

const finder_ops: utrace_engine_ops = {
  report_clone: on_clone,
  report_exec: on_exec,
  report_death: on_death,
};

/** The engine's own reference keeps it; it is found again by its ops. */
function find_task(task: ptr<task_struct>, ops: ptr<utrace_engine_ops>): int {
  const engine: ptr<utrace_engine> = utrace_attach_task(task, UTRACE_ATTACH_CREATE, ops, NULL);
  if (IS_ERR(engine)) return PTR_ERR(engine);
  const ret: int = utrace_set_events(task, engine, EVENTS);
  utrace_engine_put(engine);
  return ret;
}

function lose_task(task: ptr<task_struct>): void {
  const engine: ptr<utrace_engine> = utrace_attach_task(
    task,
    UTRACE_ATTACH_MATCH_OPS,
    addr(finder_ops),
    NULL,
  );
  if (IS_ERR(engine)) return;
  if (utrace_control(task, engine, UTRACE_DETACH) === -EINPROGRESS) utrace_barrier(task, engine);
  utrace_engine_put(engine);
}

/** Every thread of every process: they are found, or let go of. */
function each_task(finding: bool): void {
  let process: ptr<task_struct> = next_task(addr(init_task));
  while (process !== addr(init_task)) {
    let thread: ptr<task_struct> = process;
    do {
      get_task_struct(thread);
      if (finding) find_task(thread, addr(finder_ops));
      else lose_task(thread);
      put_task_struct(thread);
      thread = next_thread(thread);
    } while (thread !== process);
    process = next_task(process);
  }
}

function taskfinder_init(): int {
  each_task(true);
  return 0;
}

function taskfinder_exit(): void {
  each_task(false);
  printk("taskfinder: %d tasks were born, %d died\n", born, died);
}

module_init(taskfinder_init);
module_exit(taskfinder_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("follows every task by utrace, as SystemTap's runtime does");
