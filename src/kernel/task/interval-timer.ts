/**
 * Timers that send signals: setitimer(2)'s three of a process, and those of timer_create(2).
 *
 * Source: kernel/time/itimer.c and posix-timers.c of 6.1. Timers of processor time are looked at when
 * a task leaves the processor, as Linux looks at its tick.
 */
import { SI_KERNEL, SI_TIMER } from "../abi/siginfo.ts";
import { SIGALRM, SIGPROF, SIGVTALRM } from "../abi/signal-numbers.ts";
import type { AlarmHandle, Clock } from "../hw/clock.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { timeOfGroup } from "./cpu-time.ts";
import type { Kernel } from "./kernel.ts";
import type { Task, ThreadGroup } from "./task.ts";

/** Nanoseconds until it expires (0 is off), and from then on. */
export interface TimerValue {
  readonly valueNs: number;
  readonly intervalNs: number;
}

/** A timer of the machine's clock. */
export class IntervalTimer {
  #deadlineNs = 0;
  #intervalNs = 0;
  #alarm: AlarmHandle | undefined;
  readonly #clock: Clock;
  readonly #expired: () => void;

  constructor(clock: Clock, expired: () => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  get value(): TimerValue {
    const valueNs = this.#alarm === undefined ? 0 : Math.max(1, this.#deadlineNs - this.#clock.now);
    return { valueNs, intervalNs: this.#intervalNs };
  }

  /** Expires at a moment of virtual time, then every interval. */
  start(deadlineNs: number, intervalNs: number): void {
    this.#alarm?.cancel();
    this.#deadlineNs = deadlineNs;
    this.#intervalNs = intervalNs;
    this.#alarm = this.#clock.alarm(deadlineNs, () => {
      this.#alarm = undefined;
      if (intervalNs > 0) this.start(deadlineNs + intervalNs, intervalNs);
      this.#expired();
    });
  }

  stop(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#intervalNs = 0;
  }
}

/** A timer of a process's own time. */
interface CpuTimer {
  deadlineNs: number;
  intervalNs: number;
}

export const ITIMER_REAL = 0;
export const ITIMER_VIRTUAL = 1;
export const ITIMER_PROF = 2;

/** setitimer(2)'s timers of one process. */
export class IntervalTimers {
  readonly real: IntervalTimer;
  readonly #cpu: (CpuTimer | undefined)[] = [];
  readonly #k: Kernel;
  readonly #group: ThreadGroup;

  constructor(k: Kernel, group: ThreadGroup) {
    this.#k = k;
    this.#group = group;
    this.real = new IntervalTimer(k.clock, () => this.#send(SIGALRM));
  }

  get(which: number): TimerValue {
    if (which === ITIMER_REAL) return this.real.value;
    const timer = this.#cpu[which];
    if (timer === undefined) return { valueNs: 0, intervalNs: 0 };
    const valueNs = Math.max(1, timer.deadlineNs - this.#time(which));
    return { valueNs, intervalNs: timer.intervalNs };
  }

  set(which: number, { valueNs, intervalNs }: TimerValue): void {
    if (which !== ITIMER_REAL) {
      const deadlineNs = this.#time(which) + valueNs;
      this.#cpu[which] = valueNs === 0 ? undefined : { deadlineNs, intervalNs };
    } else if (valueNs === 0) this.real.stop();
    else this.real.start(this.#k.clock.now + valueNs, intervalNs);
  }

  /** A task of the process leaves the processor. */
  checkCpu(): void {
    for (const which of [ITIMER_VIRTUAL, ITIMER_PROF]) {
      const timer = this.#cpu[which];
      if (timer === undefined || this.#time(which) < timer.deadlineNs) continue;
      timer.deadlineNs += timer.intervalNs;
      if (timer.intervalNs === 0) this.#cpu[which] = undefined;
      this.#send(which === ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF);
    }
  }

  #time(which: number): number {
    const { userNs, systemNs } = timeOfGroup(this.#k, this.#group);
    return which === ITIMER_VIRTUAL ? userNs : userNs + systemNs;
  }

  #send(sig: number): void {
    const info = { si_signo: sig, si_errno: 0, si_code: SI_KERNEL };
    sendSignalInfo(this.#k, this.#group.leader, info, true);
  }
}

/** What timer_create(2) was asked for: whom to tell how. */
export interface TimerEvent {
  /** The signal, 0 for none. */
  readonly signo: number;
  readonly value: number;
  /** The thread that gets it, or undefined for the process. */
  readonly thread: Task | undefined;
}

/** One timer of timer_create(2). */
export class PosixTimer {
  /** Expirations since the one that is told of, as timer_getoverrun(2) says. */
  overrun = 0;
  readonly clock: number;
  readonly timer: IntervalTimer;
  readonly #id: number;
  readonly #k: Kernel;
  readonly #group: ThreadGroup;
  readonly #event: TimerEvent;

  constructor(k: Kernel, group: ThreadGroup, id: number, clock: number, event: TimerEvent) {
    this.#k = k;
    this.#group = group;
    this.#id = id;
    this.clock = clock;
    this.#event = event;
    this.timer = new IntervalTimer(k.clock, () => this.#expired());
  }

  #expired(): void {
    const { signo, value, thread } = this.#event;
    if (signo === 0) return;
    const pending = thread === undefined ? this.#group.pending : thread.pending;
    // A signal that nobody has taken yet counts what it missed.
    const at = pending.queue.findIndex((i) => i.si_code === SI_TIMER && i.si_tid === this.#id);
    const waiting = pending.queue[at];
    this.overrun = waiting === undefined ? 0 : this.overrun + 1;
    const info = {
      si_signo: signo,
      si_errno: 0,
      si_code: SI_TIMER,
      si_tid: this.#id,
      si_overrun: this.overrun,
      si_value: value,
    };
    if (waiting !== undefined) pending.queue[at] = info;
    else sendSignalInfo(this.#k, thread ?? this.#group.leader, info, thread === undefined);
  }
}

/** The process is dead, or becomes another program: its timers go, on execve only the second kind. */
export function stopTimers(group: ThreadGroup, posixOnly = false): void {
  for (const { timer } of group.posixTimers?.values() ?? []) timer.stop();
  group.posixTimers = undefined;
  if (posixOnly) return;
  group.itimers?.real.stop();
  group.itimers = undefined;
}
