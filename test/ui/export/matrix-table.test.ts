import { expect, test } from "vitest";
import { matrixText } from "../../../src/ui/export/matrix-table.ts";
import { CELLS, cell } from "../../support/matrix-cells.ts";

test("a table for each branch has a letter a release, and a legend", () => {
  expect(matrixText(CELLS).join("\n")).toBe(`mainline
  a 3.15  b 5.14
                   a b
counter rebuilt    . b

vendor
  a 2.6.32-44.el6
                   a
counter rebuilt    w*

 .  works                  1
 b  build fails            1
 w  reports wrong data     1
 *  not what the API diff alone foresaw, 1 in all: quicksand why TRACER RELEASE`);
});

test("a row that a branch does not have is left out of its table, and a cell is blank", () => {
  const inTree = { tracer: "systrace", house: "in-tree", delivery: "installed" } as const;
  const lines = matrixText([
    ...CELLS,
    cell({ ...inTree, release: "5.14-quicksand" }),
    cell({
      tracer: "vgpu",
      delivery: "forced",
      branch: "vendor",
      release: "2.6.32-44.el6-quicksand",
    }),
  ]);
  expect(lines).toContain("systrace installed    .");
  expect(lines.filter((line) => line.startsWith("systrace"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("vgpu"))).toEqual(["vgpu     forced     ."]);
});

test("many releases take several tables, and no line is wider than 80 columns", () => {
  const cells = Array.from({ length: 70 }, (_, i) => cell({ release: `6.${i}-quicksand` }));
  const lines = matrixText(cells);
  const titles = lines.filter((line) => line.startsWith("mainline"));
  expect(titles).toEqual(["mainline, 1 of 3", "mainline, 2 of 3", "mainline, 3 of 3"]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  for (let i = 0; i < 70; i++) expect(lines.join(" ")).toMatch(new RegExp(` 6\\.${i}( |$)`));
});
