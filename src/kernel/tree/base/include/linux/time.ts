/**
 * Virtual nanoseconds since boot. After include/linux/sched.h (sched_clock) of 2.6.32.
 */
import { u64 } from "linux/types";

export declare function sched_clock(): u64;
