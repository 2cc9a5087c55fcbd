/**
 * Kernel memory. After include/linux/slab.h and gfp.h of 2.6.32. Left out: caches.
 */
import { size_t, unsigned_int, voidp } from "linux/types";

/** May sleep to find memory: not under a spinlock, not with preemption off. */
export const GFP_KERNEL = 0xd0;
/** Never sleeps. */
export const GFP_ATOMIC = 0x20;

export declare function kmalloc(size: size_t, flags: unsigned_int): voidp;
export declare function kzalloc(size: size_t, flags: unsigned_int): voidp;
export declare function kfree(object: voidp): void;
