/**
 * The system-call table. After arch/riscv/kernel/syscall_table.c. The calls that are not of the tree
 * are the core's: sys_read and its kin, each at its address.
 */
import { syscall_entry, use_syscall_table } from "core/port";
import { __NR_execve, __NR_openat } from "asm/unistd";
import { early_initcall } from "linux/init";
import { NR_syscalls, sys_execve, sys_openat } from "linux/syscalls";
import { array, cast, int, size_t, sizeof, voidp } from "linux/types";

export let sys_call_table: array<voidp, 464> = [];

function syscall_init(): int {
  let nr: int = 0;
  while (nr < NR_syscalls) {
    sys_call_table[nr] = cast<voidp>(syscall_entry(nr));
    nr++;
  }
  sys_call_table[__NR_openat] = sys_openat;
  sys_call_table[__NR_execve] = sys_execve;
  return use_syscall_table(sys_call_table, NR_syscalls * sizeof<voidp>());
}

early_initcall(syscall_init);
