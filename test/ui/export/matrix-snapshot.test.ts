import { expect, test } from "vitest";
import { drawn } from "../../../src/ui/export/matrix-grid.ts";
import { readSnapshot, snapshotText } from "../../../src/ui/export/matrix-snapshot.ts";
import { matrixSvg } from "../../../src/ui/export/matrix-svg.ts";
import { CELLS, cell } from "../../support/matrix-cells.ts";

const DRAWN = [
  ...CELLS,
  cell({ tracer: "a_tracer_with_a_long_name", house: "in-tree", delivery: "installed" }),
].map(drawn);

test("a snapshot has a line for each tracer and delivery, a letter for each release", () => {
  expect(snapshotText(DRAWN)).toBe(`mainline: 3.15-quicksand 5.14-quicksand
vendor: 2.6.32-44.el6-quicksand

counter      quicksand rebuilt   | . b  | w*
a_tracer_with_a_long_name in-tree   installed | . -  | -
`);
});

test("a picture can be drawn from it", () => {
  expect(matrixSvg(readSnapshot(snapshotText(DRAWN)))).toBe(matrixSvg(DRAWN));
});
