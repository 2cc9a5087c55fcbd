import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Prng } from "../../../src/kernel/lib/prng.ts";
import { PctPolicy } from "../../../src/kernel/task/pct.ts";
import {
  ChancePolicy,
  FixedPolicy,
  formatSchedule,
  PLAIN_TURN,
  parseSchedule,
  RecordingPolicy,
  type SchedulePolicy,
  type Turn,
} from "../../../src/kernel/task/schedule.ts";
import { Scheduler } from "../../../src/kernel/task/scheduler.ts";
import type { Task } from "../../../src/kernel/task/task.ts";

const someTask = (tid: number): Task => ({ tid, queued: false, involuntarySwitches: 0 }) as Task;

/** Five tasks that each want a few turns of their own length; answers who ran, in order. */
function play(policy: SchedulePolicy, turns: number, unitNs = 900_000): readonly number[] {
  const scheduler = new Scheduler(policy);
  for (let tid = 1; tid <= 5; tid++) scheduler.enqueue(someTask(tid));
  const order: number[] = [];
  for (let at = 0; at < turns; at++) {
    const task = scheduler.take();
    if (task === undefined) break;
    order.push(task.tid);
    const wantsPoints = (task.tid * 7 + at) % 30;
    const wantsNs = task.tid * unitNs;
    const { points, sliceNs } = scheduler.turn;
    if (wantsPoints >= points) scheduler.preempt(task, "points");
    else if (wantsNs >= sliceNs) scheduler.preempt(task, "slice");
    else scheduler.enqueue(task);
    scheduler.finish(task, Math.min(wantsNs, sliceNs), Math.max(0, points - wantsPoints));
  }
  return order;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  index: fc.nat(9),
  points: fc.oneof(fc.constant(PLAIN_TURN.points), fc.integer({ min: 1, max: 99 })),
  sliceNs: fc.oneof(fc.constant(PLAIN_TURN.sliceNs), fc.integer({ min: 1, max: 3e6 })),
});

const isPlain = (each: Turn): boolean =>
  each.index === 0 && each.points === PLAIN_TURN.points && each.sliceNs === PLAIN_TURN.sliceNs;

describe("a schedule", () => {
  test("that says nothing lets whoever has waited longest run", () => {
    expect(play(new FixedPolicy(new Map()), 7)).toEqual([1, 2, 3, 4, 5, 1, 2]);
  });

  test("names the turns that depart from that", () => {
    const schedule = parseSchedule("1:+2");
    expect(play(new FixedPolicy(schedule as Map<number, Turn>), 5)).toEqual([1, 4, 2, 3, 5]);
  });

  test("survives being written and read", () => {
    const schedules = fc
      .uniqueArray(fc.tuple(fc.nat(999), turn), { selector: ([at]) => at })
      .map((turns) => new Map(turns.filter(([, each]) => !isPlain(each))));
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  test.each(["7", "7:", "x:+1", "7:+1~", "7:+1 7:+2", "7:@1@2"])(
    "%j is none, and the word is told",
    (text) => {
      expect(parseSchedule(text)).toHaveProperty("word");
    },
  );

  test("naming somebody who is not there is the plain order", () => {
    expect(play(new FixedPolicy(new Map([[0, { ...PLAIN_TURN, index: 9 }]])), 2)).toEqual([1, 2]);
  });
});

describe.each([
  ["chance", (seed: number) => new ChancePolicy(new Prng(seed))],
  ["PCT", (seed: number) => new PctPolicy(new Prng(seed), 3, { points: 900, ranNs: 2e8 })],
] as const)("what %s decided", (_name, policyOf) => {
  test("is the same again by its seed, and by its record", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), (seed) => {
        const recorder = new RecordingPolicy(policyOf(seed));
        const order = play(recorder, 60);
        expect(play(policyOf(seed), 60)).toEqual(order);
        expect(play(new FixedPolicy(recorder.schedule), 60)).toEqual(order);
      }),
    );
  });
});

test("PCT takes the processor away at its moments, and at no other", () => {
  fc.assert(
    fc.property(fc.nat(0xffff), fc.nat(4), (seed, changes) => {
      const policy = new PctPolicy(new Prng(seed), changes, { points: 400, ranNs: 2e7 });
      const order = play(policy, 60, 500_000);
      const switches = order.filter((tid, at) => at > 0 && order[at - 1] !== tid).length;
      expect(switches).toBeLessThanOrEqual(2 * changes);
      if (changes === 0) expect(new Set(order).size).toBe(1);
    }),
  );
});
