/** Every cell of the matrix: the run is what was predicted, or the difference is explained. */
import { expect, test } from "vitest";
import { agrees, Blamer, DELIVERIES, EXPLAINED, isInRelease, releaseName, runOne } from "#tracers";
import { shippedTracers } from "../../../src/ui/host/tracers.ts";
import { cellParts, imageOf, openTestTrees } from "../../support/images.ts";

const trees = openTestTrees();
const parts = cellParts(1);
const blamer = new Blamer(parts, trees);

function finish<T>(search: Generator<string, T, void>): T {
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

test("run and prediction agree on every cell, or the list says why not", {
  timeout: 300_000,
}, () => {
  const met = new Set<string>();
  const unexplained: string[] = [];
  for (const tracer of shippedTracers("src/tracers"))
    for (const delivery of DELIVERIES[tracer.declaration.house])
      for (const release of [...trees.history.releases, ...trees.history.variants]) {
        const image = imageOf(releaseName(release));
        if (!isInRelease(tracer.declaration, image)) continue;
        const { verdict, predicted } = runOne(parts, tracer, delivery, image);
        if (agrees(predicted, verdict)) continue;
        const { name } = tracer.declaration;
        const patch = finish(blamer.surprise({ tracer, delivery }, image));
        const line = EXPLAINED.find((each) => each.tracer === name && each.patch === patch);
        if (line !== undefined) met.add(`${name} ${patch}`);
        else
          unexplained.push(
            `${name}, ${delivery}, on ${image.release}: predicted ${predicted}, was ${verdict}, from patch ${patch} on`,
          );
      }
  // Tell it in src/tracers/matrix/explained.ts, or mend the prediction.
  expect(unexplained).toEqual([]);
  const stale = EXPLAINED.filter(({ tracer, patch }) => !met.has(`${tracer} ${patch}`));
  expect(stale).toEqual([]);
});
