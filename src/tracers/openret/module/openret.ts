/**
 * openret: how many opens succeed? A kretprobe on the function behind open(2); the books are kept in
 * the structure that the kretprobe lies in. Written for 4.11.
 */
import { printk } from "linux/kernel";
import {
  kretprobe,
  kretprobe_instance,
  register_kretprobe,
  regs_return_value,
  unregister_kretprobe,
} from "linux/kprobes";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { addr, cast, container_of, int, long, ptr, struct } from "linux/types";

interface open_books extends struct<"open_books"> {
  rp: kretprobe;
  succeeded: int;
  failed: int;
}

function on_return(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int {
  const books: ptr<open_books> = container_of<open_books>(ri.rp, "rp");
  if (cast<long>(regs_return_value(regs)) < 0) books.failed++;
  else books.succeeded++;
  return 0;
}

let books: open_books = {
  rp: { kp: { symbol_name: "do_sys_open" }, handler: on_return, maxactive: 16 },
};

function openret_init(): int {
  return register_kretprobe(addr(books.rp));
}

function openret_exit(): void {
  unregister_kretprobe(addr(books.rp));
  printk("openret: %d opens succeeded, %d failed\n", books.succeeded, books.failed);
}

module_init(openret_init);
module_exit(openret_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts opens that succeed and that fail");
