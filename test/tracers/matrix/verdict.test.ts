import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeReport } from "#tracers";

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
