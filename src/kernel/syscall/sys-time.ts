/**
 * Time: reading the virtual clock, and sleeping on it.
 *
 * Source: clock_gettime(2), nanosleep(2), times(2), Linux 6.1. The clock starts at an epoch of its
 * own, not the host's. Left out: CLOCK_TAI.
 */
import { EINVAL } from "../abi/errno.ts";
import { ERESTART_RESTARTBLOCK } from "../abi/restart.ts";
import type { Kpath } from "../lib/wait.ts";
import { type CpuTime, timeOfGroup, timeOfThread } from "../task/cpu-time.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readTimespec, writeTimespec, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

const CLOCK_REALTIME = 0;
const CLOCK_PROCESS_CPUTIME_ID = 2;
const CLOCK_THREAD_CPUTIME_ID = 3;
const CLOCKS_MAX = 12;
const TIMER_ABSTIME = 1;

/** 2010-01-25 00:00:00 UTC, the week of the thread: when a machine boots, by its own wall clock. */
export const EPOCH_NS: number = 1_264_377_600 * 1e9;

const totalNs = ({ userNs, systemNs }: CpuTime): number => userNs + systemNs;

export function readClock(k: Kernel, t: Task, clock: number): number {
  if (clock === CLOCK_REALTIME) return EPOCH_NS + k.clock.now;
  if (clock === CLOCK_PROCESS_CPUTIME_ID) return totalNs(timeOfGroup(k, t.group));
  if (clock === CLOCK_THREAD_CPUTIME_ID) return totalNs(timeOfThread(k, t));
  return k.clock.now;
}

function* sleepUntil(k: Kernel, t: Task, deadline: number, remaining: number): Kpath<number> {
  while (k.clock.now < deadline) {
    yield { queue: undefined, interruptible: true, deadlineNs: deadline };
    if (k.clock.now >= deadline || !k.signalPending(t)) continue;
    if (remaining !== 0) writeTimespec(t, remaining, deadline - k.clock.now);
    t.restart = () => sleepUntil(k, t, deadline, remaining);
    return -ERESTART_RESTARTBLOCK;
  }
  return 0;
}

function nanosleep(
  k: Kernel,
  t: Task,
  clock: number,
  flags: number,
  request: number,
  remaining: number,
): number | Kpath<number> {
  if (clock < 0 || clock >= CLOCKS_MAX) return -EINVAL;
  const ns = readTimespec(t, request);
  if (ns === undefined) return -EINVAL;
  if (typeof ns === "object") return ns.error;
  const base = clock === CLOCK_REALTIME ? EPOCH_NS : 0;
  const absolute = (flags & TIMER_ABSTIME) !== 0;
  return sleepUntil(k, t, absolute ? ns - base : k.clock.now + ns, absolute ? 0 : remaining);
}

export const ROWS_TIME: readonly Row[] = [
  row("clock_gettime", ["enum:clock", "out:timespec"], (k, t, clock, addr) =>
    clock < 0 || clock >= CLOCKS_MAX ? -EINVAL : writeTimespec(t, addr, readClock(k, t, clock)),
  ),
  row("clock_getres", ["enum:clock", "out:timespec"], (_k, t, clock, addr) =>
    clock < 0 || clock >= CLOCKS_MAX ? -EINVAL : addr === 0 ? 0 : writeTimespec(t, addr, 1),
  ),
  row("gettimeofday", ["out:timeval", "ptr"], (k, t, addr) =>
    addr === 0
      ? 0
      : writeView(t, addr, 16, (view) => {
          const now = EPOCH_NS + k.clock.now;
          view.setBigInt64(0, BigInt(Math.floor(now / 1e9)), true);
          view.setBigInt64(8, BigInt(Math.floor((now % 1e9) / 1e3)), true);
        }),
  ),
  row("nanosleep", ["in:timespec", "out:timespec"], (k, t, request, remaining) =>
    nanosleep(k, t, 1, 0, request, remaining),
  ),
  row("clock_nanosleep", ["enum:clock", "int", "in:timespec", "out:timespec"], nanosleep),
  row("times", ["out:tms"], (k, t, addr) => {
    const ticks = (ns: number): bigint => BigInt(Math.floor(ns / 1e7));
    const failed =
      addr === 0
        ? 0
        : writeView(t, addr, 32, (view) => {
            const own = timeOfGroup(k, t.group);
            const { childTime } = t.group;
            view.setBigInt64(0, ticks(own.userNs), true);
            view.setBigInt64(8, ticks(own.systemNs), true);
            view.setBigInt64(16, ticks(childTime.userNs), true);
            view.setBigInt64(24, ticks(childTime.systemNs), true);
          });
    return failed < 0 ? failed : Number(ticks(k.clock.now));
  }),
  row("restart_syscall", [], (_k, t) => {
    const again = t.restart;
    t.restart = undefined;
    return again === undefined ? -4 : again();
  }),
];
