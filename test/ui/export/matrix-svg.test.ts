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

test("the names of the releases, which lean to the right, end within the picture", () => {
  for (const name of ["6.16", "2.6.32-358.el6+debug", "2.6.32-358.el6+a-long-configuration"]) {
    const svg = matrixSvg(
      Array.from({ length: 40 }, (_, i) => drawn(cell({ release: `${name}${i}-quicksand` }))),
    );
    const width = Number(/width='(\d+)'/.exec(svg)?.[1]);
    const names = [...svg.matchAll(/rotate\(-60 (\d+) \d+\)'>([^<]*)</g)];
    expect(names.length).toBeGreaterThan(0);
    // DejaVu Sans at 9 pixels has letters of less than 6 on the average; half of that at 60 degrees.
    for (const [, x, words = ""] of names)
      expect(width - Number(x)).toBeGreaterThan(words.length * 3);
  }
});
