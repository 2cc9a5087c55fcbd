import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock } from "../../../src/kernel/hw/clock.ts";

describe("the clock's alarms", () => {
  test("ring in order of deadline, and in order of setting when due together", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (deadlines) => {
        const clock = new Clock();
        const rung: number[] = [];
        deadlines.forEach((deadline, i) => {
          clock.alarm(deadline, () => rung.push(i));
        });
        clock.now = 20;
        clock.ringDue();
        const expected = deadlines
          .map((_, i) => i)
          .sort((a, b) => (deadlines[a] as number) - (deadlines[b] as number) || a - b);
        expect(rung).toEqual(expected);
      }),
    );
  });

  test("do not ring once cancelled, and the next deadline moves on", () => {
    const clock = new Clock();
    const rung: string[] = [];
    const first = clock.alarm(5, () => rung.push("first"));
    clock.alarm(9, () => rung.push("second"));
    first.cancel();
    expect(clock.nextDeadline).toBe(9);
    clock.now = 10;
    clock.ringDue();
    expect(rung).toEqual(["second"]);
    expect(clock.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });
});
