/**
 * The headers of one release under one configuration, parsed once: what every build against that
 * release starts from. Parsed files are kept by content, so that releases share what they share.
 */

import type TypeScript from "typescript";
import type { Layouts, StructLayout } from "#kernel";
import { COMPILER_HEADERS } from "./c-library.ts";
import { LayoutTable, type StructSource } from "./layout-of.ts";
import { type Diagnostic, formatMessage, MESSAGES, type MessageKey } from "./messages.ts";
import { type Definitions, type PreprocessError, preprocess } from "./preprocess.ts";
import { type FindSource, readSource, type SourceInfo, type Ts } from "./source-info.ts";
import type { Config, TypeWorld } from "./type-syntax.ts";

export interface HeaderSet {
  readonly config: Config;
  /** What conditional compilation asks for. */
  readonly definitions: Definitions;
  /** The release's own headers as they are written. */
  readonly texts: Readonly<Record<string, string>>;
  /** Path as imports spell it, to the parsed header. */
  readonly files: ReadonlyMap<string, SourceInfo>;
  readonly structs: ReadonlyMap<string, StructSource>;
  readonly find: FindSource;
  readonly layouts: LayoutTable;
  /** What is wrong with the headers themselves. */
  readonly diagnostics: readonly Diagnostic[];
}

export const HEADER_ROOT = "/include/";

export const headerFileName = (path: string): string => `${HEADER_ROOT}${path}.ts`;

/** Where a node stands, in the words of an author. */
export function diagnosticAt(
  file: TypeScript.SourceFile,
  start: number,
  key: MessageKey,
  args: readonly (string | number)[],
  hint?: string,
): Diagnostic {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const base = {
    code: MESSAGES[key][0],
    message: formatMessage(key, args),
    file: displayName(file.fileName),
    line: line + 1,
    column: character + 1,
  };
  return hint === undefined ? base : { ...base, hint };
}

/** Where a directive stands, in the words of an author. */
export const directiveAt = (file: string, { line, key, args }: PreprocessError): Diagnostic => ({
  code: MESSAGES[key][0],
  message: formatMessage(key, args),
  file,
  line,
  column: 1,
});

/** `/include/linux/sched.ts` is shown as `include/linux/sched.ts`, a module as it was named. */
export const displayName = (fileName: string): string => fileName.replace(/^\/(module\/)?/, "");

/** Parsed files by path and text. */
export class SourceCache {
  readonly #ts: Ts;
  readonly #files = new Map<string, SourceInfo>();
  #library: TypeScript.SourceFile | undefined;

  constructor(ts: Ts) {
    this.#ts = ts;
  }

  header(path: string, text: string): SourceInfo {
    const key = `${path}\0${text}`;
    let info = this.#files.get(key);
    if (info === undefined) {
      info = readSource(this.#ts, path, this.parse(headerFileName(path), text), true);
      this.#files.set(key, info);
    }
    return info;
  }

  library(fileName: string, text: string): TypeScript.SourceFile {
    this.#library ??= this.parse(fileName, text);
    return this.#library;
  }

  parse(fileName: string, text: string): TypeScript.SourceFile {
    return this.#ts.createSourceFile(fileName, text, this.#ts.ScriptTarget.ES2022, true);
  }
}

/** A struct that is only announced: an interface without members. */
const isForward = (node: TypeScript.InterfaceDeclaration): boolean => node.members.length === 0;

function collectStructs(
  ts: Ts,
  files: Iterable<SourceInfo>,
  report: (source: StructSource, other: StructSource) => void,
): Map<string, StructSource> {
  const structs = new Map<string, StructSource>();
  for (const info of files)
    for (const [name, node] of info.declarations) {
      if (info.path === "linux/types" || !ts.isInterfaceDeclaration(node)) continue;
      const known = structs.get(name);
      if (known !== undefined && !isForward(known.node)) {
        if (!isForward(node)) report({ info, node }, known);
        continue;
      }
      structs.set(name, { info, node });
    }
  return structs;
}

export function makeHeaderSet(
  ts: Ts,
  cache: SourceCache,
  headers: Readonly<Record<string, string>>,
  config: Config,
): HeaderSet {
  const files = new Map<string, SourceInfo>();
  const texts: Readonly<Record<string, string | undefined>> = {
    ...COMPILER_HEADERS,
    ...headers,
    "linux/types": COMPILER_HEADERS["linux/types"],
  };
  const diagnostics: Diagnostic[] = [];
  const definitions: Definitions = { macros: config, hasHeader: (path) => path in texts };
  for (const path of Object.keys(texts).sort()) {
    const { text, errors } = preprocess(texts[path] ?? "", definitions);
    files.set(path, cache.header(path, text));
    const file = displayName(headerFileName(path));
    diagnostics.push(...errors.map((error) => directiveAt(file, error)));
  }
  const find: FindSource = (path) => files.get(path);
  const world: TypeWorld = {
    ts,
    find,
    config,
    report: (node, key, ...args) => {
      diagnostics.push(diagnosticAt(node.getSourceFile(), node.getStart(), key, args));
    },
  };
  const structs = collectStructs(ts, files.values(), (source, other) =>
    world.report(source.node.name, "duplicateStruct", source.node.name.text, other.info.path),
  );
  const layouts = new LayoutTable(world, (name) => structs.get(name));
  return { config, definitions, texts: headers, files, structs, find, layouts, diagnostics };
}

/** Every complete struct of the release, by name. */
export function allLayouts(set: HeaderSet): Layouts {
  const all: Record<string, StructLayout> = {};
  for (const name of [...set.structs.keys()].sort()) {
    const layout = set.layouts.layoutOf(name);
    if (layout !== undefined && layout.fields.length > 0) all[name] = layout;
  }
  return all;
}
