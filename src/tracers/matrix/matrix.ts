/**
 * The matrix: every tracer, in every delivery it has, on every release. Each cell is a run; beside
 * the verdict stands what could have been predicted from the API diff alone.
 */
import type { ReleaseImage } from "#kernel";
import type { Tracer, TracerDeclaration } from "../define-tracer.ts";
import { changesFor } from "../kbuild/api-diff.ts";
import { splitConfig } from "../tree/release-name.ts";
import { type CellParts, type CellResult, type Delivery, runCell } from "./cell.ts";
import type { CellCache } from "./cell-cache.ts";
import { type Prediction, predict } from "./predict.ts";
import { asShipped } from "./vendor-build.ts";
import type { Verdict } from "./verdict.ts";

/** A cell as `--json` prints it. */
export interface Cell {
  readonly tracer: string;
  readonly house: TracerDeclaration["house"];
  readonly delivery: Delivery;
  readonly branch: string;
  /** Its name, which every command takes; a configuration is a part of it. */
  readonly release: string;
  /** The configuration by itself, where it is not the tree's own. */
  readonly config?: string;
  /** What was added to the kernel's command line. */
  readonly cmdline?: string;
  readonly verdict: Verdict;
  /** What could be said without running it. */
  readonly predicted: Prediction;
  readonly evidence: CellResult;
  /** The patch from which on it no longer works, if that was asked for and there is one. */
  readonly patch?: string;
}

/** Deliveries of a house, in the order in which they are shown. */
export const DELIVERIES: Readonly<Record<TracerDeclaration["house"], readonly Delivery[]>> = {
  rock: ["installed"],
  "in-tree": ["installed"],
  quicksand: ["rebuilt", "prebuilt", "forced"],
  blob: ["prebuilt", "forced"],
  bytecode: ["prebuilt"],
};

export interface MatrixParts extends CellParts {
  /** Cells that need not be run again. */
  readonly cells?: CellCache;
  /** An image by release name. */
  readonly load: (release: string) => ReleaseImage;
}

/** An in-tree tracer is only in those releases whose tree has its file. */
export function isInRelease(declaration: TracerDeclaration, image: ReleaseImage): boolean {
  return (
    declaration.house !== "in-tree" || image.objects.some(({ file }) => file === declaration.file)
  );
}

export function runOne(
  parts: MatrixParts,
  known: Tracer,
  delivery: Delivery,
  image: ReleaseImage,
): Cell {
  const tracer = asShipped(known, image);
  const { declaration } = tracer;
  const home = homeOf(parts, tracer, image);
  const { commandLine = "" } = parts;
  const which = { tracer, delivery, image, home, commandLine };
  // What another schedule comes to is nobody else's result.
  const cells = parts.policy === undefined ? parts.cells : undefined;
  const kept = cells?.get("cell", which);
  if (kept !== undefined) return kept as Cell;
  const evidence = runCell(parts, tracer, delivery, image, home);
  const [, config] = splitConfig(image.release);
  const cell: Cell = {
    tracer: declaration.name,
    house: declaration.house,
    delivery,
    branch: image.branch,
    release: image.release,
    ...(config !== undefined && { config }),
    ...(commandLine && { cmdline: commandLine }),
    verdict: evidence.verdict,
    predicted: predict(parts.builds, which),
    evidence,
  };
  cells?.put("cell", which, cell);
  return cell;
}

/** Where a prebuilt form was built; for the others any image will do. */
export function homeOf(
  parts: MatrixParts,
  { declaration }: Tracer,
  image: ReleaseImage,
): ReleaseImage {
  return "home" in declaration ? parts.load(declaration.home) : image;
}

/** What changed, of what a module tracer uses, between its home release and another: a line each. */
export function changesBetween(
  parts: MatrixParts,
  tracer: Tracer,
  release: string,
): readonly string[] {
  const { declaration } = tracer;
  if (declaration.house !== "quicksand") return [];
  const [image, home] = [parts.load(release), parts.load(declaration.home)];
  const built = parts.builds.build(tracer, home);
  if (!built.ok) return [];
  return changesFor(built.uses, parts.builds.diff(home, image)).map(
    ({ kind, name, before, after, severity }) =>
      `${severity}: ${kind} ${name}: ${before} -> ${after}`,
  );
}
