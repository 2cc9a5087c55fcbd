/**
 * Symbol versions: the CRC of an exported symbol's prototype with its types expanded as far as the
 * exporting file can see, so that a change of any struct in reach changes the number and a struct
 * that is only announced there changes nothing.
 *
 * Source: scripts/genksyms/genksyms.c of Linux 2.6.32: a struct is expanded at its first mention, one
 * that is not visible reads `struct x { UNKNOWN }`, parameter names do not count, enumerators do not
 * either (they do since 2.6.39). Left out: reference files and overrides.
 */

import type TypeScript from "typescript";
import type { CType, ExportedSymbol } from "#kernel";
import type { HeaderSet } from "./header-set.ts";
import { includeClosure, resolveName, type SourceInfo, type Ts } from "./source-info.ts";
import { readFunctionType, readMember, readType, type TypeWorld } from "./type-syntax.ts";

const CRC_TABLE: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc >>> 0;
});

export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1)
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** One symbol's expansion: each struct once. */
class Expansion {
  readonly #world: TypeWorld;
  readonly #set: HeaderSet;
  readonly #main: SourceInfo;
  readonly #visible: ReadonlySet<SourceInfo>;
  readonly #seen = new Set<string>();

  constructor(
    world: TypeWorld,
    set: HeaderSet,
    main: SourceInfo,
    visible: ReadonlySet<SourceInfo>,
  ) {
    this.#world = world;
    this.#set = set;
    this.#main = main;
    this.#visible = visible;
  }

  text(type: CType): string {
    switch (type.kind) {
      case "int":
        return type.name.replaceAll("_", " ");
      case "bool":
      case "void":
        return type.kind;
      case "ptr":
        return `${type.isConst === true ? "const " : ""}${this.text(type.to)} *`;
      case "array":
        return `${this.text(type.of)} [ ${type.length} ]`;
      case "fn": {
        const params = type.params.map((param) => this.text(param));
        if (type.variadic) params.push("...");
        return `${this.text(type.ret)} ( ${params.join(" , ")} )`;
      }
      case "struct":
        return this.#struct(type.name);
    }
  }

  #struct(name: string): string {
    if (this.#seen.has(name)) return `struct ${name}`;
    this.#seen.add(name);
    const { ts } = this.#world;
    const own = this.#main.declarations.get(name);
    const source =
      own !== undefined && ts.isInterfaceDeclaration(own)
        ? { info: this.#main, node: own }
        : this.#set.structs.get(name);
    const isVisible = source !== undefined && this.#visible.has(source.info);
    if (!isVisible || source.node.members.length === 0) return `struct ${name} { UNKNOWN }`;
    const members = source.node.members.flatMap((element) => {
      const member = readMember(this.#world, source.info, element);
      return member === undefined ? [] : [`${this.text(member.type)} ${member.name} ;`];
    });
    return `struct ${name} { ${members.join(" ")} }`;
  }
}

/** The text that is hashed: what `genksyms -D` would print. */
export function symbolText(
  world: TypeWorld,
  set: HeaderSet,
  info: SourceInfo,
  name: string,
): string | undefined {
  const { ts } = world;
  const target = resolveName(world.find, info, name);
  if (target === undefined) return undefined;
  const { node, info: home } = target;
  const expansion = new Expansion(world, set, info, includeClosure(world.find, info));
  if (ts.isFunctionDeclaration(node)) {
    const type = readFunctionType(world, home, node);
    const params = type.params.map((param) => expansion.text(param)).join(" , ");
    return `${expansion.text(type.ret)} ${name} ( ${params}${type.variadic ? " , ..." : ""} )`;
  }
  if (ts.isVariableDeclaration(node) && node.type !== undefined)
    return `${expansion.text(readType(world, home, node.type))} ${name}`;
  return undefined;
}

const EXPORT_MACROS: ReadonlyMap<string, boolean> = new Map([
  ["EXPORT_SYMBOL", false],
  ["EXPORT_SYMBOL_GPL", true],
  ["EXPORT_SYMBOL_NS", false],
  ["EXPORT_SYMBOL_NS_GPL", true],
]);

function exportOf(
  ts: Ts,
  node: TypeScript.Statement,
): Pick<ExportedSymbol, "name" | "gplOnly" | "namespace"> | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  const { expression, arguments: args } = node.expression;
  const gplOnly = ts.isIdentifier(expression) ? EXPORT_MACROS.get(expression.text) : undefined;
  const [symbol, namespace] = args;
  if (gplOnly === undefined || symbol === undefined || !ts.isIdentifier(symbol)) return undefined;
  const found = { name: symbol.text, gplOnly };
  if (namespace === undefined || !ts.isStringLiteral(namespace)) return found;
  return { ...found, namespace: namespace.text };
}

/** The rows of Module.symvers for one source file. */
export function exportRows(
  world: TypeWorld,
  set: HeaderSet,
  info: SourceInfo,
): readonly ExportedSymbol[] {
  const rows: ExportedSymbol[] = [];
  for (const statement of info.file.statements) {
    const found = exportOf(world.ts, statement);
    if (found === undefined) continue;
    const text = symbolText(world, set, info, found.name);
    if (text !== undefined) rows.push({ ...found, crc: crc32(text), file: info.path });
  }
  return rows;
}
