/**
 * Tracers on disk: a folder with a declaration (`tracer.ts`) and the file that it names. Ours and a
 * learner's are read the same way.
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import {
  filesOf,
  SHIPPED_TRACERS,
  type Tracer,
  type TracerDeclaration,
  type VendorBuild,
} from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import { suggestName } from "../near-names.ts";
import type { CodeMeter } from "./code-meter.ts";
import { DeclarationReader, LearnerMistake } from "./tracer-declaration.ts";

const DECLARATION_FILE = "tracer.ts";

function mistake(code: string, file: string, message: string, hint?: string): LearnerMistake {
  const diagnostic: Diagnostic = { code, message, file, line: 0, column: 0 };
  return new LearnerMistake(hint === undefined ? diagnostic : { ...diagnostic, hint });
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The declaration of a tracer folder. */
export const declarationFile = (folder: string): string => join(folder, DECLARATION_FILE);

/** Reads one tracer folder. Throws `LearnerMistake` for everything that is wrong with it. */
function loadTracer(folder: string, meter: CodeMeter): Tracer {
  if (!isFolder(folder))
    throw mistake(
      "QS1301",
      folder,
      "there is no such folder",
      "quicksand new tracer NAME makes one",
    );
  const path = declarationFile(folder);
  const source = readText(path);
  if (source === undefined) {
    const hint = "it declares the tracer: see docs/tracers.md";
    throw mistake("QS1302", path, `the folder has no ${DECLARATION_FILE}`, hint);
  }
  const declaration = new DeclarationReader(path, source, meter).read();
  return { ...withText(folder, declaration), declared: source };
}

function withText(folder: string, declaration: TracerDeclaration): Tracer {
  const [first, ...others] = filesOf(declaration).map((named) => {
    const file = join(folder, named);
    const source = readText(file);
    if (source === undefined)
      throw mistake("QS1305", file, `${declaration.name} names a file that is not there`);
    return { file, source };
  });
  if (first === undefined) return { declaration, text: "" };
  const { file, source: text } = first;
  if (others.length > 0) return { declaration, text, file, others };
  if (declaration.house !== "blob") return { declaration, text, file };
  checkDigest(file, text, declaration.sha256);
  const { builds = [] } = declaration;
  if (builds.length === 0) return { declaration, text, file };
  return { declaration, text, file, builds: builds.map((each) => buildText(folder, each)) };
}

function buildText(folder: string, { ko, sha256 }: VendorBuild): string {
  const file = join(folder, ko);
  const text = readText(file);
  if (text === undefined) throw mistake("QS1305", file, "a build is a file that is not there");
  checkDigest(file, text, sha256);
  return text;
}

function checkDigest(file: string, text: string, declared: string): void {
  const sha256 = createHash("sha256").update(text).digest("hex");
  if (sha256 === declared) return;
  throw mistake("QS1308", file, "is not the file that was declared", `its SHA-256 is ${sha256}`);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The tracers that come with quicksand, with their files read from the folder they live in. */
export function shippedTracers(tracersPath: string): Tracer[] {
  return Object.entries(SHIPPED_TRACERS).map(([folder, declaration]) =>
    // Messages name its files in the same way wherever we are installed.
    renamed(withText(join(tracersPath, folder), declaration), tracersPath),
  );
}

function renamed(tracer: Tracer, tracersPath: string): Tracer {
  const { file, others } = tracer;
  if (file === undefined) return tracer;
  const named = { ...tracer, file: relative(tracersPath, file) };
  if (others === undefined) return named;
  return {
    ...named,
    others: others.map((each) => ({ ...each, file: relative(tracersPath, each.file) })),
  };
}

/** What a name means: a shipped tracer, or else a folder. */
export function findTracer(
  name: string,
  tracersPath: string,
  meter: CodeMeter,
): { readonly tracer: Tracer; readonly folder?: string } {
  const shipped = shippedTracers(tracersPath);
  const known = shipped.find(({ declaration }) => declaration.name === name);
  if (known !== undefined) return { tracer: known };
  if (/[/\\.]/.test(name) || isFolder(name))
    return { tracer: loadTracer(name, meter), folder: name };
  const names = shipped.map(({ declaration }) => declaration.name);
  throw mistake("QS1112", "", `there is no tracer "${name}"`, suggestName(name, names));
}
