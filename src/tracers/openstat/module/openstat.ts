/**
 * openstat: how many files were opened? Whoever wants to know reads /proc/openstat. Written for 4.11.
 */
import { seq_file, seq_printf } from "linux/debugfs";
import { ENOMEM } from "linux/errno";
import { file, file_operations, inode } from "linux/fs";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { proc_create, proc_dir_entry, proc_remove } from "linux/proc_fs";
import { seq_read, single_open, single_release } from "linux/seq_file";
import { tracepoint_synchronize_unregister } from "linux/tracepoint";
import { addr, cstring, int, NULL, ptr, voidp } from "linux/types";
import { register_trace_do_sys_open, unregister_trace_do_sys_open } from "trace/events/fs";

let opened: int = 0;
let entry: ptr<proc_dir_entry> = NULL;

function on_open(data: voidp, filename: cstring, flags: int, fd: int): void {
  if (fd >= 0) opened++;
}

function openstat_show(m: ptr<seq_file>): int {
  printk("openstat: asked, and said %d\n", opened);
  return seq_printf(m, "%d\n", opened);
}

function openstat_open(inode: ptr<inode>, file: ptr<file>): int {
  return single_open(file, openstat_show, NULL);
}

const openstat_fops: file_operations = {
  open: openstat_open,
  read: seq_read,
  release: single_release,
};

function openstat_init(): int {
  entry = proc_create("openstat", 0o444, NULL, addr(openstat_fops));
  if (!entry) return -ENOMEM;
  return register_trace_do_sys_open(on_open, NULL);
}

function openstat_exit(): void {
  proc_remove(entry);
  unregister_trace_do_sys_open(on_open, NULL);
  tracepoint_synchronize_unregister();
  printk("openstat: %d files were opened\n", opened);
}

module_init(openstat_init);
module_exit(openstat_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("says how many files were opened");
