/**
 * The matrix as a picture: a coloured square with a letter for each cell, branches side by side. For a
 * README, so it is no wider than needs be and says by itself what its colours mean.
 */
import {
  countVerdicts,
  type DrawnCell,
  GRADES,
  type Grade,
  type Grid,
  type GridBranch,
  type GridColumn,
  gridOf,
  LETTERS,
} from "./matrix-grid.ts";
import { escapeHtml } from "./matrix-page.ts";

/** Fill, and the ink on it. Dark enough apart for whoever sees no red and green; letters say it, too. */
const COLOURS: Readonly<Record<Grade, readonly [fill: string, ink: string]>> = {
  works: ["#bfe3c0", "#2c5a31"],
  loud: ["#f7e3a1", "#6b5310"],
  refused: ["#f3bf8a", "#6f3d0b"],
  wrong: ["#e58b8b", "#5c1010"],
  crash: ["#8d62b8", "#ffffff"],
};

const CELL = 15;
const SIDE = CELL - 1;
const GAP = 14;
const MARGIN = 16;
const TOP = 116;
const TRACER_WIDTH = 92;
const LABEL_WIDTH = TRACER_WIDTH + 62;
/** Between the rows of two tracers. */
const ROW_GAP = 4;
const LEGEND_STEP = 150;
/** How wide a letter of a branch's name is. */
const TITLE_LETTER = 7;
/** The same of a release's name, which leans to the right. */
const NAME_LETTER = 6;
const NAME_DEGREES = 60;
const FONT = "font-family='DejaVu Sans,Verdana,Helvetica,sans-serif'";

interface Text {
  readonly size?: number;
  readonly anchor?: "middle" | "end";
  readonly fill?: string;
  readonly weight?: number;
  readonly turned?: boolean;
}

function text(x: number, y: number, words: string, style: Text = {}): string {
  const { size = 11, anchor, fill = "#1d1f21", weight, turned = false } = style;
  const attributes = [
    `x='${x}' y='${y}' font-size='${size}' fill='${fill}'`,
    anchor === undefined ? "" : ` text-anchor='${anchor}'`,
    weight === undefined ? "" : ` font-weight='${weight}'`,
    turned ? ` transform='rotate(-${NAME_DEGREES} ${x} ${y})'` : "",
  ];
  return `<text ${attributes.join("")}>${escapeHtml(words)}</text>`;
}

/** Squares of one colour are one path, and the letters of a row with one ink one text: a small file. */
class Squares {
  readonly #paths = new Map<Grade, string>();
  readonly #letters: string[] = [];

  row(y: number, cells: readonly (readonly [x: number, cell: DrawnCell])[]): void {
    const inks = new Map<string, { readonly xs: number[]; letters: string }>();
    const write = (ink: string, x: number, letter: string): void => {
      const line = inks.get(ink) ?? { xs: [], letters: "" };
      line.xs.push(x);
      line.letters += letter;
      inks.set(ink, line);
    };
    for (const [x, cell] of cells) {
      const grade = GRADES[cell.verdict];
      const [, ink] = COLOURS[grade];
      const path = this.#paths.get(grade) ?? "";
      this.#paths.set(grade, `${path}M${x} ${y}h${SIDE}v${SIDE}h-${SIDE}z`);
      if (cell.verdict !== "works") write(ink, x + (cell.isSilent ? 2 : 4), LETTERS[cell.verdict]);
      if (cell.isSilent) write(ink, x + 9, "*");
    }
    for (const [ink, { xs, letters }] of inks)
      this.#letters.push(`<text x='${xs.join(" ")}' y='${y + 11}' fill='${ink}'>${letters}</text>`);
  }

