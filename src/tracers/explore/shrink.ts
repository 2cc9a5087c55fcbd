/**
 * Makes a schedule short: which of its departures from the plain order are needed for what it shows?
 * First everything behind the last needed one goes, for nothing that comes later can matter, then what
 * came long before it; then chunks of what is left, halved until they are single (delta debugging).
 *
 * Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002). Departure:
 * without one of them the later ones may mean another moment. Nothing is assumed of that: every
 * candidate is run.
 */
import type { Schedule } from "#kernel";

/** Yields a candidate, is told whether it still shows the thing, and answers the shortest that did. */
export type Shrinking = Generator<Schedule, Schedule, boolean>;

export function* shrinkSchedule(schedule: Schedule): Shrinking {
  let best = yield* keepEnd(yield* cutTail(schedule));
  for (;;) {
    const before = best.length;
    best = yield* dropChunks(yield* cutTail(best));
    if (best.length === before) return best;
  }
}

/** The shortest beginning that is enough, by halving: what comes later cannot undo what was shown. */
function* cutTail(schedule: Schedule): Shrinking {
  let [tooFew, enough] = [-1, schedule.length];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (yield schedule.slice(0, middle)) enough = middle;
    else tooFew = middle;
  }
  return schedule.slice(0, enough);
}

/** What happened last is most of what matters: the fewest last ones that are enough, by doubling. */
function* keepEnd(schedule: Schedule): Shrinking {
  for (let size = 1; size < schedule.length * 2; size *= 2) {
    const end = schedule.slice(-size);
    // Who had a turn matters less often than where another lost it.
    const stops = end.filter(({ kind }) => kind !== "pick");
    if (stops.length < end.length && (yield stops)) return stops;
    if (size < schedule.length && (yield end)) return end;
  }
  return schedule;
}

function* dropChunks(schedule: Schedule): Shrinking {
  let left = schedule;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    // Later ones first: without them the earlier ones still mean the same.
    for (let end = left.length; end > 0; end -= size) {
      const rest = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      if (yield rest) left = rest;
    }
  }
  return left;
}
