/**
 * The matrix as text of 80 columns: a table for each branch, a row a tracer and delivery, a letter a
 * release. A branch with more releases than fit has more than one table.
 */
import type { Cell } from "#tracers";
import {
  countVerdicts,
  type GridColumn,
  type GridRow,
  gridOf,
  isSilent,
  LETTERS,
} from "./matrix-grid.ts";

const WIDTH = 80;
const KEYS = "abcdefghijklmnopqrstuvwxyz";
const DELIVERY_WIDTH = "installed".length;

/** Lines of plain text. */
export function matrixText(cells: readonly Cell[]): readonly string[] {
  const { branches, rows } = gridOf(cells);
  const nameWidth = Math.max(...rows.map(({ tracer }) => tracer.length), 6);
  const labelWidth = nameWidth + DELIVERY_WIDTH + 3;
  const perTable = Math.min(KEYS.length, Math.floor((WIDTH - labelWidth) / 2));
  const tables = branches.flatMap(({ branch, columns }) => {
    const pages = Math.ceil(columns.length / perTable);
    return Array.from({ length: pages }, (_, page) => {
      const title = pages === 1 ? branch : `${branch}, ${page + 1} of ${pages}`;
      const own = columns.slice(page * perTable, (page + 1) * perTable);
      return [title, ...wrapped(legendOf(own)), ...gridLines(own, rows, nameWidth), ""];
    });
  });
  return [...tables.flat(), ...verdictLines(cells)];
}

/** What each column's letter stands for. */
const legendOf = (columns: readonly GridColumn[]): readonly string[] =>
  columns.map(({ short }, index) => `${KEYS[index]} ${short}`);

/** Words in lines that are not too long. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}

function gridLines(
  columns: readonly GridColumn[],
  rows: readonly GridRow<Cell>[],
  nameWidth: number,
): readonly string[] {
  const head = columns.map((_, index) => KEYS[index]).join(" ");
  const present = rows.filter((row) => columns.some((column) => row.at(column) !== undefined));
  const lines = present.map((row, index) => {
    const name = row.tracer === present[index - 1]?.tracer ? "" : row.tracer;
    const label = `${name.padEnd(nameWidth)} ${row.delivery.padEnd(DELIVERY_WIDTH)}`;
    return `${label}  ${columns.map((column) => letters(row.at(column))).join("")}`.trimEnd();
  });
  return [`${" ".repeat(nameWidth + DELIVERY_WIDTH + 3)}${head}`, ...lines];
}

/** Two places: the verdict, and the mark of a silent break. */
function letters(cell: Cell | undefined): string {
  if (cell === undefined) return "  ";
  return LETTERS[cell.verdict] + (isSilent(cell) ? "*" : " ");
}

function verdictLines(cells: readonly Cell[]): readonly string[] {
  const silent = cells.filter(isSilent).length;
  const counted = countVerdicts(cells).map(
    ([verdict, count]) =>
      ` ${LETTERS[verdict]}  ${verdict.padEnd(18)} ${String(count).padStart(5)}`,
  );
  const mark = ` *  not what the API diff alone foresaw, ${silent} in all: quicksand why TRACER RELEASE`;
  return silent === 0 ? counted : [...counted, mark];
}
