import fc from "fast-check";
import { expect, test } from "vitest";
import type { Departure, Schedule } from "#kernel";
import { shrinkSchedule } from "../../../src/tracers/explore/shrink.ts";

/** Runs the search to its end with a condition in place of a machine. */
function shrink(
  schedule: Schedule,
  shows: (candidate: Schedule) => boolean,
): { readonly short: Schedule; readonly runs: number } {
  const search = shrinkSchedule(schedule);
  let runs = 0;
  let step = search.next();
  while (step.done !== true) {
    runs++;
    step = search.next(shows(step.value));
  }
  return { short: step.value, runs };
}

const point = (at: number): Departure => ({ kind: "point", tid: 3, at });

test("what is needed is found among what is not", () => {
  const schedules = fc
    .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 200 })
    .map((ats) => ats.sort((a, b) => a - b));
  fc.assert(
    fc.property(schedules, fc.infiniteStream(fc.boolean()), (ats, coins) => {
      const needed = new Set(ats.filter(() => coins.next().value === true).slice(0, 4));
      const shows = (candidate: Schedule): boolean => {
        const there = new Set(candidate.map((each) => (each.kind === "point" ? each.at : 0)));
        return [...needed].every((at) => there.has(at));
      };
      const { short } = shrink(ats.map(point), shows);
      expect(short.map((each) => (each.kind === "point" ? each.at : 0))).toEqual([...needed]);
    }),
  );
});

test("who has a turn is left out first, if that does not matter", () => {
  const picks = Array.from(
    { length: 60 },
    (_, turn): Departure => ({ kind: "pick", turn, index: 1 }),
  );
  const { short, runs } = shrink([...picks, point(7)], (candidate) =>
    candidate.some(({ kind }) => kind === "point"),
  );
  expect(short).toEqual([point(7)]);
  expect(runs).toBeLessThan(16);
});
