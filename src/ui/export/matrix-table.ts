/**
 * The matrix as text. One row a tracer and delivery, one column a release.
 */
import { agrees, type Cell, type Verdict } from "#tracers";

/** One or two letters a verdict, for narrow columns. */
const SHORT: Readonly<Record<Verdict, string>> = {
  works: "ok",
  "build fails": "B",
  "load refused": "L",
  "attach fails": "A",
  "verifier rejects": "V",
  "denied by policy": "P",
  "misses events": "miss",
  "reports wrong data": "WRONG",
  oops: "OOPS",
  lockup: "LOCK",
  panic: "PANIC",
};

/** A silent break: the run contradicts what the API diff foresaw. */
export const isSilent = (cell: Cell): boolean => !agrees(cell.predicted, cell.verdict);

interface Grid {
  readonly releases: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: ReadonlyMap<string, Cell> }[];
}

function gridOf(cells: readonly Cell[]): Grid {
  const releases = [...new Set(cells.map((cell) => cell.release))];
  const rows = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const label = `${cell.tracer} (${cell.house}, ${cell.delivery})`;
    const row = rows.get(label) ?? new Map<string, Cell>();
    row.set(cell.release, cell);
    rows.set(label, row);
  }
  return { releases, rows: [...rows].map(([label, row]) => ({ label, cells: row })) };
}

/** Lines of plain text: a numbered list of releases, the grid, and what its letters mean. */
export function matrixText(cells: readonly Cell[]): readonly string[] {
  const { releases, rows } = gridOf(cells);
  const width = Math.max(...rows.map(({ label }) => label.length), 6);
  const column = (text: string): string => text.padStart(6);
  const used = [...new Set(cells.map((cell) => cell.verdict))];
  return [
    ...releases.map((release, i) => `${String(i + 1).padStart(3)}  ${release}`),
    "",
    " ".repeat(width) + releases.map((_, i) => column(String(i + 1))).join(""),
    ...rows.map(
      ({ label, cells: row }) =>
        label.padEnd(width) + releases.map((release) => column(shortOf(row.get(release)))).join(""),
    ),
    "",
    ...used.map((verdict) => `${SHORT[verdict].padStart(6)}  ${verdict}`),
    "     *  not what the API diff alone foresaw: see quicksand why TRACER RELEASE",
  ];
}

const shortOf = (cell: Cell | undefined): string =>
  cell === undefined ? "-" : SHORT[cell.verdict] + (isSilent(cell) ? "*" : "");
