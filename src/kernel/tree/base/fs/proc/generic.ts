/**
 * Files in /proc that kernel code makes, and files that one function prints. After fs/proc/generic.c
 * and fs/seq_file.c of 2.6.32. Left out: see <linux/proc_fs.h> and <linux/seq_file.h>.
 */
import { proc_create_file, proc_remove_file } from "core/port";
import { seq_file, seq_show } from "linux/debugfs";
import { ENOMEM } from "linux/errno";
import { file, file_operations, inode } from "linux/fs";
import { EXPORT_SYMBOL } from "linux/module";
import { proc_dir_entry } from "linux/proc_fs";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  cast,
  cstring,
  int,
  NULL,
  ptr,
  size_t,
  sizeof,
  ssize_t,
  struct,
  umode_t,
  unsigned_long,
  voidp,
} from "linux/types";

const PAGE_SIZE = 4096;

/** What single_open() leaves in file.private_data. */
interface single_file extends struct<"single_file"> {
  show: seq_show;
  data: voidp;
}

/** Somebody reads the file: opens it, reads to the end, and closes it. */
function proc_reg_read(m: ptr<seq_file>): int {
  const de: ptr<proc_dir_entry> = cast<ptr<proc_dir_entry>>(m.private);
  const file: ptr<file> = kzalloc(sizeof<file>(), GFP_KERNEL);
  if (!file) return -ENOMEM;
  file.f_seq = m;
  let ret: int = de.proc_fops.open ? de.proc_fops.open(NULL, file) : 0;
  if (ret === 0) {
    if (de.proc_fops.read) ret = cast<int>(de.proc_fops.read(file, 0, PAGE_SIZE, NULL));
    if (de.proc_fops.release) de.proc_fops.release(NULL, file);
  }
  kfree(file);
  return ret;
}

export function proc_create_data(
  name: cstring,
  mode: umode_t,
  parent: ptr<proc_dir_entry>,
  proc_fops: ptr<file_operations>,
  data: voidp,
): ptr<proc_dir_entry> {
  const de: ptr<proc_dir_entry> = kzalloc(sizeof<proc_dir_entry>(), GFP_KERNEL);
  if (!de) return NULL;
  de.name = name;
  de.mode = mode;
  de.proc_fops = proc_fops;
  de.data = data;
  proc_create_file(name, proc_reg_read, de);
  return de;
}

export function proc_remove(de: ptr<proc_dir_entry>): void {
  if (!de) return;
  proc_remove_file(de.name);
  kfree(de);
}

export function single_open(file: ptr<file>, show: seq_show, data: voidp): int {
  const single: ptr<single_file> = kzalloc(sizeof<single_file>(), GFP_KERNEL);
  if (!single) return -ENOMEM;
  single.show = show;
  single.data = data;
  file.private_data = single;
  return 0;
}

export function single_release(inode: ptr<inode>, file: ptr<file>): int {
  kfree(file.private_data);
  return 0;
}

export function seq_read(
  file: ptr<file>,
  buf: unsigned_long,
  size: size_t,
  ppos: voidp,
): ssize_t {
  const single: ptr<single_file> = cast<ptr<single_file>>(file.private_data);
  file.f_seq.private = cast<unsigned_long>(single.data);
  return single.show(file.f_seq);
}

EXPORT_SYMBOL(proc_create_data);
EXPORT_SYMBOL(proc_remove);
EXPORT_SYMBOL(single_open);
EXPORT_SYMBOL(single_release);
EXPORT_SYMBOL(seq_read);
