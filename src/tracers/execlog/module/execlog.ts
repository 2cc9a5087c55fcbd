/**
 * execlog: which programs are run? A kretprobe on do_execve(): the name is read where the function
 * begins, while the old program's memory is still there, and told when it has returned 0.
 * Written for 3.15.
 */
import { IS_ERR } from "linux/err";
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
import { get_current } from "linux/sched";
import { addr, cast, chars, int, ptr, struct, voidp } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";

const NAME_BYTES = 64;

interface exec_name extends struct<"exec_name"> {
  text: chars<64>;
}

let ran: int = 0;
let failed: int = 0;

function on_execve(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int {
  const name: ptr<exec_name> = cast<ptr<exec_name>>(ri.data);
  strncpy_from_user_nofault(name.text, regs.a0, NAME_BYTES);
  return 0;
}

function on_return(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int {
  if (IS_ERR(cast<voidp>(regs_return_value(regs)))) {
    failed++;
    return 0;
  }
  ran++;
  const name: ptr<exec_name> = cast<ptr<exec_name>>(ri.data);
  printk("execlog: pid %d runs %s\n", get_current().pid, name.text);
  return 0;
}

let on_exec: kretprobe = {
  kp: { symbol_name: "do_execve" },
  entry_handler: on_execve,
  handler: on_return,
  data_size: 64,
  maxactive: 20,
};

function execlog_init(): int {
  return register_kretprobe(addr(on_exec));
}

function execlog_exit(): void {
  unregister_kretprobe(addr(on_exec));
  printk("execlog: %d programs run, %d not\n", ran, failed);
}

module_init(execlog_init);
module_exit(execlog_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints the programs that are run, by a kretprobe on do_execve");
