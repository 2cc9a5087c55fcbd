/**
 * The matrix as a page that stands by itself: one row a tracer and delivery, one narrow column a
 * release, a letter and a colour a verdict, and why it came to that in the cell's title and in a note.
 *
 * Left out: scripts.
 */
import type { Cell, Verdict } from "#tracers";
import { reasonOf } from "./cell-reason.ts";
import {
  countVerdicts,
  GRADES,
  type Grid,
  type GridColumn,
  type GridRow,
  gridOf,
  groupBy,
  isSilent,
  LETTERS,
  shortRelease,
} from "./matrix-grid.ts";
import { MATRIX_STYLE } from "./matrix-style.ts";

/** What a verdict means to whoever runs the tracer. */
const MEANINGS: Readonly<Record<Verdict, string>> = {
  works: "it reports what happened",
  "build fails": "the compiler refuses the source: found at once",
  "load refused": "the kernel refuses the module",
  "attach fails": "it loads and finds nothing to hang on to",
  "verifier rejects": "the kernel refuses the bytecode",
  "denied by policy": "the kernel may not load it",
  "misses events": "it runs and does not tell of everything",
  "reports wrong data": "it runs and tells what is not so",
  oops: "kernel code that runs it faults",
  lockup: "the kernel sleeps or spins where it must not",
  panic: "the machine stops",
};

export const HOUSE_WORDS: Readonly<Record<Cell["house"], string>> = {
  rock: "on system calls",
  quicksand: "a module, built outside",
  "in-tree": "in the kernel's own source",
  blob: "a binary without source",
  bytecode: "bytecode, one object",
};

const DELIVERIES =
  "<b>rebuilt</b>: compiled for each release. <b>prebuilt</b>: compiled once, on the release it was " +
  "written for. <b>forced</b>: prebuilt, and loaded with insmod -f. <b>installed</b>: comes with the " +
  "system.";

export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** Numbers reasons; cells of one tracer with one reason share a note. */
class Notes {
  readonly #cells = new Map<string, Cell[]>();

  numberOf(cell: Cell, reason: string): number {
    const key = [cell.tracer, cell.delivery, cell.verdict, reason].join("\0");
    const known = this.#cells.get(key);
    if (known === undefined) this.#cells.set(key, [cell]);
    else known.push(cell);
    return [...this.#cells.keys()].indexOf(key) + 1;
  }

  /** A list for each tracer. */
  html(): string {
    const numbered = [...this.#cells].map(([key, cells], index) => ({
      number: index + 1,
      reason: key.split("\0")[3] ?? "",
      cells,
      first: cells[0] as Cell,
    }));
    const lists = [...groupBy(numbered, ({ first }) => first.tracer)].map(([tracer, notes]) => {
      const items = notes.map(({ number, reason, cells, first }) => {
        const where = cells.map(({ release }) => shortRelease(release)).join(", ");
        const mark = GRADES[first.verdict];
        return `<li id="note-${number}" value="${number}"><b class="${mark}">${first.verdict}</b> ${first.delivery}, on ${escapeHtml(where)}<br><code>${escapeHtml(reason)}</code></li>`;
      });
      return `<h3>${escapeHtml(tracer)}</h3><ol>${items.join("\n")}</ol>`;
    });
    return lists.join("\n");
  }
}

function cellHtml(cell: Cell | undefined, notes: Notes, first: string): string {
  if (cell === undefined) return `<td${first && ` class="${first.trim()}"`}></td>`;
  const letter = LETTERS[cell.verdict] + (isSilent(cell) ? "*" : "");
  // A configuration is named as such already.
  const since = cell.patch?.replace(/^(?=\d)/, "patch ");
  const reason = reasonOf(cell) + (since === undefined ? "" : ` (since ${since})`);
  const grade = GRADES[cell.verdict] + first;
  if (reason === "") return `<td class="${grade}">${letter}</td>`;
  const title = `${cell.release}: ${cell.verdict}: ${reason}`;
  const number = notes.numberOf(cell, reason);
  return `<td class="${grade}" title="${escapeHtml(title)}"><a href="#note-${number}">${letter}</a></td>`;
}

function headHtml({ branches }: Grid<Cell>): string {
  const top = branches.map(
    ({ branch, columns }) =>
      `<th scope="colgroup" colspan="${columns.length}" class="first">${escapeHtml(branch)}</th>`,
  );
  const names = branches.flatMap(({ columns }) =>
    columns.map(({ short }, index) => {
      const first = index === 0 ? " first" : "";
      return `<th scope="col" class="release${first}"><span>${escapeHtml(short)}</span></th>`;
    }),
  );
  return `<thead><tr><th colspan="2"></th>${top.join("")}</tr>
<tr><th scope="col" class="corner">tracer</th><th scope="col" class="corner">delivery</th>${names.join("")}</tr></thead>`;
}

function rowsHtml({ branches, rows }: Grid<Cell>, notes: Notes): string {
  const isFirst = new Set(branches.map(({ columns }) => columns[0]));
  const columns: readonly GridColumn[] = branches.flatMap((branch) => branch.columns);
  const bodies = [...groupBy(rows, ({ tracer }) => tracer)].map(([tracer, own]) => {
    const house = HOUSE_WORDS[own[0]?.house ?? "rock"];
    const name = `<th scope="rowgroup" rowspan="${own.length}" class="tracer">${escapeHtml(tracer)}<small>${house}</small></th>`;
    const lines = own.map((row: GridRow<Cell>) => {
      const cells = columns.map((column) =>
        cellHtml(row.at(column), notes, isFirst.has(column) ? " first" : ""),
      );
      return `<tr>${row.isFirst ? name : ""}<th scope="row">${row.delivery}</th>${cells.join("")}</tr>`;
    });
    return `<tbody>${lines.join("\n")}</tbody>`;
  });
  return bodies.join("\n");
}

function legendHtml(cells: readonly Cell[]): string {
  const rows = countVerdicts(cells).map(
    ([verdict, count]) =>
      `<dt class="${GRADES[verdict]}"><kbd>${LETTERS[verdict]}</kbd> ${verdict}</dt><dd>${MEANINGS[verdict]} (${count})</dd>`,
  );
  return `<dl>${rows.join("\n")}</dl>`;
}

/** A page that stands by itself. */
export function matrixHtml(cells: readonly Cell[]): string {
  const notes = new Notes();
  const grid = gridOf(cells);
  const rows = rowsHtml(grid, notes);
  const silent = cells.filter(isSilent).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>quicksand: who survives which release</title>
<style>${MATRIX_STYLE}</style></head><body>
<h1>Who survives which release</h1>
<p>Every cell is a run: the tracer was built, loaded and run on that release of a simulated kernel, and
what it reported was held against what the machine itself recorded. ${DELIVERIES}</p>
${legendHtml(cells)}
<p>An asterisk marks the ${silent} verdicts that a comparison of the two releases' headers does not foretell.
The pointer on a cell says why it came to that; a click leads to the note.</p>
<table>
${headHtml(grid)}
${rows}
</table>
<h2>Why</h2>
<p><code>quicksand why TRACER RELEASE</code> prints all the evidence of a cell.</p>
${notes.html()}
</body></html>
`;
}
