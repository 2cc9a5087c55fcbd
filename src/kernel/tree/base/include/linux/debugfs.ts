/**
 * Files made by kernel code, under /sys/kernel/debug. After include/linux/debugfs.h and seq_file.h
 * of 2.6.32. Left out: file_operations; a file is shown whole and stored whole.
 */
import { cstring, int, ptr, size_t, struct, unsigned_long, varargs } from "linux/types";

export interface seq_file extends struct<"seq_file"> {
  private: unsigned_long;
}

export type seq_show = (m: ptr<seq_file>) => int;
/** `text` ends in a NUL; a negative result is write(2)'s. */
export type file_store = (text: cstring, size: size_t) => int;

export declare function debugfs_create_file(path: cstring, show: seq_show, store: file_store): int;
export declare function seq_printf(m: ptr<seq_file>, fmt: cstring, ...args: varargs): int;
/** Reads a decimal number; 0 where there is none. */
export declare function simple_strtol(text: cstring): int;