  svg(): string {
    const paths = [...this.#paths].map(
      ([grade, path]) => `<path fill='${COLOURS[grade][0]}' d='${path}'/>`,
    );
    const font = "font-family='DejaVu Sans Mono,Menlo,Consolas,monospace' font-size='10'";
    return [...paths, `<g ${font}>`, ...this.#letters, "</g>"].join("\n");
  }
}

/** Where each column stands, from the left. */
function placeColumns({ branches }: Grid<DrawnCell>): ReadonlyMap<GridColumn, number> {
  const places = new Map<GridColumn, number>();
  let x = MARGIN + LABEL_WIDTH;
  for (const { branch, columns } of branches) {
    for (const [index, column] of columns.entries()) places.set(column, x + index * CELL);
    // A branch of few releases still has its name above it.
    x += Math.max(columns.length * CELL, branch.length * TITLE_LETTER) + GAP;
  }
  return places;
}

function headSvg(branches: readonly GridBranch[], places: ReadonlyMap<GridColumn, number>): string {
  return branches
    .flatMap(({ branch, columns }) => {
      const [first] = columns;
      const left = first === undefined ? 0 : (places.get(first) ?? 0);
      const names = columns.map((column) =>
        text((places.get(column) ?? 0) + 10, TOP - 6, column.short, { size: 9, turned: true }),
      );
      const width = columns.length * CELL - 1;
      const rule = `<rect x='${left}' y='${TOP - 3}' width='${width}' height='1' fill='#1d1f21'/>`;
      return [text(left, 14, branch, { size: 12, weight: 700 }), rule, ...names];
    })
    .join("\n");
}

function legendSvg(
  cells: readonly DrawnCell[],
  top: number,
  width: number,
): readonly [string, number] {
  const perLine = Math.max(1, Math.floor((width - 2 * MARGIN) / LEGEND_STEP));
  const counted = countVerdicts(cells);
  const items = counted.map(([verdict, count], index) => {
    const x = MARGIN + (index % perLine) * LEGEND_STEP;
    const y = top + Math.floor(index / perLine) * (CELL + 4);
    const [fill, ink] = COLOURS[GRADES[verdict]];
    return [
      `<rect x='${x}' y='${y}' width='${SIDE}' height='${SIDE}' rx='2' fill='${fill}'/>`,
      text(x + 7, y + 11, LETTERS[verdict], { size: 10, anchor: "middle", fill: ink }),
      text(x + CELL + 4, y + 11, `${verdict}, ${count}`, { size: 10 }),
    ].join("");
  });
  const bottom = top + Math.ceil(counted.length / perLine) * (CELL + 4);
  const mark = "* not what a comparison of the headers foretells";
  return [[...items, text(MARGIN, bottom + 11, mark, { size: 10 })].join("\n"), bottom + 20];
}

/** As far to the right as a column, or the name above it, goes. */
function rightOf(column: GridColumn, x: number): number {
  const lean = Math.cos((NAME_DEGREES * Math.PI) / 180);
  return x + Math.max(CELL, 10 + Math.ceil(column.short.length * NAME_LETTER * lean));
}

export function matrixSvg(cells: readonly DrawnCell[]): string {
  const grid = gridOf(cells);
  const places = placeColumns(grid);
  const width = Math.max(...Array.from(places, ([column, x]) => rightOf(column, x)), 460) + MARGIN;
  const drawn: string[] = [];
  const squares = new Squares();
  let y = TOP - ROW_GAP + 4;
  for (const row of grid.rows) {
    if (row.isFirst) {
      y += ROW_GAP;
      drawn.push(text(MARGIN, y + 11, row.tracer, { weight: 700, size: 10 }));
    }
    drawn.push(text(MARGIN + TRACER_WIDTH, y + 11, row.delivery, { size: 10, fill: "#55595f" }));
    const cells = [...places].flatMap(([column, x]) => {
      const cell = row.at(column);
      return cell === undefined ? [] : [[x, cell] as const];
    });
    squares.row(y, cells);
    y += CELL;
  }
  const [legend, bottom] = legendSvg(cells, y + 14, width);
  return [
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${bottom + 8}' width='${width}' height='${bottom + 8}' ${FONT}>`,
    `<title>Who survives which release: ${cells.length} runs</title>`,
    "<rect width='100%' height='100%' rx='6' fill='#fdfdfc'/>",
    headSvg(grid.branches, places),
    ...drawn,
    squares.svg(),
    legend,
    "</svg>\n",
  ].join("\n");
}
