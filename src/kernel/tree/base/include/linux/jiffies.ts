/**
 * Ticks of the clock. After include/linux/jiffies.h of 2.6.32. Left out: the variable `jiffies`, which
 * is read by get_jiffies_64(); ticks that wrap around.
 */
import { u64, unsigned_int, unsigned_long } from "linux/types";

/** Ticks a second. */
export const HZ = 100;

export declare function get_jiffies_64(): u64;

export function msecs_to_jiffies(m: unsigned_int): unsigned_long {
  return (m + 9) / 10;
}
