import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Prng } from "../../../src/kernel/lib/prng.ts";
import { PctPolicy } from "../../../src/kernel/task/pct.ts";
import {
  ChancePolicy,
  type Departure,
  FixedPolicy,
  formatSchedule,
  PLAIN_TURN,
  parseSchedule,
  RecordingPolicy,
  type SchedulePolicy,
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
    scheduler.finish(task, Math.min(wantsNs, sliceNs), Math.max(0, points - wantsPoints), () => "");
  }
  return order;
}

const departure: fc.Arbitrary<Departure> = fc.oneof(
  fc.record({
    kind: fc.constant("pick"),
    turn: fc.nat(999),
    index: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    kind: fc.constantFrom("point", "slice"),
    tid: fc.integer({ min: 1, max: 5 }),
    at: fc.integer({ min: 1, max: 3e6 }),
  }),
);

describe("a schedule", () => {
  test("that says nothing lets whoever has waited longest run", () => {
    expect(play(new FixedPolicy([]), 7)).toEqual([1, 2, 3, 4, 5, 1, 2]);
  });

  test("names the turns that go to somebody else", () => {
    expect(play(new FixedPolicy([{ kind: "pick", turn: 1, index: 2 }]), 5)).toEqual([
      1, 4, 2, 3, 5,
    ]);
  });

  test("naming somebody who is not there is the plain order", () => {
    expect(play(new FixedPolicy([{ kind: "pick", turn: 0, index: 9 }]), 2)).toEqual([1, 2]);
  });

  test("names the points of a task at which it loses the processor", () => {
    const policy = new FixedPolicy([
      { kind: "point", tid: 1, at: 30 },
      { kind: "point", tid: 1, at: 12 },
    ]);
    const one = someTask(1);
    expect(policy.next([one]).points).toBe(12);
    policy.over(one, { by: "points", ranNs: 5, points: 12, where: () => "" });
    expect(policy.next([one]).points).toBe(18);
    expect(policy.next([someTask(2)]).points).toBe(PLAIN_TURN.points);
  });

  test("survives being written and read", () => {
    fc.assert(
      fc.property(fc.array(departure), (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  test.each(["7", "7:", "x:+1", "7:+0", "7@", "7@-1", "7@1@2", "7:1"])(
    "%j is none, and the word is told",
    (word) => {
      expect(parseSchedule(`1:+1 ${word}`)).toEqual({ word });
    },
  );
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
      const policy = new PctPolicy(new Prng(seed), changes, { points: 400, ranNs: 1e8 });
      const order = play(policy, 60, 500_000);
      const switches = order.filter((tid, at) => at > 0 && order[at - 1] !== tid).length;
      expect(switches).toBeLessThanOrEqual(2 * changes);
      if (changes === 0) expect(new Set(order).size).toBe(1);
    }),
  );
});

test("PCT lets everybody run in the end, however unimportant", () => {
  fc.assert(
    fc.property(fc.nat(0xffff), (seed) => {
      const policy = new PctPolicy(new Prng(seed), 1, { points: 100, ranNs: 1e6 });
      expect(new Set(play(policy, 40, 500_000)).size).toBe(5);
    }),
  );
});
