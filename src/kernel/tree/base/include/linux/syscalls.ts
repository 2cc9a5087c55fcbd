/**
 * The system-call table and the calls that the tree has functions of its own for. After
 * include/linux/syscalls.h of 2.6.32; arguments come in registers, as on riscv until 6.6.
 */
import { array, int, long, unsigned_int, unsigned_long, voidp } from "linux/types";

export const NR_syscalls = 464;

/** What the kernel calls for each number. Not exported: modules have no business with it. */
export declare let sys_call_table: array<voidp, 464>;

export declare function sys_openat(
  dfd: int,
  filename: unsigned_long,
  flags: int,
  mode: unsigned_int,
): long;
export declare function sys_execve(
  filename: unsigned_long,
  argv: unsigned_long,
  envp: unsigned_long,
): long;
