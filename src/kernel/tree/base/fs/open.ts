/**
 * open(2) as watchers see it. After fs/open.c of 2.6.32 with Ubuntu's tracepoint.
 * Left out: opening the file, which the core has done.
 */
import { HOOK_FILE_OPEN, register_hook } from "core/port";
import { core_initcall } from "linux/init";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, cstring, int, NULL } from "linux/types";
import { trace_do_sys_open } from "trace/events/fs";

function do_sys_open(filename: cstring, flags: int, fd: int): void {
  trace_do_sys_open(filename, flags, fd);
}

function do_sys_open_regfunc(): void {
  register_hook(HOOK_FILE_OPEN, do_sys_open);
}

function do_sys_open_unregfunc(): void {
  register_hook(HOOK_FILE_OPEN, NULL);
}

export let __tracepoint_do_sys_open: tracepoint = {
  name: "do_sys_open",
  regfunc: do_sys_open_regfunc,
  unregfunc: do_sys_open_unregfunc,
};

function open_init(): int {
  tracepoint_add(addr(__tracepoint_do_sys_open));
  return 0;
}

core_initcall(open_init);
EXPORT_SYMBOL_GPL(__tracepoint_do_sys_open);
