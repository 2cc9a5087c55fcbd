import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventLog } from "#kernel";
import { judgeReport } from "#tracers";
import { judgeEvents, wasTurnedAway } from "../../../src/tracers/matrix/verdict.ts";

const lines = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });

describe("a report held against a claim", () => {
  test("is right when it says the same, line for line", () => {
    fc.assert(
      fc.property(lines, (claimed) => {
        expect(judgeReport(claimed, [...claimed])).toBe("works");
      }),
    );
  });

  test("misses events when lines are dropped and nothing else differs", () => {
    fc.assert(
      fc.property(lines, fc.nat(), (claimed, at) => {
        const reported = claimed.filter((_, i) => i !== at % claimed.length);
        expect(judgeReport(claimed, reported)).toBe("misses events");
      }),
    );
  });

  test("is wrong when a line is said twice, or altered", () => {
    fc.assert(
      fc.property(lines, fc.nat(), (claimed, n) => {
        const at = n % claimed.length;
        const doubled = [...claimed.slice(0, at + 1), ...claimed.slice(at)];
        const altered = claimed.map((line, i) => (i === at ? `${line}?` : line));
        expect(judgeReport(claimed, doubled)).toBe("reports wrong data");
        expect(judgeReport(claimed, altered)).toBe("reports wrong data");
      }),
    );
  });
});

describe("a module that was refused", () => {
  const verdictOf = (errno: number, reason: string): unknown => {
    const log = new EventLog();
    log.keep();
    log.emit("module-refused", "m", errno, reason);
    return judgeEvents(log.events);
  };

  test.each([
    [129, "Loading of unsigned module is rejected", "denied by policy"],
    [1, "Lockdown: insmod: unsigned module loading is restricted", "denied by policy"],
    [1, "m: init failed with error -1", "attach fails"],
    [2, "m: Unknown symbol x (err -2)", "load refused"],
    [74, "", "load refused"],
  ])("errno %d, %j: %s", (errno, reason, verdict) => {
    expect(verdictOf(errno, reason)).toBe(verdict);
  });

  test.each([
    [2, "m: Unknown symbol x (err -2)", true],
    [1, "m: init failed with error -1", false],
  ])("errno %d, %j: nothing of it is left in the kernel: %s", (errno, reason, isGone) => {
    const log = new EventLog();
    log.keep();
    expect(wasTurnedAway(log.events)).toBe(false);
    log.emit("module-refused", "m", errno, reason);
    expect(wasTurnedAway(log.events)).toBe(isGone);
  });
});
