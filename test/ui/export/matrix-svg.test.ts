import { expect, test } from "vitest";
import { drawn } from "../../../src/ui/export/matrix-grid.ts";
import { matrixSvg } from "../../../src/ui/export/matrix-svg.ts";
import { CELLS, cell } from "../../support/matrix-cells.ts";

/** Squares by colour. */
const squares = (svg: string): readonly number[] =>
  Array.from(svg.matchAll(/<path [^>]* d='([^']*)'/g), ([, d = ""]) => d.match(/M/g)?.length ?? 0);

test("a square for each cell in its verdict's colour, and a letter where it does not work", () => {
  const svg = matrixSvg(CELLS.map(drawn));
  expect(squares(svg)).toEqual([1, 1, 1]);
  expect(svg).toMatch(/<text x='\d+' y='\d+' fill='#\w+'>b<\/text>/);
  expect(svg).toMatch(/<text x='\d+ \d+' y='\d+' fill='#\w+'>w\*<\/text>/);
  for (const words of ["counter", "rebuilt", "mainline", "vendor", "3.15", "build fails, 1"])
    expect(svg).toContain(`>${words}</text>`);
});

test("the picture is as wide as its releases are many, and names cannot break it", () => {
  const width = (svg: string): number => Number(/width='(\d+)'/.exec(svg)?.[1]);
  const many = Array.from({ length: 60 }, (_, i) => drawn(cell({ release: `6.${i}-quicksand` })));
  expect(width(matrixSvg(many))).toBeGreaterThan(width(matrixSvg(many.slice(0, 40))));
  expect(matrixSvg([drawn(cell({ tracer: "<&>" }))])).toContain(">&lt;&amp;&gt;</text>");
});
