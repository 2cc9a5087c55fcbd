/**
 * Timers that send signals: setitimer(2), getitimer(2), and those of timer_create(2).
 *
 * Source: kernel/time/itimer.c and posix-timers.c of Linux 6.1. Left out: timers of processor clocks
 * by timer_create, SIGEV_THREAD (which is a C library's).
 */
import { EAGAIN, EFAULT, EINVAL } from "../abi/errno.ts";
import { SIGALRM, SIGRTMAX } from "../abi/signal-numbers.ts";
import {
  IntervalTimers,
  ITIMER_PROF,
  ITIMER_REAL,
  PosixTimer,
  type TimerEvent,
  type TimerValue,
} from "../task/interval-timer.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";
import { EPOCH_NS } from "./sys-time.ts";

const CLOCK_REALTIME = 0;
/** CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME. */
const TIMER_CLOCKS: readonly number[] = [CLOCK_REALTIME, 1, 7];
const TIMER_ABSTIME = 1;
const SIGEV_SIGNAL = 0;
const SIGEV_NONE = 1;
const SIGEV_THREAD_ID = 4;
/** struct sigevent: value, signo, notify, tid. */
const SIGEVENT_SIZE_BYTES = 64;
const TIMERS_MAX = 1024;
const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

const isItimer = (which: number): boolean => which >= ITIMER_REAL && which <= ITIMER_PROF;

/** struct itimerval or itimerspec: the interval first, in seconds and `perSecond` parts. */
function readValue(t: Task, addr: number, perSecond: number): TimerValue | number {
  const view = readView(t, addr, 32);
  if (typeof view === "number") return view;
  const words = [0, 8, 16, 24].map((at) => Number(view.getBigInt64(at, true)));
  const [second = 0, part = 0, valueSecond = 0, valuePart = 0] = words;
  if (words.some((word) => word < 0) || part >= perSecond || valuePart >= perSecond) return -EINVAL;
  const unit = 1e9 / perSecond;
  return { intervalNs: second * 1e9 + part * unit, valueNs: valueSecond * 1e9 + valuePart * unit };
}

const writeValue = (t: Task, addr: number, value: TimerValue, perSecond: number): number =>
  writeView(t, addr, 32, (view) => {
    const unit = 1e9 / perSecond;
    [value.intervalNs, value.valueNs].forEach((ns, i) => {
      // What is left is rounded up, so that a timer that runs never reads as 0.
      const units = Math.ceil(ns / unit);
      view.setBigInt64(i * 16, BigInt(Math.floor(units / perSecond)), true);
      view.setBigInt64(i * 16 + 8, BigInt(units % perSecond), true);
    });
  });

const itimersOf = (k: Kernel, t: Task): IntervalTimers => {
  t.group.itimers ??= new IntervalTimers(k, t.group);
  return t.group.itimers;
};

function setitimer(k: Kernel, t: Task, which: number, addr: number, old: number): number {
  const value = addr === 0 ? { valueNs: 0, intervalNs: 0 } : readValue(t, addr, MICROSECONDS);
  if (typeof value === "number") return value;
  if (!isItimer(which)) return -EINVAL;
  const timers = itimersOf(k, t);
  const before = timers.get(which);
  timers.set(which, value);
  return old === 0 ? 0 : writeValue(t, old, before, MICROSECONDS);
}

function getitimer(k: Kernel, t: Task, which: number, addr: number): number {
  if (!isItimer(which)) return -EINVAL;
  return writeValue(t, addr, itimersOf(k, t).get(which), MICROSECONDS);
}

/** struct sigevent; without one, SIGALRM with the timer's id. */
function readEvent(k: Kernel, t: Task, addr: number, id: number): TimerEvent | number {
  if (addr === 0) return { signo: SIGALRM, value: id, thread: undefined };
  const view = readView(t, addr, SIGEVENT_SIZE_BYTES);
  if (typeof view === "number") return view;
  const value = Number(view.getBigInt64(0, true));
  const signo = view.getInt32(8, true);
  const notify = view.getInt32(12, true);
  if (notify === SIGEV_NONE) return { signo: 0, value, thread: undefined };
  if (signo < 1 || signo > SIGRTMAX) return -EINVAL;
  if (notify === SIGEV_SIGNAL) return { signo, value, thread: undefined };
  const thread = k.tasks.get(view.getInt32(16, true));
  if (notify !== SIGEV_THREAD_ID || thread?.group !== t.group) return -EINVAL;
  return { signo, value, thread };
}

function timerCreate(k: Kernel, t: Task, clock: number, event: number, idAt: number): number {
  if (!TIMER_CLOCKS.includes(clock)) return -EINVAL;
  t.group.posixTimers ??= new Map();
  const timers = t.group.posixTimers;
  let id = 0;
  while (timers.has(id)) id++;
  if (id >= TIMERS_MAX) return -EAGAIN;
  const what = readEvent(k, t, event, id);
  if (typeof what === "number") return what;
  if (writeView(t, idAt, 4, (view) => view.setInt32(0, id, true)) < 0) return -EFAULT;
  timers.set(id, new PosixTimer(k, t.group, id, clock, what));
  return 0;
}

function timerSettime(
  k: Kernel,
  t: Task,
  id: number,
  flags: number,
  addr: number,
  old: number,
): number {
  const value = readValue(t, addr, NANOSECONDS);
  if (typeof value === "number") return value;
  const found = t.group.posixTimers?.get(id | 0);
  if (found === undefined) return -EINVAL;
  const { timer, clock } = found;
  const before = timer.value;
  const base = clock === CLOCK_REALTIME ? EPOCH_NS : 0;
  const isAbsolute = (flags & TIMER_ABSTIME) !== 0;
  found.overrun = 0;
  if (value.valueNs === 0) timer.stop();
  else
    timer.start(isAbsolute ? value.valueNs - base : k.clock.now + value.valueNs, value.intervalNs);
  return old === 0 ? 0 : writeValue(t, old, before, NANOSECONDS);
}

function timerDelete(t: Task, id: number): number {
  const found = t.group.posixTimers?.get(id);
  if (found === undefined) return -EINVAL;
  found.timer.stop();
  t.group.posixTimers?.delete(id);
  return 0;
}

export const ROWS_TIMER: readonly Row[] = [
  row("setitimer", ["enum:itimer", "in:itimerval", "out:itimerval"], (k, t, which, value, old) =>
    setitimer(k, t, which | 0, value, old),
  ),
  row("getitimer", ["enum:itimer", "out:itimerval"], (k, t, which, value) =>
    getitimer(k, t, which | 0, value),
  ),
  row(
    "timer_create",
    ["enum:clock", "ptr", "ptr"],
    (k, t, clock, event, id) => timerCreate(k, t, clock | 0, event, id),
    { support: "partial", note: "the clocks REALTIME, MONOTONIC and BOOTTIME" },
  ),
  row("timer_settime", ["int", "hex", "ptr", "ptr"], timerSettime),
  row("timer_gettime", ["int", "ptr"], (_k, t, id, addr) => {
    const found = t.group.posixTimers?.get(id | 0);
    return found === undefined ? -EINVAL : writeValue(t, addr, found.timer.value, NANOSECONDS);
  }),
  row("timer_getoverrun", ["int"], (_k, t, id) => {
    return t.group.posixTimers?.get(id | 0)?.overrun ?? -EINVAL;
  }),
  row("timer_delete", ["int"], (_k, t, id) => timerDelete(t, id | 0)),
];
