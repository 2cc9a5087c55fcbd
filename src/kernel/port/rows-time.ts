/**
 * Port rows about time to come: one alarm, which the tree sets to its next timer, and the clock
 * interrupt that it becomes.
 *
 * Source: kernel/time/clockevents.c (clockevents_program_event). The interrupt has a call stack of its
 * own and preemption off. Whoever was on the processor is still `current` in it, the idle task if
 * nobody was. Left out: periodic ticks; an alarm that is due while a task computes rings at its next
 * way through the kernel.
 */
import type { PortContext, PortRow } from "./context.ts";
import { HOOK } from "./sites.ts";

function clockInterrupt(p: PortContext): void {
  const fn = p.sites[HOOK.TIMER];
  if (fn === undefined) return;
  p.refuel();
  p.rt.interrupt(() => fn.plain());
  p.charge();
}

function programTimer(p: PortContext, expiresNs: number): number {
  p.timer.alarm?.cancel();
  p.timer.alarm = expiresNs > 0 ? p.k.clock.alarm(expiresNs, () => clockInterrupt(p)) : undefined;
  return 0;
}

export const ROWS_TIME: readonly PortRow[] = [
  { proto: "sched_clock(): u64", plain: (p) => p.k.clock.now },
  {
    // 0: there is no timer.
    proto: "program_timer(expires_ns: u64): void",
    plain: (p, expiresNs) => programTimer(p, expiresNs as number),
  },
];
