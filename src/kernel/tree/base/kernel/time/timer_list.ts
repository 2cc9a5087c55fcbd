/**
 * /proc/timer_list: what is to happen, and at which tick. After kernel/time/timer_list.c of 2.6.32.
 * Left out: high-resolution timers, clock devices.
 */
import { seq_file, seq_printf } from "linux/debugfs";
import { file, file_operations, inode } from "linux/fs";
import { core_initcall } from "linux/init";
import { get_jiffies_64 } from "linux/jiffies";
import { sprint_symbol } from "linux/kallsyms";
import { proc_create } from "linux/proc_fs";
import { seq_read, single_open, single_release } from "linux/seq_file";
import { next_timer, timer_list } from "linux/timer";
import { addr, cast, chars, int, NULL, ptr, struct, unsigned_long } from "linux/types";

interface symbol_name extends struct<"symbol_name"> {
  text: chars<128>;
}

let name: symbol_name = {};

function timer_list_show(m: ptr<seq_file>): int {
  seq_printf(m, "now at tick %lu\n", cast<unsigned_long>(get_jiffies_64()));
  let timer: ptr<timer_list> = next_timer(NULL);
  while (timer) {
    sprint_symbol(name.text, cast<unsigned_long>(timer.function));
    seq_printf(m, "%s, expires at %lu\n", name.text, timer.expires);
    timer = next_timer(timer);
  }
  return 0;
}

function timer_list_open(inode: ptr<inode>, file: ptr<file>): int {
  return single_open(file, timer_list_show, NULL);
}

const timer_list_fops: file_operations = {
  open: timer_list_open,
  read: seq_read,
  release: single_release,
};

function init_timer_list_procfs(): int {
  return proc_create("timer_list", 0o444, NULL, addr(timer_list_fops)) ? 0 : -1;
}

core_initcall(init_timer_list_procfs);
