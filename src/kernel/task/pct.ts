/**
 * Probabilistic concurrency testing: each task has a priority of its own, and whoever can run with the
 * highest one does. At a few moments of the run, drawn beforehand, the task that is running becomes
 * the least important of all. A bug that needs d such moments is found with a known probability,
 * however long the run is; mere chance has to hit all of them in a row.
 *
 * Source: Burckhardt and others, "A randomized scheduler with probabilistic guarantees of finding bugs"
 * (ASPLOS 2010). Departure: a moment is a preemption point in kernel code or an instant of the
 * time that tasks use, since user mode has no points to count.
 */
import { SLICE_MAX_NS } from "../hw/costs.ts";
import type { Prng } from "../lib/prng.ts";
import {
  PLAIN_TURN,
  POINTS_MAX,
  type SchedulePolicy,
  type Turn,
  type TurnEnd,
} from "./schedule.ts";
import type { Task } from "./task.ts";

/** How long a run is, from one that was made before. */
export interface RunLength {
  readonly points: number;
  readonly ranNs: number;
}

/**
 * Whoever is least important may never have a turn while others keep coming. After so many times the
 * length of a plain run everybody has one, so that every run comes to its end.
 */
const UNFAIR_LENGTHS = 2;

/** A moment in kernel code, and one in time: a run has as many of each as it has changes. */
function drawMoments(prng: Prng, count: number, length: number): number[] {
  return Array.from({ length: count }, () => 1 + prng.below(Math.max(1, length))).sort(
    (a, b) => a - b,
  );
}

export class PctPolicy implements SchedulePolicy {
  readonly #prng: Prng;
  readonly #priorities: WeakMap<Task, number> = new WeakMap();
  /** Moments still to come, the next one first. */
  readonly #points: number[];
  readonly #instants: number[];
  readonly #fairAfterNs: number;
  #passed = 0;
  #ranNs = 0;
  /** Everybody who was put back is below everybody who was put back before. */
  #lowest = 0;

  constructor(prng: Prng, changes: number, length: RunLength) {
    this.#prng = prng;
    this.#fairAfterNs = length.ranNs * UNFAIR_LENGTHS;
    this.#points = drawMoments(prng, changes, length.points);
    this.#instants = drawMoments(prng, changes, length.ranNs);
  }

  next(runnable: readonly Task[]): Turn {
    if (this.#ranNs > this.#fairAfterNs) return PLAIN_TURN;
    let index = 0;
    let best = Number.NEGATIVE_INFINITY;
    for (const [at, task] of runnable.entries()) {
      const priority = this.#priorityOf(task);
      if (priority > best) [index, best] = [at, priority];
    }
    const point = this.#points[0];
    const instant = this.#instants[0];
    return {
      index,
      points: point === undefined ? POINTS_MAX : Math.max(1, point - this.#passed),
      sliceNs:
        instant === undefined
          ? SLICE_MAX_NS
          : Math.min(SLICE_MAX_NS, Math.max(1, instant - this.#ranNs)),
    };
  }

  over(task: Task, { by, points, ranNs }: TurnEnd): void {
    this.#passed += points;
    this.#ranNs += ranNs;
    while ((this.#points[0] ?? Number.POSITIVE_INFINITY) <= this.#passed) this.#points.shift();
    while ((this.#instants[0] ?? Number.POSITIVE_INFINITY) <= this.#ranNs) this.#instants.shift();
    // Who has used up a whole slice gives way too, or a loop would keep everybody waiting for ever.
    if (by !== undefined) this.#priorities.set(task, --this.#lowest);
  }

  #priorityOf(task: Task): number {
    const known = this.#priorities.get(task);
    if (known !== undefined) return known;
    const drawn = 1 + this.#prng.next();
    this.#priorities.set(task, drawn);
    return drawn;
  }
}
