import { beforeAll, describe, expect, test } from "vitest";
import { FixedPolicy, formatSchedule } from "#kernel";
import { Explorer, runOne, type Shrunk } from "#tracers";
import { cellParts, imageOf, tracerOf } from "../../support/images.ts";

const RELEASE = "2.6.32-71.el6";

function verdictUnder(name: string): ConstructorParameters<typeof Explorer>[0] {
  const [tracer, parts] = [tracerOf(name), cellParts(1)];
  return (policy) => runOne({ ...parts, policy }, tracer, "rebuilt", imageOf(RELEASE)).verdict;
}

async function firstOops(explorer: Explorer): Promise<number> {
  for (let seed = 0; seed < 1000; seed++)
    if ((await explorer.outcome(seed)) === "oops") return seed;
  throw new Error("none of 1000 schedules has it");
}

describe("a callback that is unloaded under its thread", () => {
  const run = verdictUnder("hasty");
  let found: Shrunk;
  beforeAll(async () => {
    const explorer = new Explorer(run);
    const search = explorer.shrink(await firstOops(explorer));
    for (;;) {
      const next = await search.next();
      if (next.done !== true) continue;
      found = next.value;
      return;
    }
  }, 60_000);

  test("is found within a thousand schedules, and not in the plain order", async () => {
    expect(await run(new FixedPolicy([]))).toBe("works");
    expect(await run(new FixedPolicy(found.schedule))).toBe("oops");
  });

  test("needs few departures from the plain order, one of them in the callback", () => {
    const text = formatSchedule(found.schedule);
    expect(found.schedule.length, text).toBeLessThan(6);
    expect(found.story.join("\n"), text).toContain("[hasty]");
  });

  test("is not there when the module waits for it", async () => {
    const patient = verdictUnder("patient");
    expect(await patient(new FixedPolicy(found.schedule))).toBe("works");
  });
});
