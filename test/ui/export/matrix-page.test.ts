import { expect, it } from "vitest";
import { matrixHtml } from "../../../src/ui/export/matrix-page.ts";
import { CELLS } from "../../support/matrix-cells.ts";

it("the page says in words what became of each cell, and why", () => {
  const page = matrixHtml(CELLS);
  expect(page).toContain('<td class="works first">.</td>');
  expect(page).toContain(
    "5.14-quicksand: build fails: counter.ts:3:8: TS2307: no 'linux/&lt;utrace&gt;'",
  );
  expect(page).toContain("true would be: counter: 17; reported: counter: 0");
  expect(page).toContain("from the API diff one would expect: works");
  expect(page).not.toContain("/home/me");
});

it("each number in a cell leads to a note, and releases stand under their branch", () => {
  const page = matrixHtml(CELLS);
  const links = Array.from(page.matchAll(/href="#(note-\d+)"/g), (match) => match[1]);
  expect(links).toEqual(["note-1", "note-2"]);
  for (const link of links) expect(page).toContain(`<li id="${link}"`);
  expect(page).toMatch(/colspan="2" class="first">mainline<.*colspan="1" class="first">vendor</);
});

it("the legend has the verdicts that occur and no others", () => {
  const legend = /<dl>(.*?)<\/dl>/s.exec(matrixHtml(CELLS))?.[1];
  expect(legend?.match(/<dt/g)).toHaveLength(3);
  expect(legend).not.toContain("panic");
});
