/**
 * A tracer, ours or a learner's, is one folder with one declaration. The shipped ones use nothing
 * that a learner's cannot: the matrix and `quicksand run --tracer` take either.
 *
 * A tracer's *claim* says, from the true history, what it ought to report; it never sees what the
 * tracer did report. Left out: permissions (every tracer here runs as root).
 */
import type { KernelEvent, ProgramImage } from "#kernel";
import type { MapReport } from "./bytecode/bytecode-program.ts";
import type { ModuleSource } from "./kbuild/own-sources.ts";

/** Where a tracer lives, and so what it stands on. */
export type House = "rock" | "quicksand" | "in-tree" | "blob" | "bytecode";

const HOUSES: readonly House[] = ["rock", "quicksand", "in-tree", "blob", "bytecode"];

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
  /** Why the claim holds for no other workload, where it does not. */
  readonly ownWorkload?: string;
}

/** A module that is compiled against each release's headers. */
export interface ModuleTracer extends Common {
  readonly house: "quicksand";
  /** The module's source, beside the declaration, or all of them in the order of linking. */
  readonly source: string | readonly [string, ...string[]];
  /** The release that its prebuilt form is built on. */
  readonly home: string;
}

/** One file of a module that its vendor builds. */
export interface VendorBuild {
  /** The `.ko`, beside the declaration. */
  readonly ko: string;
  /** SHA-256 of that file, so that nobody rebuilds it by accident. */
  readonly sha256: string;
  /** The release that it was built on. */
  readonly home: string;
}

/** A module that exists only as a file. */
export interface BlobTracer extends Common, VendorBuild {
  readonly house: "blob";
  /**
   * What the vendor built later, in order. A release is given the newest build that was made on it or
   * on an older one: vendors lag behind, and one day they stop.
   */
  readonly builds?: readonly VendorBuild[];
}

/** A program over the stable system calls. */
export interface ProgramTracer extends Common {
  readonly house: "rock";
  readonly main: ProgramImage;
}

/** A tracer in the kernel's own tree: it is simply there, kept working by whoever breaks it. */
export interface InTreeTracer extends Common {
  readonly house: "in-tree";
  /** Its source in the tree. A release without that file has no such tracer, and no cell for it. */
  readonly file: string;
}

/** Bytecode: one object, built once, fitted by its loader to whatever kernel it is loaded on. */
export interface BytecodeTracer extends Common {
  readonly house: "bytecode";
  /** The object's one source, in assembly, beside the declaration. */
  readonly source: string;
  /** What its user-space half prints of the maps when the traced command has ended. */
  readonly report: MapReport;
}

export type TracerDeclaration =
  | ModuleTracer
  | BlobTracer
  | ProgramTracer
  | InTreeTracer
  | BytecodeTracer;

/** A declaration with the file it names. */
export interface Tracer {
  readonly declaration: TracerDeclaration;
  /** Text of `source` or `ko`; empty for tracers that have neither. */
  readonly text: string;
  /** A module's other sources, in order. */
  readonly others?: readonly ModuleSource[];
  /** Texts of a blob's later builds, in order. */
  readonly builds?: readonly string[];
  /** That file as messages name it; `NAME.ts` if not given. */
  readonly file?: string;
  /** Text of the declaration, where that is not our own code. */
  readonly declared?: string;
}

/** Everything that a tracer is made from. */
export const textsOf = ({ text, others = [] }: Tracer): readonly string[] => [
  text,
  ...others.map(({ source }) => source),
];

/** The files that a declaration names, a blob's later builds excepted. */
export function filesOf(declaration: TracerDeclaration): readonly string[] {
  const { house } = declaration;
  if (house === "blob") return [declaration.ko];
  return house === "quicksand" || house === "bytecode" ? [declaration.source].flat() : [];
}

/** Declares a tracer; the one thing that a tracer's file exports. */
export const defineTracer = <T extends TracerDeclaration>(declaration: T): T => declaration;

const FIELDS: Readonly<Record<House, readonly string[]>> = {
  rock: ["main"],
  quicksand: ["source", "home"],
  blob: ["ko", "sha256", "home"],
  "in-tree": ["file"],
  bytecode: ["source", "report"],
};

/** Fields that may be left out. */
const OPTIONAL: Readonly<Record<House, readonly string[]>> = {
  rock: [],
  quicksand: [],
  blob: ["builds"],
  "in-tree": [],
  bytecode: [],
};

/** What is wrong with a declaration, and in which field, if it is one field's fault. */
export interface DeclarationProblem {
  readonly field?: string;
  readonly message: string;
}

/** What is wrong with a value that should be a declaration; nothing if all is well. */
export function checkDeclaration(value: unknown): readonly DeclarationProblem[] {
  if (typeof value !== "object" || value === null) {
    const message = "exports no declaration: `export const tracer = defineTracer({ ... })`";
    return [{ message }];
  }
  const declared = value as Readonly<Record<string, unknown>>;
  const house = HOUSES.find((known) => known === declared["house"]);
  if (house === undefined) {
    const found = JSON.stringify(declared["house"]) ?? "undefined";
    return [{ field: "house", message: `house: ${found} is none of ${HOUSES.join(", ")}` }];
  }
  const needed = ["name", "summary", "workload", "claim", ...FIELDS[house]];
  const missing = needed.filter((field) => declared[field] === undefined);
  const known = new Set([...needed, ...OPTIONAL[house], "house", "ownWorkload"]);
  return [
    ...missing.map((field) => ({
      message: `${field}: missing, and a tracer of house ${house} needs it`,
    })),
    ...Object.entries(declared).flatMap(([field, given]) => {
      if (given === undefined) return [];
      const message = known.has(field)
        ? fieldProblem(house, field, given)
        : `not known to a tracer of house ${house}`;
      return message === undefined ? [] : [{ field, message: `${field}: ${message}` }];
    }),
  ];
}

function fieldProblem(house: House, field: string, value: unknown): string | undefined {
  if (field === "claim")
    return typeof value === "function" ? undefined : "should be a function of the history";
  if (field === "report")
    return typeof value === "function" ? undefined : "should be a function of the maps";
  if (field === "main")
    return isProgram(value) ? undefined : "should be a program: tracerProgram()";
  if (field === "builds")
    return isBuildList(value) ? undefined : "should be a list of { home, ko, sha256 }";
  if (field === "source" && house === "quicksand" && typeof value !== "string")
    return isFileList(value) ? undefined : "should be text, or a list of files";
  if (typeof value !== "string") return "should be text";
  return field === "name" && !/^[a-z][a-z0-9_-]*$/.test(value)
    ? "lower-case letters, digits, - and _, starting with a letter"
    : undefined;
}

const isFileList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");

const isBuildList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (each: Readonly<Record<string, unknown>> | null) =>
      typeof each === "object" &&
      each !== null &&
      ["home", "ko", "sha256"].every((field) => typeof each[field] === "string"),
  );

function isProgram(value: unknown): value is ProgramImage {
  if (typeof value !== "object" || value === null) return false;
  const { entries } = value as { readonly entries?: unknown };
  if (typeof entries !== "object" || entries === null) return false;
  const functions = Object.values(entries);
  return functions.length > 0 && functions.every((entry) => typeof entry === "function");
}
