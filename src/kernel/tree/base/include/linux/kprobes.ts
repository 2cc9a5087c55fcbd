/**
 * Kprobes: being called where a function of the kernel begins, and where it returns, whatever
 * function it is. After include/linux/kprobes.h of 2.6.32.
 *
 * `symbol_name` or `addr` says where: a function in the kernel's text or a module's. What a header
 * defines inline has no place of its own (-ENOENT). Handlers run with preemption off.
 * Left out: probes inside a function, fault handlers, jprobes, arrays of probes.
 */
export { NOKPROBE_SYMBOL } from "asm-generic/kprobes";
import { list_head } from "linux/list";
import { pt_regs } from "linux/ptrace";
import { task_struct } from "linux/sched";
import { cstring, int, ptr, size_t, struct, u32, unsigned_long, voidp } from "linux/types";

export type kprobe_pre_handler_t = (p: ptr<kprobe>, regs: ptr<pt_regs>) => int;
export type kprobe_post_handler_t = (
  p: ptr<kprobe>,
  regs: ptr<pt_regs>,
  flags: unsigned_long,
) => void;

/** kprobe.flags */
export const KPROBE_FLAG_GONE = 1;
export const KPROBE_FLAG_DISABLED = 2;

export interface kprobe extends struct<"kprobe"> {
  list: list_head;
  /** Hits that were not told, because a probe was being handled already. */
  nmissed: unsigned_long;
  addr: unsigned_long;
  symbol_name: cstring;
  offset: u32;
  pre_handler: kprobe_pre_handler_t;
  post_handler: kprobe_post_handler_t;
  flags: u32;
}

export type kretprobe_handler_t = (ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>) => int;

export interface kretprobe extends struct<"kretprobe"> {
  kp: kprobe;
  handler: kretprobe_handler_t;
  /** Where the function begins; nonzero: this call's return is of no interest. */
  entry_handler: kretprobe_handler_t;
  /** How many calls can be under way at once; 0 lets the kernel choose. */
  maxactive: int;
  /** Calls whose return was not told, because too many were under way. */
  nmissed: int;
  /** Bytes that a call's handlers share: kretprobe_instance.data. */
  data_size: size_t;
  free_instances: list_head;
}

export interface kretprobe_instance extends struct<"kretprobe_instance"> {
  /** Among the free ones of its kretprobe, or among all that are under way. */
  list: list_head;
  rp: ptr<kretprobe>;
  ret_addr: unsigned_long;
  task: ptr<task_struct>;
  data: voidp;
}

/** What a pre_handler of a function that returns a value reads when it returns. */
export function regs_return_value(regs: ptr<pt_regs>): unsigned_long {
  return regs.a0;
}

export declare function register_kprobe(p: ptr<kprobe>): int;
export declare function unregister_kprobe(p: ptr<kprobe>): void;
export declare function disable_kprobe(p: ptr<kprobe>): int;
export declare function enable_kprobe(p: ptr<kprobe>): int;
export declare function register_kretprobe(rp: ptr<kretprobe>): int;
export declare function unregister_kretprobe(rp: ptr<kretprobe>): void;

/** A task is gone, and with it the calls that it was in. */
export declare function kprobe_flush_task(task: ptr<task_struct>): void;
