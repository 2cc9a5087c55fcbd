/**
 * Something to do at a later tick, in the clock's interrupt: it must not sleep. After
 * include/linux/timer.h of 2.6.32. Left out: deferrable timers, slack.
 */
import { list_head } from "linux/list";
import { bool, int, NULL, ptr, struct, unsigned_long } from "linux/types";

export interface timer_list extends struct<"timer_list"> {
  entry: list_head;
  /** The tick at which it is due. */
  expires: unsigned_long;
  function: (data: unsigned_long) => void;
  data: unsigned_long;
}

export function init_timer(timer: ptr<timer_list>): void {
  timer.entry.next = NULL;
}

/** Prepares a timer; what `data` is, its function knows. */
export function setup_timer(
  timer: ptr<timer_list>,
  fn: (data: unsigned_long) => void,
  data: unsigned_long,
): void {
  init_timer(timer);
  timer.function = fn;
  timer.data = data;
}

export function timer_pending(timer: ptr<timer_list>): bool {
  return timer.entry.next !== NULL;
}

/** Sets it to another tick; 1 if it was pending. */
export declare function mod_timer(timer: ptr<timer_list>, expires: unsigned_long): int;
/** Calls it off; 1 if it was pending. */
export declare function del_timer(timer: ptr<timer_list>): int;
/** And waits for its function to be done. */
export declare function del_timer_sync(timer: ptr<timer_list>): int;

/** The pending timer that is due after `timer`, the first one after NULL; NULL after the last. */
export declare function next_timer(timer: ptr<timer_list>): ptr<timer_list>;
