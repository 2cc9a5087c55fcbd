/**
 * Tracepoints at both ends of every system call. After include/trace/events/syscalls.h of 2.6.32.
 * They fire only for tasks with TIF_SYSCALL_TRACEPOINT, which the first probe sets for all.
 */
import { preempt_disable, preempt_enable } from "linux/preempt";
import { pt_regs } from "linux/ptrace";
import {
  tracepoint,
  tracepoint_func,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
} from "linux/tracepoint";
import { cast, int, long, ptr, voidp } from "linux/types";

export type sys_enter_probe = (data: voidp, regs: ptr<pt_regs>, id: long) => void;
export type sys_exit_probe = (data: voidp, regs: ptr<pt_regs>, ret: long) => void;

export declare let __tracepoint_sys_enter: tracepoint;
export declare let __tracepoint_sys_exit: tracepoint;

/** Probes run with preemption off: a probe cannot be interrupted by another one. */
export function trace_sys_enter(regs: ptr<pt_regs>, id: long): void {
  if (__tracepoint_sys_enter.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_sys_enter.funcs;
  while (it) {
    const probe: sys_enter_probe = cast<sys_enter_probe>(it.func);
    probe(it.data, regs, id);
    it = it.next;
  }
  preempt_enable();
}

export function trace_sys_exit(regs: ptr<pt_regs>, ret: long): void {
  if (__tracepoint_sys_exit.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_sys_exit.funcs;
  while (it) {
    const probe: sys_exit_probe = cast<sys_exit_probe>(it.func);
    probe(it.data, regs, ret);
    it = it.next;
  }
  preempt_enable();
}

export function register_trace_sys_enter(probe: sys_enter_probe, data: voidp): int {
  return tracepoint_probe_register("sys_enter", probe, data);
}

export function unregister_trace_sys_enter(probe: sys_enter_probe, data: voidp): int {
  return tracepoint_probe_unregister("sys_enter", probe, data);
}

export function register_trace_sys_exit(probe: sys_exit_probe, data: voidp): int {
  return tracepoint_probe_register("sys_exit", probe, data);
}

export function unregister_trace_sys_exit(probe: sys_exit_probe, data: voidp): int {
  return tracepoint_probe_unregister("sys_exit", probe, data);
}
