/** The matrix, run once, and what has to be true of it. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { agrees, Blamer, type Cell, EXPLAINED, VERDICTS, type Verdict } from "#tracers";
import { seenReason } from "../../../src/ui/export/cell-reason.ts";
import { type DrawnCell, drawn } from "../../../src/ui/export/matrix-grid.ts";
import { readSnapshot, snapshotText } from "../../../src/ui/export/matrix-snapshot.ts";
import { ALL_TESTS } from "../../support/all-tests.ts";
import { cellParts, imageOf, openTestTrees, tracerOf } from "../../support/images.ts";
import { wholeMatrix } from "../../support/whole-matrix.ts";

let cells: readonly Cell[];
beforeAll(async () => {
  cells = await wholeMatrix();
}, 600_000);

test("its verdicts are those of the shipped snapshot", async () => {
  // After a look at the difference: npm run matrix:update.
  const text = snapshotText(cells.map(drawn));
  if (ALL_TESTS) await expect(text).toMatchFileSnapshot("matrix.txt");
  else expect(text).toBe(snapshotText(shipped().filter(({ release }) => wasRun(release))));
});

const shipped = (): readonly DrawnCell[] =>
  readSnapshot(readFileSync(new URL("matrix.txt", import.meta.url), "utf8"));
const wasRun = (name: string): boolean => cells.some(({ release }) => release === name);

function finish<T>(search: Generator<string, T, void>): T {
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

test("run and prediction agree on every cell, or the list says why not", {
  timeout: 600_000,
}, () => {
  const blamer = new Blamer(cellParts(1), openTestTrees());
  const met = new Set<string>();
  const unexplained: string[] = [];
  for (const { tracer, delivery, release, predicted, verdict } of cells) {
    if (agrees(predicted, verdict)) continue;
    const who = { tracer: tracerOf(tracer), delivery };
    const patch = finish(blamer.surprise(who, imageOf(release)));
    const line = EXPLAINED.find((each) => each.tracer === tracer && each.patch === patch);
    if (line !== undefined) met.add(`${tracer} ${patch}`);
    else
      unexplained.push(
        `${tracer}, ${delivery}, on ${release}: predicted ${predicted}, was ${verdict}, from patch ${patch} on`,
      );
  }
  // Tell it in src/tracers/matrix/explained.ts, or mend the prediction.
  expect(unexplained).toEqual([]);
  if (!ALL_TESTS) return;
  const stale = EXPLAINED.filter(({ tracer, patch }) => !met.has(`${tracer} ${patch}`));
  expect(stale).toEqual([]);
});

describe("what the project claims", () => {
  test("who stands on system calls works everywhere", () => {
    const red = cells.filter(({ house, verdict }) => house === "rock" && verdict !== "works");
    expect(red.map(({ tracer, release, verdict }) => [tracer, release, verdict])).toEqual([]);
    expect(cells.some(({ house }) => house === "rock")).toBe(true);
  });

  test("who is in the tree is kept working by whoever breaks it", () => {
    const red = cells.filter(({ house, verdict }) => house === "in-tree" && verdict !== "works");
    expect(red.map(({ tracer, release, verdict }) => [tracer, release, verdict])).toEqual([]);
  });

  test("every verdict occurs", () => {
    const met = new Set<Verdict>(shipped().map(({ verdict }) => verdict));
    expect(VERDICTS.filter((verdict) => !met.has(verdict))).toEqual([]);
  });

  test("modules do not all fail on the last release for one reason", () => {
    const last = cells.filter(
      ({ branch, release, house, verdict }) =>
        branch === "mainline" &&
        release === "6.16-quicksand" &&
        house === "quicksand" &&
        verdict !== "works",
    );
    expect(new Set(last.map(({ verdict }) => verdict)).size).toBeGreaterThanOrEqual(3);
    const reasons = new Map<string, number>();
    for (const cell of last) {
      const reason = seenReason(cell).replace(/^\S+: /, "");
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    expect(reasons.size).toBeGreaterThanOrEqual(8);
    expect(Math.max(...reasons.values())).toBeLessThan(last.length / 2);
  });
});
