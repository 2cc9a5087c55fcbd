/**
 * The system call that a task is in, from its registers. After arch/riscv/include/asm/syscall.h.
 */
import { pt_regs } from "linux/ptrace";
import { long, ptr } from "linux/types";

export function syscall_get_nr(regs: ptr<pt_regs>): long {
  return regs.a7;
}

export function syscall_get_return_value(regs: ptr<pt_regs>): long {
  return regs.a0;
}
