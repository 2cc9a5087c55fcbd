/**
 * The matrix as a page that stands by itself: one row a tracer and delivery, one column a release,
 * every verdict in words, and why it came to that in a note.
 *
 * Left out: scripts. The notes are at the foot and in each cell's title.
 */
import type { Cell, Verdict } from "#tracers";
import { reasonOf } from "./cell-reason.ts";
import { MATRIX_STYLE } from "./matrix-style.ts";
import { isSilent } from "./matrix-table.ts";

/** How bad: also the name of a verdict's colour. */
type Grade = "works" | "loud" | "refused" | "wrong" | "crash";

/** Each verdict's grade, and what it means to whoever runs the tracer. */
const VERDICTS: Readonly<Record<Verdict, readonly [Grade, string]>> = {
  works: ["works", "it reports what happened"],
  "build fails": ["loud", "the compiler refuses the source: found at once"],
  "load refused": ["refused", "the kernel refuses the module"],
  "attach fails": ["refused", "it loads and finds nothing to hang on to"],
  "verifier rejects": ["refused", "the kernel refuses the bytecode"],
  "denied by policy": ["refused", "the kernel may not load it"],
  "misses events": ["wrong", "it runs and does not tell of everything"],
  "reports wrong data": ["wrong", "it runs and tells what is not so"],
  oops: ["crash", "kernel code that runs it faults"],
  lockup: ["crash", "the kernel sleeps or spins where it must not"],
  panic: ["crash", "the machine stops"],
};

const HOUSES: Readonly<Record<Cell["house"], string>> = {
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

const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** `key`s in the order in which they first come, with what has them. */
function groupBy<T>(things: readonly T[], key: (thing: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (group === undefined) groups.set(key(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}

/** Numbers reasons; cells with one reason share a note. */
class Notes {
  readonly lines: string[] = [];

  numberOf(line: string): number {
    const known = this.lines.indexOf(line);
    return known >= 0 ? known + 1 : this.lines.push(line);
  }
}

function cellHtml(cell: Cell | undefined, notes: Notes): string {
  if (cell === undefined) return "<td></td>";
  const since = cell.patch === undefined ? "" : ` (${cell.patch})`;
  const reason = reasonOf(cell) + since;
  const [grade] = VERDICTS[cell.verdict];
  const words = cell.verdict + (isSilent(cell) ? " *" : "");
  if (reason === "") return `<td class="${grade}">${words}</td>`;
  const number = notes.numberOf(`${cell.tracer}, ${cell.verdict}: ${reason}`);
  const note = `<sup><a href="#note-${number}">${number}</a></sup>`;
  return `<td class="${grade}" title="${escapeHtml(reason)}">${words}${note}</td>`;
}

function headHtml(cells: readonly Cell[]): string {
  const branches = groupBy(cells, (cell) => cell.branch);
  const releasesOf = (branch: readonly Cell[]): string[] => [
    ...groupBy(branch, (cell) => cell.release).keys(),
  ];
  const top = [...branches].map(
    ([branch, own]) =>
      `<th scope="colgroup" colspan="${releasesOf(own).length}" class="first">${escapeHtml(branch)}</th>`,
  );
  const names = [...branches.values()].flatMap((own) =>
    releasesOf(own).map((release, index) => {
      const short = release.replace(/-quicksand$/, "").replace("-next-", "-next-<wbr>");
      return `<th scope="col"${index === 0 ? ' class="first"' : ""}>${short}</th>`;
    }),
  );
  return `<thead><tr><th colspan="2"></th>${top.join("")}</tr>
<tr><th scope="col" class="corner">tracer</th><th scope="col" class="corner">delivery</th>${names.join("")}</tr></thead>`;
}

function rowsHtml(cells: readonly Cell[], notes: Notes): string {
  const columns = [...groupBy(cells, ({ branch, release }) => `${branch} ${release}`).keys()];
  const tracers = groupBy(cells, (cell) => cell.tracer);
  return Array.from(tracers, ([tracer, own]) => {
    const deliveries = [...groupBy(own, (cell) => cell.delivery)];
    const house = HOUSES[own[0]?.house ?? "rock"];
    const rows = deliveries.map(([delivery, row], index) => {
      const name = `<th scope="rowgroup" rowspan="${deliveries.length}" class="tracer">${escapeHtml(tracer)}<small>${house}</small></th>`;
      const found = columns.map((column) =>
        row.find(({ branch, release }) => `${branch} ${release}` === column),
      );
      const tds = found.map((cell) => cellHtml(cell, notes)).join("");
      return `<tr>${index === 0 ? name : ""}<th scope="row">${delivery}</th>${tds}</tr>`;
    });
    return `<tbody>${rows.join("\n")}</tbody>`;
  }).join("\n");
}

function legendHtml(cells: readonly Cell[]): string {
  const used = groupBy(cells, (cell) => cell.verdict);
  const rows = (Object.keys(VERDICTS) as Verdict[]).flatMap((verdict) => {
    const count = used.get(verdict)?.length ?? 0;
    const [grade, means] = VERDICTS[verdict];
    if (count === 0) return [];
    return [`<dt class="${grade}">${verdict}</dt><dd>${means} (${count})</dd>`];
  });
  return `<dl>${rows.join("\n")}</dl>`;
}

/** A page that stands by itself. */
export function matrixHtml(cells: readonly Cell[]): string {
  const notes = new Notes();
  const rows = rowsHtml(cells, notes);
  const silent = cells.filter(isSilent).length;
  const list = notes.lines.map(
    (line, index) => `<li id="note-${index + 1}">${escapeHtml(line)}</li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>quicksand: who survives which release</title>
<style>${MATRIX_STYLE}</style></head><body>
<h1>Who survives which release</h1>
<p>Every cell is a run: the tracer was built, loaded and run on that release of a simulated kernel, and
what it reported was held against what the machine itself recorded. ${DELIVERIES}</p>
${legendHtml(cells)}
<p>An asterisk marks the ${silent} verdicts that a comparison of the two releases' headers does not foretell.
A number leads to the note that says why; so does the pointer on the cell.</p>
<table>
${headHtml(cells)}
${rows}
</table>
<h2>Why</h2>
<p><code>quicksand why TRACER RELEASE</code> prints all the evidence of a cell.</p>
<ol>
${list.join("\n")}
</ol>
</body></html>
`;
}
