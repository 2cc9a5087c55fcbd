/**
 * The verdicts of a whole matrix as a text that diffs well: the releases, and a line for each tracer and
 * delivery. The repository keeps one; a test holds it against a run, and the picture is drawn from it.
 */
import type { Verdict } from "#tracers";
import { type DrawnCell, gridOf, LETTERS } from "./matrix-grid.ts";

const ABSENT = "-";
const SEPARATOR = " | ";

export function snapshotText(cells: readonly DrawnCell[]): string {
  const { branches, rows } = gridOf(cells);
  const heads = branches.map(
    ({ branch, columns }) => `${branch}: ${columns.map(({ release }) => release).join(" ")}`,
  );
  const lines = rows.map((row) => {
    const label = `${row.tracer.padEnd(12)} ${row.house.padEnd(9)} ${row.delivery.padEnd(9)}`;
    const groups = branches.map(({ columns }) =>
      columns.map((column) => letters(row.at(column))).join(""),
    );
    return [label, ...groups].join(SEPARATOR).trimEnd();
  });
  return [...heads, "", ...lines, ""].join("\n");
}

const letters = (cell: DrawnCell | undefined): string =>
  cell === undefined ? `${ABSENT} ` : LETTERS[cell.verdict] + (cell.isSilent ? "*" : " ");

const VERDICT_OF: ReadonlyMap<string, Verdict> = new Map(
  (Object.entries(LETTERS) as [Verdict, string][]).map(([verdict, letter]) => [letter, verdict]),
);

/** What `snapshotText` wrote. */
export function readSnapshot(text: string): readonly DrawnCell[] {
  const [head = "", body = ""] = text.split("\n\n");
  const branches = head.split("\n").map((line) => {
    const [branch = "", releases = ""] = line.split(": ");
    return releases.split(" ").map((release) => ({ branch, release }));
  });
  const lines = body.trimEnd().split("\n");
  return lines.flatMap((line) => {
    const [label = "", ...groups] = line.split(SEPARATOR);
    const [tracer, house, delivery] = label.trim().split(/ +/);
    return branches.flatMap((columns, group) =>
      columns.flatMap((column, index): readonly DrawnCell[] => {
        const [letter = "", mark] = groups[group]?.slice(index * 2, index * 2 + 2) ?? "";
        const verdict = VERDICT_OF.get(letter);
        if (verdict === undefined) return [];
        const isSilent = mark === "*";
        return [{ tracer, house, delivery, ...column, verdict, isSilent } as DrawnCell];
      }),
    );
  });
}
