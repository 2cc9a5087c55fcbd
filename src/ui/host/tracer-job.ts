/**
 * Running tracers for the matrix, `why` and `run --tracer`: which ones, on which releases, and the
 * news while it goes on. A generator, so that a worker can say each thing as it happens.
 */
import type { ReleaseImage } from "#kernel";
import {
  type Blame,
  Blamer,
  type Cell,
  changesBetween,
  DELIVERIES,
  type Delivery,
  EXPLAINED,
  isInRelease,
  type MatrixParts,
  type Reverted,
  runOne,
  type Tracer,
  type Trees,
} from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CodeMeter } from "./code-meter.ts";
import { CacheUnwritable } from "./image-store.ts";
import { matrixParts } from "./matrix-parts.ts";
import { LearnerMistake } from "./tracer-declaration.ts";
import { declarationFile, findTracer, shippedTracers } from "./tracers.ts";

export interface TracerJob {
  /** A shipped tracer's name, or a folder; all the shipped ones if there is none. */
  readonly tracer?: string;
  /** Releases by name; `home` is the tracer's own. */
  readonly releases: "all" | "home" | readonly string[];
  /** Every delivery, or the way in which its author would try it. */
  readonly deliveries: "all" | "first";
  /** Also tell what changed since the tracer's home release. */
  readonly changes?: boolean;
  /** Also tell which patch did it, and what would become of the tracer without it. */
  readonly blame?: "patch" | "revert";
}

export type JobNews =
  /** The next thing to be done; `file` is the learner's, if the learner's code runs in it. */
  | { readonly kind: "step"; readonly doing: string; readonly file?: string }
  | {
      readonly kind: "cell";
      readonly cell: Cell;
      readonly changes: readonly string[];
      readonly blame?: Blame;
      readonly reverted?: Reverted;
      /** Why the prediction could not know, where that is known. */
      readonly explained?: string;
    };

export type JobEnd =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "bug"; readonly message: string; readonly stack?: string };

export interface JobParts {
  readonly catalogue: Catalogue;
  readonly tracersPath: string;
  readonly meter: CodeMeter;
  readonly trees: Trees;
}

type Job = Generator<JobNews, JobEnd, void>;

/** Never throws. */
export function* tracerJob(job: TracerJob, parts: JobParts): Job {
  try {
    yield* act(job, parts);
    return { kind: "done" };
  } catch (error) {
    if (error instanceof LearnerMistake) return { kind: "refused", diagnostics: error.diagnostics };
    if (error instanceof CacheUnwritable)
      return { kind: "refused", diagnostics: [error.diagnostic] };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return stack === undefined ? { kind: "bug", message } : { kind: "bug", message, stack };
  }
}

interface Found {
  readonly tracer: Tracer;
  readonly folder?: string;
}

function* act(job: TracerJob, parts: JobParts): Generator<JobNews, void, void> {
  const { catalogue, meter } = parts;
  if (typeof job.releases === "object") for (const name of job.releases) imageName(catalogue, name);
  if (job.tracer !== undefined)
    yield { kind: "step", doing: "the declaration", file: declarationFile(job.tracer) };
  const found: readonly Found[] =
    job.tracer === undefined
      ? shippedTracers(parts.tracersPath).map((tracer) => ({ tracer }))
      : [findTracer(job.tracer, parts.tracersPath, meter)];
  const tracers = found.map(({ tracer }) => tracer);
  const matrix = matrixParts(catalogue, tracers, []);
  const blamer = new Blamer(matrix, parts.trees);
  for (const each of found) {
    meter.refuel();
    yield* runTracer(each, job, matrix, parts, blamer);
  }
}

