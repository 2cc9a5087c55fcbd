/** One release of the matrix: every tracer in every delivery that it has. */
import { type Cell, DELIVERIES, type Delivery, isInRelease, runOne } from "#tracers";
import type { Step } from "./job-step.ts";
import { stepping } from "./tracer-job.ts";
import type { Found, Workshop } from "./workshop.ts";

export interface ColumnJob {
  readonly release: string;
  /** Names or folders; all the shipped ones if there are none. */
  readonly tracers: readonly string[];
  /** Also find the patch from which on a tracer does not work. */
  readonly blame: boolean;
}

/** A cell is there. */
export interface ColumnNews {
  readonly kind: "cell";
  readonly tracer: string;
  readonly release: string;
}

export interface MatrixRow {
  readonly tracer: string;
  readonly delivery: Delivery;
}

/** Every column has the same rows. */
export interface Column {
  readonly rows: readonly MatrixRow[];
  /** A cell for each row; none where the release does not have the tracer. */
  readonly cells: readonly (Cell | undefined)[];
}

export function* runColumn(
  job: ColumnJob,
  workshop: Workshop,
): Generator<Step | ColumnNews, Column, void> {
  const release = workshop.releaseName(job.release);
  const found: Found[] = [];
  for (const name of job.tracers) found.push(yield* workshop.find(name));
  const rows: MatrixRow[] = [];
  const cells: (Cell | undefined)[] = [];
  for (const each of found.length === 0 ? workshop.shipped : found) {
    const { declaration } = each.tracer;
    for (const delivery of DELIVERIES[declaration.house]) {
      rows.push({ tracer: declaration.name, delivery });
      yield workshop.step(each, `${declaration.name} on ${release}`);
      const cell = yield* runCellOf(job, workshop, each, delivery);
      cells.push(cell);
      if (cell !== undefined) yield { kind: "cell", tracer: cell.tracer, release };
    }
  }
  return { rows, cells };
}

function* runCellOf(
  { blame, release }: ColumnJob,
  workshop: Workshop,
  found: Found,
  delivery: Delivery,
): Generator<Step, Cell | undefined, void> {
  const { tracer } = found;
  const image = workshop.matrix.load(release);
  if (!isInRelease(tracer.declaration, image)) return undefined;
  const cell = runOne(workshop.matrix, tracer, delivery, image);
  workshop.blamer.note(cell);
  if (!blame) return cell;
  const who = { tracer, delivery };
  const blamed = yield* stepping(workshop.blamer.blame(who, image), workshop, found);
  return blamed === undefined ? cell : { ...cell, patch: blamed.patch };
}
