/**
 * The registers that a task entered the kernel with. After arch/riscv/include/asm/ptrace.h
 * (4.15, where riscv joined; the same in every release here).
 */
import { int, ptr, struct, unsigned_long } from "linux/types";

export interface pt_regs extends struct<"pt_regs"> {
  epc: unsigned_long;
  ra: unsigned_long;
  sp: unsigned_long;
  gp: unsigned_long;
  tp: unsigned_long;
  t0: unsigned_long;
  t1: unsigned_long;
  t2: unsigned_long;
  s0: unsigned_long;
  s1: unsigned_long;
  a0: unsigned_long;
  a1: unsigned_long;
  a2: unsigned_long;
  a3: unsigned_long;
  a4: unsigned_long;
  a5: unsigned_long;
  a6: unsigned_long;
  a7: unsigned_long;
  s2: unsigned_long;
  s3: unsigned_long;
  s4: unsigned_long;
  s5: unsigned_long;
  s6: unsigned_long;
  s7: unsigned_long;
  s8: unsigned_long;
  s9: unsigned_long;
  s10: unsigned_long;
  s11: unsigned_long;
  t3: unsigned_long;
  t4: unsigned_long;
  t5: unsigned_long;
  t6: unsigned_long;
  /** a0 as it was at entry: a0 itself holds the result afterwards. */
  orig_a0: unsigned_long;
}

export function instruction_pointer(regs: ptr<pt_regs>): unsigned_long {
  return regs.epc;
}

export function user_stack_pointer(regs: ptr<pt_regs>): unsigned_long {
  return regs.sp;
}

/**
 * Single stepping is what this machine has beyond Linux on riscv; stepping from branch to branch it has
 * not.
 */
export const arch_has_single_step: int = 1;
export const arch_has_block_step: int = 0;
