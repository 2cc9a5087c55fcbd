/**
 * An open file, and the functions behind those that kernel code makes. After
 * include/linux/fs.h of 2.6.32. Left out: everything that only file systems on a disk need.
 */
import { seq_file } from "linux/debugfs";
import { int, loff_t, long, ptr, size_t, ssize_t, struct, unsigned_int, unsigned_long, voidp } from "linux/types";

export interface inode extends struct<"inode"> {
  i_ino: unsigned_long;
}

export interface file extends struct<"file"> {
  /** Descriptors and others that hold it. */
  f_count: long;
  f_flags: unsigned_int;
  f_pos: loff_t;
  private_data: voidp;
  /** Where what is read goes: see <linux/seq_file.h>. */
  f_seq: ptr<seq_file>;
}

export interface file_operations extends struct<"file_operations"> {
  llseek: (file: ptr<file>, offset: loff_t, whence: int) => loff_t;
  read: (file: ptr<file>, buf: unsigned_long, size: size_t, ppos: voidp) => ssize_t;
  write: (file: ptr<file>, buf: unsigned_long, size: size_t, ppos: voidp) => ssize_t;
  open: (inode: ptr<inode>, file: ptr<file>) => int;
  release: (inode: ptr<inode>, file: ptr<file>) => int;
}

/** One more, or one fewer, who holds it. */
export declare function get_file(file: ptr<file>): void;
export declare function fput(file: ptr<file>): void;