function* runTracer(
  { tracer, folder }: Found,
  job: TracerJob,
  matrix: MatrixParts,
  { catalogue, meter }: JobParts,
  blamer: Blamer,
): Generator<JobNews, void, void> {
  const { declaration } = tracer;
  const step = (doing: string): JobNews => {
    meter.refuel();
    const news = { kind: "step", doing } as const;
    return folder === undefined ? news : { ...news, file: declarationFile(folder) };
  };
  if ("home" in declaration) imageName(catalogue, declaration.home, folder);
  const all = DELIVERIES[declaration.house];
  for (const delivery of job.deliveries === "first" ? all.slice(0, 1) : all) {
    for (const release of releasesOf(job, tracer, catalogue)) {
      const image = matrix.load(release);
      if (isAbsent(tracer, image, job)) continue;
      yield step(`${declaration.name} on ${release}`);
      const cell = runOne(matrix, tracer, delivery, image);
      blamer.note(cell);
      const changes = job.changes === true ? changesBetween(matrix, tracer, release) : [];
      const blamed = yield* tellBlame(blamer, { tracer, delivery }, image, job.blame, step);
      const patch = blamed.blame === undefined ? {} : { patch: blamed.blame.patch };
      yield { kind: "cell", cell: { ...cell, ...patch }, changes, ...blamed };
    }
  }
}

/** Not to be found in a table is no mistake; who asked for this very cell is told. */
function isAbsent({ declaration }: Tracer, image: ReleaseImage, job: TracerJob): boolean {
  if (isInRelease(declaration, image)) return false;
  if (job.tracer === undefined || job.releases === "all") return true;
  throw new LearnerMistake({
    code: "QS1311",
    message: `the tree of ${image.release} has no ${declaration.name}; \`quicksand matrix\` shows the releases that have it`,
    file: image.release,
    line: 0,
    column: 0,
  });
}

interface Told {
  readonly blame?: Blame;
  readonly reverted?: Reverted;
  readonly explained?: string;
}

/** Who is to blame for a cell, what a revert would bring, and why nobody could foretell it. */
function* tellBlame(
  blamer: Blamer,
  who: { readonly tracer: Tracer; readonly delivery: Delivery },
  image: ReleaseImage,
  wanted: TracerJob["blame"],
  step: (doing: string) => JobNews,
): Generator<JobNews, Told, void> {
  if (wanted === undefined) return {};
  const blame = yield* stepping(blamer.blame(who, image), step);
  const found = blame === undefined ? {} : { blame };
  if (wanted === "patch") return found;
  const surprise = yield* stepping(blamer.surprise(who, image), step);
  const { name } = who.tracer.declaration;
  const line = EXPLAINED.find(({ tracer, patch }) => tracer === name && patch === surprise);
  const explained = line === undefined ? {} : { explained: line.why };
  // What a release never had cannot be taken back.
  if (blame === undefined || blame.isMissing) return { ...found, ...explained };
  yield step(`${image.release} without ${blame.patch}`);
  return { blame, reverted: blamer.revert(who, image, blame), ...explained };
}

/** Says every step of a search, and answers what it found. */
function* stepping<T>(
  search: Generator<string, T, void>,
  step: (doing: string) => JobNews,
): Generator<JobNews, T, void> {
  for (;;) {
    const next = search.next();
    if (next.done === true) return next.value;
    yield step(next.value);
  }
}

function releasesOf(
  { releases }: TracerJob,
  { declaration }: Tracer,
  catalogue: Catalogue,
): readonly string[] {
  if (releases === "all") return catalogue.releases.map(({ release }) => release);
  if (releases !== "home") return releases.map((name) => imageName(catalogue, name));
  const home = "home" in declaration ? declaration.home : catalogue.defaultRelease;
  return [imageName(catalogue, home)];
}

/** The whole name of a release that may have been given by its tag. */
function imageName(catalogue: Catalogue, name: string, folder?: string): string {
  const image = catalogue.load(name);
  if (!("message" in image)) return image.release;
  const file = folder === undefined ? image.file : declarationFile(folder);
  throw new LearnerMistake({ ...image, file });
}
