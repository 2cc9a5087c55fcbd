/** Every shipped tracer's claim, against forged versions of a report that was right. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DELIVERIES, isInRelease, judgeReport, runOne, SHIPPED_TRACERS } from "#tracers";
import { cellParts, imageOf, tracerOf } from "../support/images.ts";

/** Where a tracer is tried until it works somewhere. */
const TAGS = ["v2.6.32", "v3.15", "2.6.32-71.el6", "2.6.32-19.el6", "v5.7", "next-20111205"];

/** A run in which the tracer was right. */
function rightRun(name: string): { claimed: readonly string[]; reported: readonly string[] } {
  const tracer = tracerOf(name);
  const { declaration } = tracer;
  const home = "home" in declaration ? [declaration.home] : [];
  for (const tag of [...home, ...TAGS]) {
    const delivery = DELIVERIES[declaration.house][0];
    if (delivery === undefined) continue;
    const image = imageOf(tag);
    if (!isInRelease(declaration, image)) continue;
    const cell = runOne(cellParts(1), tracer, delivery, image);
    if (cell.verdict === "works") return cell.evidence;
  }
  throw new Error(`${name} works on none of ${TAGS.join(", ")}`);
}

describe.each(Object.keys(SHIPPED_TRACERS))("%s's claim", (name) => {
  test("rejects its report with a line dropped, doubled or altered", () => {
    const { claimed, reported } = rightRun(name);
    expect(reported.length).toBeGreaterThan(0);
    expect(judgeReport(claimed, reported)).toBe("works");
    fc.assert(
      fc.property(
        fc.nat(reported.length - 1),
        fc.constantFrom("drop", "double", "alter"),
        fc.nat(),
        (at, how, place) => {
          const line = reported[at] ?? "";
          const index = place % Math.max(line.length, 1);
          const altered = `${line.slice(0, index)}#${line.slice(index + 1)}`;
          fc.pre(altered !== line);
          const put = how === "drop" ? [] : how === "double" ? [line, line] : [altered];
          const forged = [...reported.slice(0, at), ...put, ...reported.slice(at + 1)];
          expect(judgeReport(claimed, forged)).not.toBe("works");
        },
      ),
    );
  });
});
