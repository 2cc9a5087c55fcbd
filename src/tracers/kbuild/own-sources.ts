/**
 * A module of several sources: they lie in one folder, import from each other as "./name", and are
 * linked into one object. What one of them exports is what a header of the module's own would
 * declare in C; `import type` announces a struct, as there.
 *
 * Source: Documentation/kbuild/modules.rst (`NAME-y := a.o b.o`), and ld's rule of one definition.
 * Left out: folders below the module's, and two `static` things of one name in two sources, which C allows.
 */
import type TypeScript from "typescript";
import type { Declaration, FindSource, SourceInfo } from "./source-info.ts";
import type { Unit } from "./unit.ts";

/** One file of a module. */
export interface ModuleSource {
  /** Its path as messages should show it. */
  readonly file: string;
  readonly source: string;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** `a/counter.ts` as the module's other sources import it: `./counter`. */
const specifierOf = (path: string): string =>
  `./${path.slice(folderOf(path).length).replace(/\.ts$/, "")}`;

export const isRelative = (specifier: string): boolean => /^[./]/.test(specifier);

/** Headers, and the module's own sources as these name each other. */
export function withOwnSources(headers: FindSource, sources: readonly SourceInfo[]): FindSource {
  const own = new Map(sources.map((info) => [specifierOf(info.path), info]));
  return (path) => own.get(path) ?? headers(path);
}

function importsOf(
  unit: Unit,
  info: SourceInfo,
): readonly (readonly [from: string, node: TypeScript.StringLiteral])[] {
  const { ts } = unit;
  return info.file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    return from !== undefined && ts.isStringLiteral(from) && isRelative(from.text)
      ? [[from.text, from]]
      : [];
  });
}

/** Every import of what is no header: is it one of the module's own sources? */
function checkOwnImports(unit: Unit): void {
  const names = unit.mains.map((info) => info.path);
  for (const info of unit.mains)
    for (const [from, node] of importsOf(unit, info)) {
      if (unit.world.find(from) !== undefined) continue;
      const isBelow = /^\.\/[^/]+$/.test(from);
      const hint = isBelow
        ? `${unit.name} is made of ${names.join(", ")}`
        : "an import does not leave the module's folder";
      unit.report(node, "notOwnSource", [from], node, hint);
    }
}

/** Includes that lead back to where they began, as ever in C, never end. */
function checkCycles(unit: Unit): void {
  const done = new Set<SourceInfo>();
  const open: SourceInfo[] = [];
  const visit = (info: SourceInfo): void => {
    open.push(info);
    for (const [from, node] of importsOf(unit, info)) {
      const next = info.includes.includes(from) ? unit.world.find(from) : undefined;
      if (next === undefined) continue;
      const start = open.indexOf(next);
      if (start >= 0) {
        const cycle = [...open.slice(start), next].map(({ path }) => path).join(" -> ");
        const hint = "what both need can stand in a third source; `import type` announces a struct";
        unit.report(node, "importCycle", [cycle], node, hint);
      } else if (!done.has(next)) visit(next);
    }
    open.pop();
    done.add(info);
  };
  for (const info of unit.mains) if (!done.has(info)) visit(info);
}

/** Does it come to be a symbol of the object, or the layout of a struct? */
function isDefinition(unit: Unit, node: Declaration): boolean {
  const { ts } = unit;
  if (ts.isFunctionDeclaration(node)) return node.body !== undefined;
  if (ts.isInterfaceDeclaration(node)) return node.members.length > 0;
  return unit.statics.get(node)?.isMacro === false;
}

/** ld's "multiple definition of": the sources of a module share one name space. */
function checkDefinitions(unit: Unit): void {
  const first = new Map<string, SourceInfo>();
  for (const info of unit.mains)
    for (const [name, node] of info.declarations) {
      if (!isDefinition(unit, node)) continue;
      const other = first.get(name);
      if (other !== undefined)
        unit.report(node.name ?? node, "multipleDefinition", [name, other.path]);
      else first.set(name, info);
    }
}

/** What can be wrong between the sources of a module, once their variables are declared. */
export function checkOwnSources(unit: Unit): void {
  checkOwnImports(unit);
  checkCycles(unit);
  checkDefinitions(unit);
  const [main] = unit.mains;
  for (const info of unit.mains)
    if (main !== undefined && folderOf(info.path) !== folderOf(main.path))
      unit.report(info.file, "oneFolder", [info.path, main.path]);
}
