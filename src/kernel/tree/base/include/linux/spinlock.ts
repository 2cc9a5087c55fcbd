/**
 * Spinlocks: taking one switches preemption off, and taking a held one is `spinlock recursion`.
 * After include/linux/spinlock.h of 2.6.32. Left out: interrupt-disabling forms, reader-writer locks.
 */
import { ptr, struct, u32 } from "linux/types";

export interface spinlock_t extends struct<"spinlock_t"> {
  raw_lock: u32;
  owner_cpu: u32;
}

export declare function spin_lock(lock: ptr<spinlock_t>): void;
export declare function spin_unlock(lock: ptr<spinlock_t>): void;

export function spin_lock_init(lock: ptr<spinlock_t>): void {
  lock.raw_lock = 0;
  lock.owner_cpu = 0;
}
