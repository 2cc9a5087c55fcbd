/**
 * One source file as C's preprocessor and linker would see it: what it includes, which structs it
 * only announces, what it declares at file scope, and where a name used in it is declared.
 *
 * `import { x } from "linux/x"` is `#include <linux/x.h>`; `import type { s } from "linux/x"` is the
 * forward declaration `struct s;`. Left out: namespace imports and default imports.
 */
import type TypeScript from "typescript";

export type Ts = typeof TypeScript;

/** A declaration at file scope that C knows. */
export type Declaration =
  | TypeScript.FunctionDeclaration
  | TypeScript.VariableDeclaration
  | TypeScript.InterfaceDeclaration
  | TypeScript.TypeAliasDeclaration
  | TypeScript.EnumDeclaration;

interface Elsewhere {
  readonly from: string;
  readonly name: string;
}

export interface SourceInfo {
  /** Header path as imports spell it, or the path of the source. */
  readonly path: string;
  readonly isHeader: boolean;
  readonly file: TypeScript.SourceFile;
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly imports: ReadonlyMap<string, Elsewhere>;
  readonly reexports: ReadonlyMap<string, Elsewhere>;
  readonly stars: readonly string[];
  /** Headers that it includes, in order, each once. */
  readonly includes: readonly string[];
}

/** How a name in one file leads to another file. */
export type FindSource = (path: string) => SourceInfo | undefined;

class Reader {
  readonly declarations = new Map<string, Declaration>();
  readonly imports = new Map<string, Elsewhere>();
  readonly reexports = new Map<string, Elsewhere>();
  readonly stars: string[] = [];
  readonly includes = new Set<string>();
  readonly #ts: Ts;

  constructor(ts: Ts) {
    this.#ts = ts;
  }

  read(statement: TypeScript.Statement): void {
    const ts = this.#ts;
    if (ts.isImportDeclaration(statement)) this.#import(statement);
    else if (ts.isExportDeclaration(statement)) this.#export(statement);
    else if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations)
        if (ts.isIdentifier(declaration.name))
          this.declarations.set(declaration.name.text, declaration);
    } else if (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    )
      this.declarations.set(statement.name.text, statement);
    else if (ts.isFunctionDeclaration(statement) && statement.name !== undefined)
      this.declarations.set(statement.name.text, statement);
  }

  #import(statement: TypeScript.ImportDeclaration): void {
    const ts = this.#ts;
    if (!ts.isStringLiteral(statement.moduleSpecifier)) return;
    const from = statement.moduleSpecifier.text;
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    for (const element of elements)
      this.imports.set(element.name.text, {
        from,
        name: (element.propertyName ?? element.name).text,
      });
    const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const forwardOnly = elements.length > 0 && elements.every((element) => element.isTypeOnly);
    if (!typeOnly && !forwardOnly) this.includes.add(from);
  }

  #export(statement: TypeScript.ExportDeclaration): void {
    const ts = this.#ts;
    const specifier = statement.moduleSpecifier;
    const from =
      specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
    if (from !== undefined && !statement.isTypeOnly) this.includes.add(from);
    if (statement.exportClause === undefined) {
      if (from !== undefined) this.stars.push(from);
      return;
    }
    if (!ts.isNamedExports(statement.exportClause)) return;
    for (const element of statement.exportClause.elements) {
      const name = (element.propertyName ?? element.name).text;
      const target = from === undefined ? this.imports.get(name) : { from, name };
      if (target !== undefined) this.reexports.set(element.name.text, target);
    }
  }
}

export function readSource(
  ts: Ts,
  path: string,
  file: TypeScript.SourceFile,
  isHeader: boolean,
): SourceInfo {
  const reader = new Reader(ts);
  for (const statement of file.statements) reader.read(statement);
  const { declarations, imports, reexports, stars, includes } = reader;
  return { path, isHeader, file, declarations, imports, reexports, stars, includes: [...includes] };
}

export interface Resolved {
  readonly info: SourceInfo;
  readonly node: Declaration;
  readonly name: string;
}

/** Re-exports that lead in a circle end here. */
const REEXPORT_DEPTH_MAX = 20;

/** What an import of `name` from the header `from` finds. */
export const findExported = (find: FindSource, from: string, name: string): Resolved | undefined =>
  exported(find, from, name, 0);

function exported(
  find: FindSource,
  from: string,
  name: string,
  depth: number,
): Resolved | undefined {
  const info = find(from);
  if (info === undefined || depth > REEXPORT_DEPTH_MAX) return undefined;
  const node = info.declarations.get(name);
  if (node !== undefined) return { info, node, name };
  const target = info.reexports.get(name);
  if (target !== undefined) return exported(find, target.from, target.name, depth + 1);
  for (const star of info.stars) {
    const found = exported(find, star, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The declaration that `name` means at file scope of `info`. */
export function resolveName(
  find: FindSource,
  info: SourceInfo,
  name: string,
): Resolved | undefined {
  const node = info.declarations.get(name);
  if (node !== undefined) return { info, node, name };
  const target = info.imports.get(name);
  return target === undefined ? undefined : exported(find, target.from, target.name, 0);
}

/** Every header that `info` includes, directly or not, itself first; C's translation unit. */
export function includeClosure(find: FindSource, info: SourceInfo): ReadonlySet<SourceInfo> {
  const seen = new Set<SourceInfo>([info]);
  for (const each of seen)
    for (const path of each.includes) {
      const next = find(path);
      if (next !== undefined) seen.add(next);
    }
  return seen;
}
