/**
 * A tracer, ours or a learner's, is one folder with one declaration. The shipped ones use nothing
 * that a learner's cannot: the matrix and `quicksand run --tracer` take either.
 *
 * A tracer's *claim* says, from the true history, what it ought to report; it never sees what the
 * tracer did report. Left out: permissions (every tracer here runs as root).
 */
import type { KernelEvent, ProgramImage } from "#kernel";

/** Where a tracer lives, and so what it stands on. */
export type House = "rock" | "quicksand" | "in-tree" | "blob";

export const HOUSES: readonly House[] = ["rock", "quicksand", "in-tree", "blob"];

/** What really happened in one run, as the machine wrote it down. */
export interface History {
  readonly events: readonly KernelEvent[];
  /** Events between the moment the tracer was in place and the moment it was taken away. */
  readonly watched: readonly KernelEvent[];
}

interface Common {
  readonly name: string;
  /** One line, for lists. */
  readonly summary: string;
  /** The lines it should have reported. A claim that cannot tell answers what it can. */
  readonly claim: (history: History) => readonly string[];
  /**
   * A shell script to watch. `$LOAD` puts the tracer in place (arguments may follow), `$UNLOAD`
   * takes it away; for a program, `$TRACE COMMAND` runs a command under it.
   */
  readonly workload: string;
}

/** A module that is compiled against each release's headers. */
export interface ModuleTracer extends Common {
  readonly house: "quicksand";
  /** The module's one source file, beside the declaration. */
  readonly source: string;
  /** The release that its prebuilt form is built on. */
  readonly home: string;
}

/** A module that exists only as a file. */
export interface BlobTracer extends Common {
  readonly house: "blob";
  /** The `.ko`, beside the declaration. */
  readonly ko: string;
  /** SHA-256 of that file, so that nobody rebuilds it by accident. */
  readonly sha256: string;
  readonly home: string;
}

/** A program over the stable system calls. */
export interface ProgramTracer extends Common {
  readonly house: "rock";
  readonly main: ProgramImage;
}

/** A tracer in the kernel's own tree: it is there, in every release, kept working by whoever breaks it. */
export interface InTreeTracer extends Common {
  readonly house: "in-tree";
}

export type TracerDeclaration = ModuleTracer | BlobTracer | ProgramTracer | InTreeTracer;

/** A declaration with the file it names. */
export interface Tracer {
  readonly declaration: TracerDeclaration;
  /** Text of `source` or `ko`; empty for tracers that have neither. */
  readonly text: string;
}

/** The file that a declaration names, if it names one. */
export function fileOf(declaration: TracerDeclaration): string | undefined {
  if (declaration.house === "quicksand") return declaration.source;
  return declaration.house === "blob" ? declaration.ko : undefined;
}

/** Declares a tracer; the one thing that a tracer's file exports. */
export const defineTracer = <T extends TracerDeclaration>(declaration: T): T => declaration;

const FIELDS: Readonly<Record<House, readonly string[]>> = {
  rock: ["main"],
  quicksand: ["source", "home"],
  blob: ["ko", "sha256", "home"],
  "in-tree": [],
};

/** What is wrong with a value that should be a declaration; nothing if all is well. */
export function checkDeclaration(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null)
    return ["the folder's tracer.ts does not export a declaration: use defineTracer({...})"];
  const declared = value as Readonly<Record<string, unknown>>;
  const { house } = declared;
  if (!HOUSES.some((known) => known === house)) {
    return [`house: ${JSON.stringify(house)} is none of ${HOUSES.join(", ")}`];
  }
  const texts = ["name", "summary", "workload"];
  const missing = [...texts, ...FIELDS[house as House]].filter(
    (field) => declared[field] === undefined,
  );
  const problems = missing.map(
    (field) => `${field}: missing, and a tracer of house ${String(house)} needs it`,
  );
  for (const field of texts) {
    if (declared[field] !== undefined && typeof declared[field] !== "string")
      problems.push(`${field}: should be text`);
  }
  if (typeof declared["name"] === "string" && !/^[a-z][a-z0-9_-]*$/.test(declared["name"])) {
    problems.push("name: lower-case letters, digits, - and _, starting with a letter");
  }
  if (typeof declared["claim"] !== "function")
    problems.push("claim: should be a function of the history");
  const known = new Set([...texts, ...FIELDS[house as House], "house", "claim"]);
  for (const field of Object.keys(declared))
    if (!known.has(field))
      problems.push(`${field}: not known to a tracer of house ${String(house)}`);
  return problems;
}
