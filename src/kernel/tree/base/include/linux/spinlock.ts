/**
 * Spinlocks: taking one switches preemption off, and taking a held one is `spinlock recursion`.
 * After include/linux/spinlock.h of 2.6.32. Left out: interrupt-disabling forms, reader-writer locks.
 */
import { NULL, ptr, struct, u32, voidp } from "linux/types";

export interface spinlock_t extends struct<"spinlock_t"> {
  raw_lock: u32;
  owner_cpu: u32;
  //#ifdef CONFIG_DEBUG_SPINLOCK
  magic: u32;
  owner: voidp;
  //#endif
}

//#ifdef CONFIG_DEBUG_SPINLOCK
export const SPINLOCK_MAGIC = 0xdead4ead;
//#endif

export declare function spin_lock(lock: ptr<spinlock_t>): void;
export declare function spin_unlock(lock: ptr<spinlock_t>): void;

export function spin_lock_init(lock: ptr<spinlock_t>): void {
  lock.raw_lock = 0;
  lock.owner_cpu = 0;
  //#ifdef CONFIG_DEBUG_SPINLOCK
  lock.magic = SPINLOCK_MAGIC;
  lock.owner = NULL;
  //#endif
}
