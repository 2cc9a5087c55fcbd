/**
 * execve(2), and what is done when the new program image is in place. After fs/exec.c of 2.6.32.
 * Left out: finding and mapping the image, which the core does; all binaries are one format.
 */
import { exec_file, HOOK_EXEC, register_hook } from "core/port";
import { linux_binfmt, linux_binprm } from "linux/binfmts";
import { core_initcall } from "linux/init";
import { list_add_tail, list_empty } from "linux/list";
import { pt_regs } from "linux/ptrace";
import { get_current, init_task, task_struct, thread_group_leader } from "linux/sched";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { tracehook_report_exec } from "linux/tracehook";
import { addr, cstring, int, long, ptr, sizeof, unsigned_long } from "linux/types";
import { uprobe_exec } from "linux/uprobes";

/** Returns only when there is no such program: else the task is another one now. */
function do_execve(filename: unsigned_long, argv: unsigned_long, envp: unsigned_long): long {
  return exec_file(filename, argv, envp);
}

export function sys_execve(
  filename: unsigned_long,
  argv: unsigned_long,
  envp: unsigned_long,
): long {
  return do_execve(filename, argv, envp);
}

let elf_format: linux_binfmt = { name: "elf" };

function search_binary_handler(filename: cstring, argc: int, envc: int, regs: ptr<pt_regs>): void {
  const task: ptr<task_struct> = get_current();
  // A thread that called execve is the leader now; the old leader has left the list.
  if (thread_group_leader(task) && list_empty(addr(task.tasks))) {
    list_add_tail(addr(task.tasks), addr(init_task.tasks));
  }
  uprobe_exec(task, filename);
  const bprm: ptr<linux_binprm> = kzalloc(sizeof<linux_binprm>(), GFP_KERNEL);
  if (!bprm) return;
  bprm.filename = filename;
  bprm.interp = filename;
  bprm.argc = argc;
  bprm.envc = envc;
  tracehook_report_exec(addr(elf_format), bprm, regs);
  kfree(bprm);
}

function exec_init(): int {
  register_hook(HOOK_EXEC, search_binary_handler);
  return 0;
}

core_initcall(exec_init);
