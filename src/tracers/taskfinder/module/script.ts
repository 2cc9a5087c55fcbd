/**
 * taskfinder: which program does any task run, from now on? This half is what a script would say; the
 * runtime, which is on every task before the script has said a word, is in runtime.ts.
 * Written for utrace as of 2.6.32-19.el6.
 */
import { linux_binfmt, linux_binprm } from "linux/binfmts";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { addr, bool, int, ptr, u32 } from "linux/types";
import { UTRACE_DETACH, utrace_engine, utrace_engine_ops, UTRACE_RESUME } from "linux/utrace";
import { born, each_task, follow_clone } from "./runtime";

let died: int = 0;

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
  report_clone: follow_clone,
  report_exec: on_exec,
  report_death: on_death,
};

function taskfinder_init(): int {
  each_task(true, addr(finder_ops));
  return 0;
}

function taskfinder_exit(): void {
  each_task(false, addr(finder_ops));
  printk("taskfinder: %d tasks were born, %d died\n", born, died);
}

module_init(taskfinder_init);
module_exit(taskfinder_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("follows every task by utrace, as SystemTap's runtime does");
