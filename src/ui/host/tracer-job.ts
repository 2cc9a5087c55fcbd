/**
 * Running one tracer for `why` and `run --tracer`: on which releases, in which deliveries, and what
 * is wanted to be known beside the verdict.
 */
import { FixedPolicy, type ReleaseImage, type Schedule } from "#kernel";
import {
  type Blame,
  type Cell,
  changesBetween,
  DELIVERIES,
  type Delivery,
  EXPLAINED,
  isInRelease,
  type Reverted,
  runOne,
} from "#tracers";
import type { Step } from "./job-step.ts";
import { LearnerMistake } from "./tracer-declaration.ts";
import type { Found, Workshop } from "./workshop.ts";

export interface TracerJob {
  /** A shipped tracer's name, or a folder. */
  readonly tracer: string;
  /** By name; the tracer's home if there is none. */
  readonly release?: string;
  /** Every delivery, or the way in which its author would try it. */
  readonly deliveries: "all" | "first";
  /** Also tell what changed since the tracer's home, which patch did it, and what would be without it. */
  readonly why?: boolean;
  /** Followed instead of chance. */
  readonly schedule?: Schedule;
}

/** A cell and what was found out about it. */
export interface ToldCell {
  readonly cell: Cell;
  readonly changes: readonly string[];
  readonly blame?: Blame;
  readonly reverted?: Reverted;
  /** Why the prediction could not know, where that is known. */
  readonly explained?: string;
}

export function* runTracerJob(
  job: TracerJob,
  workshop: Workshop,
): Generator<Step, readonly ToldCell[], void> {
  const { found, image } = yield* openTracer(job, workshop);
  const { declaration } = found.tracer;
  const all = DELIVERIES[declaration.house];
  const told: ToldCell[] = [];
  const { schedule } = job;
  for (const delivery of job.deliveries === "first" ? all.slice(0, 1) : all) {
    yield workshop.step(found, `${declaration.name} on ${image.release}`);
    const policy = schedule && new FixedPolicy(schedule);
    const cell = runOne({ ...workshop.matrix, policy }, found.tracer, delivery, image);
    told.push(
      job.why === true ? yield* tellWhy(workshop, found, cell, image) : { cell, changes: [] },
    );
  }
  return told;
}

/** A tracer, and the image of the release on which it is to run. */
export function* openTracer(
  which: Pick<TracerJob, "tracer" | "release">,
  workshop: Workshop,
): Generator<Step, { readonly found: Found; readonly image: ReleaseImage }, void> {
  if (which.release !== undefined) workshop.releaseName(which.release);
  const found = yield* workshop.find(which.tracer);
  const { declaration } = found.tracer;
  const home = "home" in declaration ? declaration.home : workshop.catalogue.defaultRelease;
  const image = workshop.matrix.load(workshop.releaseName(which.release ?? home));
  if (!isInRelease(declaration, image)) throw isAbsent(declaration.name, image);
  return { found, image };
}

const isAbsent = (name: string, { release }: ReleaseImage): LearnerMistake =>
  new LearnerMistake({
    code: "QS1311",
    message: `the tree of ${release} has no ${name}; \`quicksand matrix\` shows the releases that have it`,
    file: release,
    line: 0,
    column: 0,
  });

/** Who is to blame for a cell, what a revert would bring, and why nobody could foretell it. */
function* tellWhy(
  workshop: Workshop,
  found: Found,
  cell: Cell,
  image: ReleaseImage,
): Generator<Step, ToldCell, void> {
  const { blamer, matrix } = workshop;
  const who: { readonly tracer: Found["tracer"]; readonly delivery: Delivery } = {
    tracer: found.tracer,
    delivery: cell.delivery,
  };
  blamer.note(cell);
  const told = { cell, changes: changesBetween(matrix, found.tracer, image.release) };
  const blame = yield* stepping(blamer.blame(who, image), workshop, found);
  const surprise = yield* stepping(blamer.surprise(who, image), workshop, found);
  const line = EXPLAINED.find(({ tracer, patch }) => tracer === cell.tracer && patch === surprise);
  const explained = line === undefined ? {} : { explained: line.why };
  if (blame === undefined) return { ...told, ...explained };
  // What a release never had cannot be taken back.
  if (blame.isMissing) return { ...told, blame, ...explained };
  yield workshop.step(found, `${image.release} without ${blame.patch}`);
  return { ...told, blame, reverted: blamer.revert(who, image, blame), ...explained };
}

/** Says every step of a search, and answers what it found. */
export function* stepping<T>(
  search: Generator<string, T, void>,
  workshop: Workshop,
  found: Found,
): Generator<Step, T, void> {
  for (;;) {
    const next = search.next();
    if (next.done === true) return next.value;
    yield workshop.step(found, next.value);
  }
}
