/**
 * openat(2), with Ubuntu's tracepoint. After fs/open.c of 2.6.32.
 * Left out: opening the file, which the core does.
 */
import { HOOK_FILE_OPEN, open_at, register_hook } from "core/port";
import { core_initcall } from "linux/init";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { tracepoint, tracepoint_add } from "linux/tracepoint";
import { addr, cstring, int, long, NULL, unsigned_int, unsigned_long } from "linux/types";
import { trace_do_sys_open } from "trace/events/fs";

function do_sys_open(dfd: int, filename: unsigned_long, flags: int, mode: unsigned_int): long {
  return open_at(dfd, filename, flags, mode);
}

export function sys_openat(
  dfd: int,
  filename: unsigned_long,
  flags: int,
  mode: unsigned_int,
): long {
  return do_sys_open(dfd, filename, flags, mode);
}

/** The file is open, or is not: `filename` is a kernel copy. */
function fsnotify_open(filename: cstring, flags: int, fd: int): void {
  trace_do_sys_open(filename, flags, fd);
}

function do_sys_open_regfunc(): void {
  register_hook(HOOK_FILE_OPEN, fsnotify_open);
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
