/**
 * What the jobs of one thread have in common, so that each thing is opened, parsed or built once and
 * not once a job: images, the kernel's history, tracers, compiler.
 */
import type { RootTree } from "#kernel";
import { Blamer, type MatrixParts, type Tracer, type Trees } from "#tracers";
import type { Catalogue } from "./catalogue.ts";
import type { CodeMeter } from "./code-meter.ts";
import { guestPrograms } from "./guest-programs.ts";
import type { Step } from "./job-step.ts";
import { matrixParts } from "./matrix-parts.ts";
import { ResultFolder } from "./result-folder.ts";
import { LearnerMistake } from "./tracer-declaration.ts";
import { declarationFile, findTracer, shippedTracers } from "./tracers.ts";

/** A tracer, and its folder if it is a learner's. */
export interface Found {
  readonly tracer: Tracer;
  readonly folder?: string;
}

export interface WorkshopParts {
  readonly catalogue: Catalogue;
  readonly tracersPath: string;
  readonly trees: Trees;
  readonly meter: CodeMeter;
  /** Where the ELF files of our own programs are. */
  readonly guestsPath: string;
  /** Where results of earlier runs are, if they may be used. */
  readonly resultsPath?: string;
  /** Builds may be used, and cells not. */
  readonly cellsAnew?: boolean;
  /** What the cells' machines have on their kernel's command line. */
  readonly commandLine?: string;
  /** What a session finds on its disk beside the userland. */
  readonly sessionFiles: () => RootTree;
}

export class Workshop {
  readonly catalogue: Catalogue;
  readonly #parts: WorkshopParts;
  readonly #found: Map<string, Found> = new Map();
  readonly #results: ResultFolder | undefined;
  #shipped: readonly Found[] | undefined;
  #matrix: MatrixParts | undefined;
  #blamer: Blamer | undefined;
  #sessionFiles: RootTree | undefined;

  constructor(parts: WorkshopParts) {
    this.catalogue = parts.catalogue;
    this.#parts = parts;
    this.#results =
      parts.resultsPath === undefined ? undefined : new ResultFolder(parts.resultsPath);
  }

  get shipped(): readonly Found[] {
    this.#shipped ??= shippedTracers(this.#parts.tracersPath).map((tracer) => ({ tracer }));
    return this.#shipped;
  }

  get matrix(): MatrixParts {
    this.#matrix ??= this.#openMatrix();
    return this.#matrix;
  }

  #openMatrix(): MatrixParts {
    const { cellsAnew, commandLine, guestsPath } = this.#parts;
    const guests = guestPrograms(guestsPath);
    const parts = matrixParts(this.catalogue, guests, this.#results, cellsAnew);
    return commandLine === undefined ? parts : { ...parts, commandLine };
  }

  get blamer(): Blamer {
    this.#blamer ??= new Blamer(this.matrix, this.#parts.trees);
    return this.#blamer;
  }

  get sessionFiles(): RootTree {
    this.#sessionFiles ??= this.#parts.sessionFiles();
    return this.#sessionFiles;
  }

  /** A shipped tracer's name, or a folder. Reading it may run the learner's code. */
  *find(name: string): Generator<Step, Found, void> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    this.#parts.meter.refuel();
    yield { kind: "step", doing: "the declaration", file: declarationFile(name) };
    const found = findTracer(name, this.#parts.tracersPath, this.#parts.meter);
    this.#found.set(name, found);
    // A home that is no release is the declaration's mistake.
    const { declaration } = found.tracer;
    if ("home" in declaration) this.releaseName(declaration.home, found.folder);
    return found;
  }

  /** To be said before the tracer runs. */
  step({ folder }: Found, doing: string): Step {
    this.#parts.meter.refuel();
    const step = { kind: "step", doing } as const;
    return folder === undefined ? step : { ...step, file: declarationFile(folder) };
  }

  /** What was noticed since the last time this was asked, and is no mistake. */
  takeRemarks(): readonly string[] {
    return this.#results?.takeRemarks() ?? [];
  }

  /** The whole name of a release that may have been given by its tag. */
  releaseName(name: string, folder?: string): string {
    const image = this.catalogue.load(name);
    if (!("message" in image)) return image.release;
    const file = folder === undefined ? image.file : declarationFile(folder);
    throw new LearnerMistake({ ...image, file });
  }
}
