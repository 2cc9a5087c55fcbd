/**
 * The slow path around a system call, taken by tasks with a TIF_SYSCALL_* flag, and the way back to
 * user mode with TIF_NOTIFY_RESUME. After arch/riscv/kernel/ptrace.c and signal.c.
 * Left out: seccomp, audit; ptrace(2)'s own stops, which come before these.
 */
import { HOOK_RESUME, HOOK_SYSCALL_ENTRY, HOOK_SYSCALL_EXIT, register_hook } from "core/port";
import { syscall_get_nr, syscall_get_return_value } from "asm/syscall";
import { core_initcall } from "linux/init";
import { pt_regs } from "linux/ptrace";
import {
  clear_tsk_thread_flag,
  get_current,
  init_task,
  next_task,
  next_thread,
  set_tsk_thread_flag,
  task_struct,
  test_tsk_thread_flag,
  TIF_SYSCALL_TRACE,
  TIF_SYSCALL_TRACEPOINT,
} from "linux/sched";
import {
  tracehook_notify_resume,
  tracehook_report_syscall_entry,
  tracehook_report_syscall_exit,
} from "linux/tracehook";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, int, long, ptr } from "linux/types";
import { trace_sys_enter, trace_sys_exit } from "trace/events/syscalls";

function syscall_trace_enter(regs: ptr<pt_regs>): long {
  const task: ptr<task_struct> = get_current();
  let refused: int = 0;
  if (test_tsk_thread_flag(task, TIF_SYSCALL_TRACE)) {
    refused = tracehook_report_syscall_entry(regs);
  }
  if (test_tsk_thread_flag(task, TIF_SYSCALL_TRACEPOINT)) {
    trace_sys_enter(regs, syscall_get_nr(regs));
  }
  return refused;
}

function syscall_trace_leave(regs: ptr<pt_regs>): void {
  const task: ptr<task_struct> = get_current();
  if (test_tsk_thread_flag(task, TIF_SYSCALL_TRACEPOINT)) {
    trace_sys_exit(regs, syscall_get_return_value(regs));
  }
  if (test_tsk_thread_flag(task, TIF_SYSCALL_TRACE)) tracehook_report_syscall_exit(regs);
}

function do_notify_resume(regs: ptr<pt_regs>): void {
  tracehook_notify_resume(regs);
}

/** How many of the two tracepoints have probes. */
let sys_tracepoint_refcount: int = 0;

/** The first probe sends every thread down the slow path; new ones follow in copy_process(). */
function syscall_regfunc(): void {
  sys_tracepoint_refcount++;
  if (sys_tracepoint_refcount !== 1) return;
  let process: ptr<task_struct> = next_task(addr(init_task));
  while (process !== addr(init_task)) {
    let thread: ptr<task_struct> = process;
    do {
      set_tsk_thread_flag(thread, TIF_SYSCALL_TRACEPOINT);
      thread = next_thread(thread);
    } while (thread !== process);
    process = next_task(process);
  }
}

function syscall_unregfunc(): void {
  sys_tracepoint_refcount--;
  if (sys_tracepoint_refcount !== 0) return;
  let process: ptr<task_struct> = next_task(addr(init_task));
  while (process !== addr(init_task)) {
    let thread: ptr<task_struct> = process;
    do {
      clear_tsk_thread_flag(thread, TIF_SYSCALL_TRACEPOINT);
      thread = next_thread(thread);
    } while (thread !== process);
    process = next_task(process);
  }
}

export let __tracepoint_sys_enter: tracepoint = {
  name: "sys_enter",
  regfunc: syscall_regfunc,
  unregfunc: syscall_unregfunc,
};

export let __tracepoint_sys_exit: tracepoint = {
  name: "sys_exit",
  regfunc: syscall_regfunc,
  unregfunc: syscall_unregfunc,
};

function ptrace_init(): int {
  //#ifdef CONFIG_HAVE_SYSCALL_TRACEPOINTS
  tracepoint_add(addr(__tracepoint_sys_enter));
  tracepoint_add(addr(__tracepoint_sys_exit));
  //#endif
  register_hook(HOOK_SYSCALL_ENTRY, syscall_trace_enter);
  register_hook(HOOK_SYSCALL_EXIT, syscall_trace_leave);
  register_hook(HOOK_RESUME, do_notify_resume);
  return 0;
}

core_initcall(ptrace_init);
