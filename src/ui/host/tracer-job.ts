/**
 * Running tracers for the matrix, `why` and `run --tracer`: which ones, on which releases, and the
 * news while it goes on. A generator, so that a worker can say each thing as it happens.
 */
import {
  type Cell,
  changesBetween,
  DELIVERIES,
  isInRelease,
  type MatrixParts,
  runOne,
  type Tracer,
} from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CodeMeter } from "./code-meter.ts";
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
}

export type JobNews =
  /** The next thing to be done; `file` is the learner's, if the learner's code runs in it. */
  | { readonly kind: "step"; readonly doing: string; readonly file?: string }
  | { readonly kind: "cell"; readonly cell: Cell; readonly changes: readonly string[] };

export type JobEnd =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "bug"; readonly message: string; readonly stack?: string };

export interface JobParts {
  readonly catalogue: Catalogue;
  readonly tracersPath: string;
  readonly meter: CodeMeter;
}

type Job = Generator<JobNews, JobEnd, void>;

/** Never throws. */
export function* tracerJob(job: TracerJob, parts: JobParts): Job {
  try {
    yield* act(job, parts);
    return { kind: "done" };
  } catch (error) {
    if (error instanceof LearnerMistake) return { kind: "refused", diagnostics: error.diagnostics };
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
  for (const each of found) {
    meter.refuel();
    yield* runTracer(each, job, matrix, parts);
  }
}

function* runTracer(
  { tracer, folder }: Found,
  job: TracerJob,
  matrix: MatrixParts,
  { catalogue, meter }: JobParts,
): Generator<JobNews, void, void> {
  const { declaration } = tracer;
  if ("home" in declaration) imageName(catalogue, declaration.home, folder);
  const all = DELIVERIES[declaration.house];
  for (const delivery of job.deliveries === "first" ? all.slice(0, 1) : all) {
    for (const release of releasesOf(job, tracer, catalogue)) {
      const image = matrix.load(release);
      if (!isInRelease(declaration, image)) {
        if (job.tracer === undefined || job.releases === "all") continue;
        throw new LearnerMistake({
          code: "QS1311",
          message: `the tree of ${release} has no ${declaration.name}; \`quicksand matrix\` shows the releases that have it`,
          file: release,
          line: 0,
          column: 0,
        });
      }
      const doing = `${declaration.name} on ${release}`;
      yield folder === undefined
        ? { kind: "step", doing }
        : { kind: "step", doing, file: declarationFile(folder) };
      meter.refuel();
      const cell = runOne(matrix, tracer, delivery, image);
      const changes = job.changes === true ? changesBetween(matrix, tracer, release) : [];
      yield { kind: "cell", cell, changes };
    }
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
