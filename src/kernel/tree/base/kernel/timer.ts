/**
 * Timers, in the order in which they are due. After kernel/timer.c of 2.6.32.
 * Left out: the wheel, which is a sorted list here.
 */
import { HOOK_TIMER, program_timer, register_hook } from "core/port";
import { early_initcall } from "linux/init";
import { __list_add, INIT_LIST_HEAD, list_del, list_head } from "linux/list";
import { EXPORT_SYMBOL } from "linux/module";
import { preempt_disable, preempt_enable } from "linux/preempt";
import { sched_clock } from "linux/time";
import { timer_list, timer_pending } from "linux/timer";
import { addr, container_of, int, NULL, ptr, u64, unsigned_long } from "linux/types";

/** Nanoseconds in a tick: HZ is 100. */
const TICK_NSEC = 10000000;

let timers: list_head = {};

export function get_jiffies_64(): u64 {
  return sched_clock() / TICK_NSEC;
}

/** Has the clock interrupt when the first timer is due. */
function set_alarm(): void {
  const first: ptr<timer_list> = next_timer(NULL);
  program_timer(first ? first.expires * TICK_NSEC : 0);
}

function detach_timer(timer: ptr<timer_list>): int {
  if (!timer_pending(timer)) return 0;
  list_del(addr(timer.entry));
  timer.entry.next = NULL;
  return 1;
}

export function mod_timer(timer: ptr<timer_list>, expires: unsigned_long): int {
  // Against the interrupt, which comes between tasks.
  preempt_disable();
  const pending: int = detach_timer(timer);
  timer.expires = expires;
  let pos: ptr<list_head> = timers.prev;
  while (pos !== addr(timers) && container_of<timer_list>(pos, "entry").expires > expires) {
    pos = pos.prev;
  }
  __list_add(addr(timer.entry), pos, pos.next);
  set_alarm();
  preempt_enable();
  return pending;
}

export function del_timer(timer: ptr<timer_list>): int {
  preempt_disable();
  const pending: int = detach_timer(timer);
  set_alarm();
  preempt_enable();
  return pending;
}

/** There is one processor: whoever runs this has waited. */
export function del_timer_sync(timer: ptr<timer_list>): int {
  return del_timer(timer);
}

export function next_timer(timer: ptr<timer_list>): ptr<timer_list> {
  const pos: ptr<list_head> = timer ? timer.entry.next : timers.next;
  return pos === addr(timers) ? NULL : container_of<timer_list>(pos, "entry");
}

function run_timers(): void {
  const now: u64 = get_jiffies_64();
  let timer: ptr<timer_list> = next_timer(NULL);
  while (timer && timer.expires <= now) {
    detach_timer(timer);
    timer.function(timer.data);
    timer = next_timer(NULL);
  }
  set_alarm();
}

function init_timers(): int {
  INIT_LIST_HEAD(addr(timers));
  register_hook(HOOK_TIMER, run_timers);
  return 0;
}

early_initcall(init_timers);
EXPORT_SYMBOL(get_jiffies_64);
EXPORT_SYMBOL(mod_timer);
EXPORT_SYMBOL(del_timer);
EXPORT_SYMBOL(del_timer_sync);
