/**
 * Counted references. After include/linux/kref.h of 2.6.32.
 */
import { int, ptr, struct } from "linux/types";

export interface kref extends struct<"kref"> {
  refcount: int;
}

export function kref_set(counter: ptr<kref>, count: int): void {
  counter.refcount = count;
}

export function kref_get(counter: ptr<kref>): void {
  counter.refcount++;
}

/** Drops one reference; the last one runs `release`. Returns 1 when it did. */
export function kref_put(counter: ptr<kref>, release: (counter: ptr<kref>) => void): int {
  counter.refcount--;
  if (counter.refcount !== 0) return 0;
  release(counter);
  return 1;
}
