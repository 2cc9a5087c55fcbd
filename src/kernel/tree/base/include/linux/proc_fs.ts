/**
 * Files in /proc. After include/linux/proc_fs.h of 2.6.32, with the proc_remove() of 3.10.
 * Left out: directories, links, writing, read_proc.
 */
import { file_operations } from "linux/fs";
import { cstring, NULL, ptr, struct, umode_t, voidp } from "linux/types";

export interface proc_dir_entry extends struct<"proc_dir_entry"> {
  name: cstring;
  mode: umode_t;
  proc_fops: ptr<file_operations>;
  data: voidp;
}

/** NULL when there is no memory. `parent` is NULL for /proc itself, and nothing else. */
export declare function proc_create_data(
  name: cstring,
  mode: umode_t,
  parent: ptr<proc_dir_entry>,
  proc_fops: ptr<file_operations>,
  data: voidp,
): ptr<proc_dir_entry>;

export function proc_create(
  name: cstring,
  mode: umode_t,
  parent: ptr<proc_dir_entry>,
  proc_fops: ptr<file_operations>,
): ptr<proc_dir_entry> {
  return proc_create_data(name, mode, parent, proc_fops, NULL);
}

export declare function proc_remove(de: ptr<proc_dir_entry>): void;
