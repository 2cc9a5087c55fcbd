/**
 * Most races need a task to be stopped at one place, or at two. So before a long schedule is taken
 * apart, short ones are tried: one departure from the plain order, anywhere in what the tasks did;
 * then two; then three.
 *
 * Source: Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded
 * programs" (PLDI 2007). Departure: a sample, and not all of them.
 */
import type { Departure, Prng, Schedule, TaskProgress } from "#kernel";

/** Departures at the most, and tries with each number of them. */
const BOUND_MAX = 3;
const TRIES = 60;

/** One try in so many stops a task in user mode, the others in kernel code. */
const ONE_IN_USER_MODE = 6;

/** Yields a candidate, is told whether it shows the thing, and answers the first that did. */
export function* fewDepartures(
  progress: ReadonlyMap<number, TaskProgress>,
  prng: Prng,
): Generator<Schedule, Schedule | undefined, boolean> {
  const tasks = [...progress];
  const points = tasks.reduce((sum, [, task]) => sum + task.points, 0);
  const ranNs = tasks.reduce((sum, [, task]) => sum + task.ranNs, 0);
  const draw = (): Departure =>
    points === 0 || prng.below(ONE_IN_USER_MODE) === 0
      ? { kind: "slice", ...locate(tasks, "ranNs", prng.below(ranNs)) }
      : { kind: "point", ...locate(tasks, "points", prng.below(points)) };
  for (let bound = 1; bound <= BOUND_MAX; bound++) {
    for (let tries = 0; tries < TRIES; tries++) {
      const candidate = Array.from({ length: bound }, draw);
      if (yield candidate) return candidate;
    }
  }
  return undefined;
}

/** The `at`th unit of all that the tasks did: whose is it, and which of its own? */
function locate(
  tasks: readonly (readonly [number, TaskProgress])[],
  unit: keyof TaskProgress,
  at: number,
): { readonly tid: number; readonly at: number } {
  let left = at;
  for (const [tid, task] of tasks) {
    if (left < task[unit]) return { tid, at: left + 1 };
    left -= task[unit];
  }
  return { tid: 0, at: 1 };
}
