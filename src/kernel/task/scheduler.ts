/**
 * Who runs next. One processor, one queue; which of the runnable tasks gets it, for how long, and
 * after how many preemption points it can lose it, is drawn from the machine's seed, so that another
 * seed is another interleaving.
 *
 * Source for what counts as a preemption point: Documentation/locking/preempt-locking.rst.
 * Left out: priorities, fairness beyond chance, several processors.
 */

import { SLICE_MAX_NS, SLICE_MIN_NS } from "../hw/costs.ts";
import type { Prng } from "../lib/prng.ts";
import type { Task } from "./task.ts";

/** A preemption point is taken after at most this many were passed. */
const PREEMPT_POINTS_MAX = 48;

export class Scheduler {
  /** Preemption points still to pass before the next switch. */
  countdown: number;
  readonly #runnable: Task[] = [];
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.countdown = this.drawCountdown();
  }

  get count(): number {
    return this.#runnable.length;
  }

  enqueue(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    this.#runnable.push(task);
  }

  /** Takes a task out of the queue by chance, or undefined when nobody can run. */
  pick(): Task | undefined {
    const queue = this.#runnable;
    if (queue.length === 0) return undefined;
    const index = queue.length === 1 ? 0 : this.#prng.below(queue.length);
    const task = queue[index] as Task;
    queue[index] = queue[queue.length - 1] as Task;
    queue.pop();
    task.queued = false;
    return task;
  }

  drawSliceNs(): number {
    return SLICE_MIN_NS + this.#prng.below(SLICE_MAX_NS - SLICE_MIN_NS);
  }

  drawCountdown(): number {
    return 1 + this.#prng.below(PREEMPT_POINTS_MAX);
  }
}
