/**
 * TypeScript's view of one build: the module and the release's headers as one program, without a
 * library and without a host, and which of its complaints stand.
 *
 * Where the checker is stricter than C (an int where a bool is wanted) its complaint is dropped
 * unless C's own rules refuse the same expression; where both refuse, TypeScript's words are used and
 * C's reason becomes the hint.
 */
import type TypeScript from "typescript";
import { CHECKER_LIBRARY } from "./c-library.ts";
import { displayName, type SourceCache } from "./header-set.ts";
import type { Diagnostic } from "./messages.ts";
import type { FindSource, SourceInfo, Ts } from "./source-info.ts";
import type { CError } from "./unit.ts";

const LIBRARY = "/lib/c.d.ts";

export interface ProgramInput {
  readonly mains: readonly SourceInfo[];
  /** File name to source, the main files and the headers. */
  readonly sources: ReadonlyMap<string, SourceInfo>;
  /** What an import finds. */
  readonly find: FindSource;
}

const optionsOf = (ts: Ts): TypeScript.CompilerOptions => ({
  noLib: true,
  noEmit: true,
  strict: true,
  strictNullChecks: false,
  strictPropertyInitialization: false,
  noImplicitReturns: true,
  allowUnreachableCode: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
});

export function makeProgram(ts: Ts, cache: SourceCache, input: ProgramInput): TypeScript.Program {
  const library = cache.library(LIBRARY, CHECKER_LIBRARY);
  const fileOf = (name: string): TypeScript.SourceFile | undefined =>
    name === LIBRARY ? library : input.sources.get(name)?.file;
  const host: TypeScript.CompilerHost = {
    getSourceFile: fileOf,
    fileExists: (name) => fileOf(name) !== undefined,
    readFile: (name) => fileOf(name)?.text,
    getDefaultLibFileName: () => LIBRARY,
    writeFile: () => undefined,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    resolveModuleNameLiterals: (literals) =>
      literals.map((literal) => {
        const resolvedFileName = input.find(literal.text)?.file.fileName;
        if (resolvedFileName === undefined) return { resolvedModule: undefined };
        return { resolvedModule: { resolvedFileName, extension: ts.Extension.Ts } };
      }),
  };
  return ts.createProgram({
    rootNames: [LIBRARY, ...input.mains.map(({ file }) => file.fileName)],
    options: optionsOf(ts),
    host,
  });
}

/** Relations between types: C has its own word on each of these. */
const C_DECIDES: ReadonlySet<number> = new Set([
  2322, 2345, 2352, 2356, 2362, 2363, 2365, 2367, 2447, 2538, 2540, 2542, 2559, 2678, 2695, 2739,
  2571, 2632, 2740, 2741, 2769, 2774, 2801, 2869, 2871, 2872, 2873, 2881, 7053, 18046,
]);

/** Of these, the ones whose words would mislead an author of C: C's are used. */
const C_SAYS: ReadonlySet<number> = new Set([
  2307, 2362, 2363, 2365, 2367, 2559, 2739, 2740, 2741, 7005, 7006, 7034, 7053,
]);

/** Also said by C in the same place: said once, in the checker's words. */
const SAID_BY_BOTH: ReadonlySet<number> = new Set([
  1345, 2304, 2339, 2349, 2353, 2355, 2357, 2364, 2551, 2554, 2555, 2561, 2588, 7030,
]);

/** "Do you need to change your target library?": a kernel has none. */
const HOST_LIBRARY: ReadonlySet<number> = new Set([
  2550, 2580, 2581, 2582, 2583, 2584, 2585, 2591, 2592, 2593, 2867, 2868,
]);

const firstLine = (ts: Ts, text: string | TypeScript.DiagnosticMessageChain): string =>
  ts.flattenDiagnosticMessageText(text, "\n").split("\n")[0] ?? "";

function hostName(message: string): string {
  return /'([^']+)'/.exec(message)?.[1] ?? "";
}

function fromTypeScript(
  ts: Ts,
  diagnostic: TypeScript.Diagnostic,
  hint: string | undefined,
): Diagnostic {
  const message = firstLine(ts, diagnostic.messageText);
  const { file, start = 0 } = diagnostic;
  const at = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  const isHost = HOST_LIBRARY.has(diagnostic.code);
  const base = {
    code: `TS${isHost ? 2304 : diagnostic.code}`,
    message: isHost ? `Cannot find name '${hostName(message)}'.` : message,
    file: file === undefined ? "" : displayName(file.fileName),
    line: at.line + 1,
    column: at.character + 1,
  };
  const said = isHost ? "a module has what the release's headers declare, and nothing else" : hint;
  return said === undefined ? base : { ...base, hint: said };
}

const covers = (error: CError, diagnostic: TypeScript.Diagnostic): boolean =>
  diagnostic.file?.fileName === error.fileName &&
  diagnostic.start !== undefined &&
  error.start <= diagnostic.start &&
  diagnostic.start < error.end;

/** The checker's complaints and C's, each mistake once, in order of place. */
export function mergeDiagnostics(
  ts: Ts,
  fromChecker: readonly TypeScript.Diagnostic[],
  fromC: readonly CError[],
  explain: (diagnostic: Diagnostic) => string | undefined,
): readonly Diagnostic[] {
  const merged = new Map<string, Diagnostic>();
  const add = (diagnostic: Diagnostic): void => {
    const key = `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}:${diagnostic.code}`;
    if (!merged.has(key)) merged.set(key, diagnostic);
  };
  const said = new Set<CError>();
  for (const diagnostic of fromChecker) {
    const same = fromC.filter((error) => covers(error, diagnostic));
    const isRedundant = same.length === 0 ? C_DECIDES : C_SAYS;
    if (isRedundant.has(diagnostic.code)) continue;
    const isShared = C_DECIDES.has(diagnostic.code) || SAID_BY_BOTH.has(diagnostic.code);
    if (isShared) for (const error of same) said.add(error);
    const reason = isShared ? same[0]?.diagnostic.message : undefined;
    const plain = fromTypeScript(ts, diagnostic, reason && `in C: ${reason}`);
    const hint = explain(plain) ?? plain.hint;
    add(hint === undefined ? plain : { ...plain, hint });
  }
  for (const error of fromC) if (!said.has(error)) add(error.diagnostic);
  return [...merged.values()].sort(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
