/** One release of the matrix: every tracer in every delivery that it has, or a part of that. */
import {
  type Cell,
  DELIVERIES,
  type Delivery,
  isInRelease,
  runOne,
  type Tracer,
  withWorkload,
} from "#tracers";
import type { Step } from "./job-step.ts";
import { stepping } from "./tracer-job.ts";
import type { Found, Workshop } from "./workshop.ts";

export interface ColumnJob {
  readonly release: string;
  /** Names or folders; all the shipped ones if there are none. */
  readonly tracers: readonly string[];
  /** Also find the patch from which on a tracer does not work. */
  readonly blame: boolean;
  /** A script in the place of the tracers' own workloads. */
  readonly workload?: string;
  /** Which of the matrix's columns this is, and which part of its cells is wanted. */
  readonly part?: ColumnPart;
}

/** Cells are dealt out row by row, as cards are. */
export interface ColumnPart {
  readonly column: number;
  readonly columns: number;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** A row is done. */
export interface ColumnNews {
  readonly kind: "row";
  readonly tracer: string;
  readonly release: string;
  /** How many rows each column has. */
  readonly rows: number;
}

export interface MatrixRow {
  readonly tracer: string;
  readonly delivery: Delivery;
}

/** Every column has the same rows. */
export interface Column {
  readonly rows: readonly MatrixRow[];
  /** A cell for each row; none where the release does not have the tracer, or in another part. */
  readonly cells: readonly (Cell | undefined)[];
  /** Tracers that cannot do without their own workload. */
  readonly left: readonly string[];
}

interface Row {
  readonly found: Found;
  readonly tracer: Tracer;
  readonly delivery: Delivery;
}

export function* runColumn(
  job: ColumnJob,
  workshop: Workshop,
): Generator<Step | ColumnNews, Column, void> {
  const release = workshop.releaseName(job.release);
  const found: Found[] = [];
  for (const name of job.tracers) found.push(yield* workshop.find(name));
  const left: string[] = [];
  const rows: Row[] = [];
  for (const each of found.length === 0 ? workshop.shipped : found) {
    const tracer =
      job.workload === undefined ? each.tracer : withWorkload(each.tracer, job.workload);
    if (tracer === undefined) left.push(each.tracer.declaration.name);
    else
      for (const delivery of DELIVERIES[tracer.declaration.house])
        rows.push({ found: each, tracer, delivery });
  }
  const cells: (Cell | undefined)[] = [];
  for (const [index, row] of rows.entries()) {
    const { name } = row.tracer.declaration;
    if (!isWanted(job.part, index)) {
      cells.push(undefined);
      continue;
    }
    yield workshop.step(row.found, `${name} on ${release}`);
    cells.push(yield* runCellOf(job, workshop, row));
    yield { kind: "row", tracer: name, release, rows: rows.length };
  }
  const named = rows.map(({ tracer, delivery }) => ({ tracer: tracer.declaration.name, delivery }));
  return { rows: named, cells, left };
}

function isWanted(part: ColumnPart | undefined, row: number): boolean {
  if (part === undefined) return true;
  return (row * part.columns + part.column) % part.parts === part.part - 1;
}

function* runCellOf(
  { blame, release }: ColumnJob,
  workshop: Workshop,
  { found, tracer, delivery }: Row,
): Generator<Step, Cell | undefined, void> {
  const image = workshop.matrix.load(release);
  if (!isInRelease(tracer.declaration, image)) return undefined;
  const cell = runOne(workshop.matrix, tracer, delivery, image);
  workshop.blamer.note(cell);
  if (!blame) return cell;
  const who = { tracer, delivery };
  const blamed = yield* stepping(workshop.blamer.blame(who, image), workshop, found);
  return blamed === undefined ? cell : { ...cell, patch: blamed.patch };
}
