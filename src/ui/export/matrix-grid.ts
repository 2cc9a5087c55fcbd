/**
 * The cells of a matrix as rows and columns, for whoever draws them: a row a tracer and delivery, a
 * column a release, columns in groups by branch.
 */
import { agrees, type Cell, type Verdict } from "#tracers";

/** As much of a cell as a picture of it needs. */
export interface DrawnCell
  extends Pick<Cell, "tracer" | "house" | "delivery" | "branch" | "release" | "verdict"> {
  /** The run contradicts what the API diff foresaw. */
  readonly isSilent: boolean;
}

export interface GridColumn {
  readonly branch: string;
  readonly release: string;
  readonly short: string;
}

export interface GridBranch {
  readonly branch: string;
  readonly columns: readonly GridColumn[];
}

export interface GridRow<C> {
  readonly tracer: string;
  readonly house: Cell["house"];
  readonly delivery: Cell["delivery"];
  /** The first delivery of its tracer. */
  readonly isFirst: boolean;
  at(column: GridColumn): C | undefined;
}

export interface Grid<C> {
  readonly branches: readonly GridBranch[];
  readonly rows: readonly GridRow<C>[];
}

/** One letter a verdict, for narrow columns; the crashes are loud. */
export const LETTERS: Readonly<Record<Verdict, string>> = {
  works: ".",
  "build fails": "b",
  "load refused": "l",
  "attach fails": "a",
  "verifier rejects": "v",
  "denied by policy": "d",
  "misses events": "m",
  "reports wrong data": "w",
  oops: "O",
  lockup: "K",
  panic: "P",
};

/** How bad a verdict is to whoever runs the tracer: also the name of its colour. */
export type Grade = "works" | "loud" | "refused" | "wrong" | "crash";

export const GRADES: Readonly<Record<Verdict, Grade>> = {
  works: "works",
  "build fails": "loud",
  "load refused": "refused",
  "attach fails": "refused",
  "verifier rejects": "refused",
  "denied by policy": "refused",
  "misses events": "wrong",
  "reports wrong data": "wrong",
  oops: "crash",
  lockup: "crash",
  panic: "crash",
};

/** A silent break: the run contradicts what the API diff foresaw. */
export const isSilent = (cell: Cell): boolean => !agrees(cell.predicted, cell.verdict);

export const drawn = (cell: Cell): DrawnCell => ({ ...cell, isSilent: isSilent(cell) });

/** A release without the local version that they all have, and a linux-next by its day alone. */
export const shortRelease = (release: string): string =>
  release.replace("-quicksand", "").replace(/^.*-next-/, "next-");

/** `key`s in the order in which they first come, with what has them. */
export function groupBy<T>(
  things: readonly T[],
  key: (thing: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (group === undefined) groups.set(key(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}

/** How often each verdict occurs, the best first; those that do not are left out. */
export function countVerdicts(
  cells: readonly Pick<Cell, "verdict">[],
): readonly (readonly [Verdict, number])[] {
  return (Object.keys(LETTERS) as Verdict[])
    .map((verdict) => [verdict, cells.filter((cell) => cell.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0);
}

type Placed = Pick<Cell, "tracer" | "house" | "delivery" | "branch" | "release">;

export function gridOf<C extends Placed>(cells: readonly C[]): Grid<C> {
  const branches = [...groupBy(cells, ({ branch }) => branch)].map(([branch, own]) => ({
    branch,
    columns: [...groupBy(own, ({ release }) => release).keys()].map((release) => ({
      branch,
      release,
      short: shortRelease(release),
    })),
  }));
  const rows = [...groupBy(cells, ({ tracer }) => tracer)].flatMap(([tracer, own]) =>
    [...groupBy(own, ({ delivery }) => delivery)].map(([, row], index): GridRow<C> => {
      const byColumn = new Map(row.map((cell) => [`${cell.branch} ${cell.release}`, cell]));
      const [{ house, delivery }] = row as readonly C[] as readonly [C];
      return {
        tracer,
        house,
        delivery,
        isFirst: index === 0,
        at: ({ branch, release }) => byColumn.get(`${branch} ${release}`),
      };
    }),
  );
  return { branches, rows };
}
