/**
 * The tracepoint of open(2). Mainline has none; this one is after the patch that Ubuntu carried for
 * its boot read-ahead (include/trace/events/fs.h, 2.6.31 to 2.6.38). `filename` is a kernel copy.
 */
import { preempt_disable, preempt_enable } from "linux/preempt";
import {
  tracepoint,
  tracepoint_func,
  tracepoint_probe_register,
  tracepoint_probe_unregister,
} from "linux/tracepoint";
import { cast, cstring, int, ptr, voidp } from "linux/types";

export type do_sys_open_probe = (data: voidp, filename: cstring, flags: int, fd: int) => void;

export declare let __tracepoint_do_sys_open: tracepoint;

export function trace_do_sys_open(filename: cstring, flags: int, fd: int): void {
  if (__tracepoint_do_sys_open.state === 0) return;
  preempt_disable();
  let it: ptr<tracepoint_func> = __tracepoint_do_sys_open.funcs;
  while (it) {
    const probe: do_sys_open_probe = cast<do_sys_open_probe>(it.func);
    probe(it.data, filename, flags, fd);
    it = it.next;
  }
  preempt_enable();
}

export function register_trace_do_sys_open(probe: do_sys_open_probe, data: voidp): int {
  return tracepoint_probe_register("do_sys_open", probe, data);
}

export function unregister_trace_do_sys_open(probe: do_sys_open_probe, data: voidp): int {
  return tracepoint_probe_unregister("do_sys_open", probe, data);
}
