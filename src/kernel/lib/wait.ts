/**
 * Waiting, as kernel paths see it: a path that may block is a generator that yields a `Sleep`; the
 * scheduler parks the task on the queue named there and resumes the path when it is woken, when a
 * signal arrives (interruptible sleeps) or when the deadline passes.
 *
 * A wake-up tells no reason. A path re-checks its condition in a loop and asks its caller's
 * `signalPending()`, as code around wait_event_interruptible() does.
 *
 * Source: include/linux/wait.h, 6.1. Left out: autoremove functions, wake-up keys, priorities.
 */

/** Whoever can be woken; the scheduler's tasks are. */
export interface Waiter {
  wake(): void;
}

/** A list of sleepers in order of arrival. Exclusive waiters (accept, futex) use `wakeOne`. */
export class WaitQueue {
  readonly #waiters: Set<Waiter> = new Set();

  get size(): number {
    return this.#waiters.size;
  }

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Wakes the sleeper that has waited longest; false if nobody waits. */
  wakeOne(): boolean {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      waiter.wake();
      return true;
    }
    return false;
  }

  wakeAll(): void {
    if (this.#waiters.size === 0) return;
    const woken = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of woken) waiter.wake();
  }
}

/** What a path asks of the scheduler when it yields. */
export interface Sleep {
  /** Where to be parked; undefined sleeps for the deadline or a signal alone. */
  readonly queue: WaitQueue | undefined;
  /** More queues, for a path that watches several files (ppoll). */
  readonly alsoOn?: readonly WaitQueue[];
  /** May a signal end the sleep? */
  readonly interruptible: boolean;
  /** Virtual time at which the sleep ends by itself. */
  readonly deadlineNs?: number;
}

/** Yielded instead of a sleep: stay runnable, let others run. */
export const PREEMPT: Sleep = Object.freeze({ queue: undefined, interruptible: false });

/** A kernel path that may block and then answers with a T. */
export type Kpath<T> = Generator<Sleep, T, void>;
