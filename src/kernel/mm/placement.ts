/**
 * Where a mapping goes that may lie anywhere: the highest hole that is large enough, below the room
 * that is kept for the stack. Source: mm/mmap.c of 6.1 (arch_get_unmapped_area_topdown).
 */
import { ENOMEM } from "../abi/errno.ts";
import { type AddressSpace, USER_TOP } from "./address-space.ts";

/** vm.mmap_min_addr. */
export const MAP_ADDRESS_MIN = 0x10000;
/** Below the stack's 8 MiB and a gap. */
const MAP_TOP: number = USER_TOP - 0x10000000;

/** A free range of `length` bytes, or -ENOMEM. */
export function findRoom(mm: AddressSpace, length: number): number {
  let start = MAP_TOP - length;
  for (;;) {
    const found = mm.overlapping(start, start + length);
    if (found === undefined) break;
    start = found.start - length;
  }
  return start < MAP_ADDRESS_MIN ? -ENOMEM : start;
}
