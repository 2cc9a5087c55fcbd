/**
 * timerfd: a timer whose expirations are counted, and read as a number.
 *
 * Source: timerfd_create(2); fs/timerfd.c of Linux 6.1. Left out: cancellation by a change of the clock,
 * which nobody can set.
 */
import { EAGAIN, EINVAL } from "../abi/errno.ts";
import { POLLIN, POLLRDNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import type { AlarmHandle, Clock } from "../hw/clock.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { FileOps, ReadResult } from "./file-ops.ts";

/** Nanoseconds: until the next expiration (0: disarmed), and between it and those after. */
export interface TimerSetting {
  readonly valueNs: number;
  readonly intervalNs: number;
}

export class TimerFd {
  /** What CLOCK_REALTIME is ahead of the machine's own clock. */
  readonly offsetNs: number;
  readonly ops: FileOps;
  readonly #clock: Clock;
  readonly #queue: WaitQueue = new WaitQueue();
  #alarm: AlarmHandle | undefined;
  #deadlineNs = 0;
  #intervalNs = 0;
  #expirations = 0;

  constructor(clock: Clock, offsetNs: number) {
    this.#clock = clock;
    this.offsetNs = offsetNs;
    this.ops = {
      seekable: false,
      pollQueues: [this.#queue],
      poll: () => (this.#expirations > 0 ? POLLIN | POLLRDNORM : 0),
      read: (file, _position, size, caller): ReadResult | Kpath<ReadResult> => {
        if (size < 8) return -EINVAL;
        if (this.#expirations > 0) return this.#take();
        if (file.isNonBlocking) return -EAGAIN;
        return this.#wait(() => caller.signalPending());
      },
      release: () => this.#alarm?.cancel(),
    };
  }

  /** The time that is left, and the interval. */
  get setting(): TimerSetting {
    this.#forward();
    const left = this.#alarm === undefined ? 0 : Math.max(1, this.#deadlineNs - this.#clock.now);
    return { valueNs: left, intervalNs: this.#intervalNs };
  }

  /** Arms the timer for a moment of the machine's clock, or disarms it. */
  set(deadlineNs: number | undefined, intervalNs: number): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#expirations = 0;
    this.#intervalNs = intervalNs;
    if (deadlineNs !== undefined) this.#arm(deadlineNs);
  }

  #arm(deadlineNs: number): void {
    this.#deadlineNs = deadlineNs;
    this.#alarm = this.#clock.alarm(deadlineNs, () => {
      this.#alarm = undefined;
      this.#expirations += 1;
      this.#queue.wakeAll();
    });
  }

  /** Counts what expired since the last look and goes on: nobody is woken twice for what nobody read. */
  #forward(): void {
    if (this.#alarm !== undefined || this.#expirations === 0 || this.#intervalNs === 0) return;
    const missed = Math.floor((this.#clock.now - this.#deadlineNs) / this.#intervalNs);
    this.#expirations += missed;
    this.#arm(this.#deadlineNs + (missed + 1) * this.#intervalNs);
  }

  #take(): Uint8Array {
    this.#forward();
    const bytes = new Uint8Array(new BigUint64Array([BigInt(this.#expirations)]).buffer);
    this.#expirations = 0;
    return bytes;
  }

  *#wait(signalPending: () => boolean): Kpath<ReadResult> {
    while (this.#expirations === 0) {
      if (signalPending()) return -ERESTARTSYS;
      yield { queue: this.#queue, interruptible: true };
    }
    return this.#take();
  }
}
