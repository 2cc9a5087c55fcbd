/**
 * An address space, as a thing that tasks share and can be compared by. After
 * include/linux/mm_types.h of 2.6.32. Left out: what is in it.
 */
import { int, struct } from "linux/types";

export interface mm_struct extends struct<"mm_struct"> {
  mm_users: int;
  mm_count: int;
}
