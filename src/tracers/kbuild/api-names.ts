/**
 * What a header set offers to modules by name: functions that are exported, inlines, constants and
 * enumerators, exported variables, types. A prototype without an export is the kernel's own affair:
 * whoever calls it cannot be linked.
 */
import type TypeScript from "typescript";
import type { CType, ExportedSymbol } from "#kernel";
import { typeText } from "./ctype.ts";
import type { HeaderSet } from "./header-set.ts";
import { type Declaration, resolveName, type SourceInfo, type Ts } from "./source-info.ts";
import { readFunctionType, readType, type TypeWorld } from "./type-syntax.ts";

export type NamedKind = "function" | "inline" | "variable" | "constant" | "type";

export interface Named {
  readonly info: SourceInfo;
  readonly node: Declaration;
  readonly what: NamedKind;
  /** The type, or a constant's value, as text that can be compared. */
  readonly text: string;
  /** Of functions and variables. */
  readonly type?: CType;
}

/** A function's body or a constant's value, without formatting or comments. */
export function normalised(ts: Ts, text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  return tokens.join(" ");
}

/** The body of an inline. */
export const bodyText = (ts: Ts, named: Named): string =>
  ts.isFunctionDeclaration(named.node)
    ? normalised(ts, named.node.body?.getText(named.info.file) ?? "")
    : "";

/** Tests read it for themselves. */
export const worldOf = (ts: Ts, set: HeaderSet): TypeWorld => ({
  ts,
  find: set.find,
  config: set.config,
  report: () => undefined,
});

class NameReader {
  readonly names = new Map<string, Named>();
  readonly #ts: Ts;
  readonly #world: TypeWorld;
  readonly #exported: ReadonlySet<string>;

  constructor(ts: Ts, set: HeaderSet, exports: readonly ExportedSymbol[]) {
    this.#ts = ts;
    this.#world = worldOf(ts, set);
    this.#exported = new Set(exports.map(({ name }) => name));
  }

  read(info: SourceInfo, name: string, node: Declaration): void {
    const ts = this.#ts;
    if (ts.isEnumDeclaration(node)) this.#members(info, node);
    const named = this.#named(info, name, node);
    if (named !== undefined) this.names.set(name, named);
  }

  #named(info: SourceInfo, name: string, node: Declaration): Named | undefined {
    const ts = this.#ts;
    const isLinkable = this.#exported.has(name);
    if (ts.isFunctionDeclaration(node)) {
      if (node.body === undefined && !isLinkable) return undefined;
      const type = readFunctionType(this.#world, info, node);
      const what = node.body === undefined ? "function" : "inline";
      return { info, node, what, text: typeText(type), type };
    }
    if (ts.isVariableDeclaration(node)) {
      if (node.initializer !== undefined) {
        const text = normalised(ts, node.initializer.getText(info.file));
        return { info, node, what: "constant", text };
      }
      if (node.type === undefined || !isLinkable) return undefined;
      const type = readType(this.#world, info, node.type);
      return { info, node, what: "variable", text: typeText(type), type };
    }
    if (!ts.isTypeAliasDeclaration(node) || node.typeParameters !== undefined) return undefined;
    const type = readType(this.#world, info, node.type);
    return { info, node, what: "type", text: typeText(type), type };
  }

  #members(info: SourceInfo, node: Extract<Declaration, { kind: number }>): void {
    if (!this.#ts.isEnumDeclaration(node)) return;
    let next = 0;
    for (const member of node.members) {
      const given = member.initializer?.getText(info.file);
      const text = given === undefined ? String(next) : normalised(this.#ts, given);
      next = (Number(text) || next) + 1;
      const name = `${node.name.text}.${member.name.getText(info.file)}`;
      this.names.set(name, { info, node, what: "constant", text });
    }
  }
}

/**
 * Symbols that the code of an inline needs, through other inlines and macros too: who uses it must
 * be able to link to them.
 */
export function symbolsReached(ts: Ts, set: HeaderSet, named: Named): ReadonlySet<string> {
  const symbols = new Set<string>();
  const seen = new Set<Declaration>();
  const visit = (info: SourceInfo, node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) follow(info, node.text);
    // A member's name and a type are no symbols.
    else if (ts.isPropertyAccessExpression(node)) visit(info, node.expression);
    else if (!ts.isTypeNode(node)) ts.forEachChild(node, (child) => visit(info, child));
  };
  const follow = (info: SourceInfo, name: string): void => {
    const target = resolveName(set.find, info, name);
    if (target === undefined || target.info.path === TYPES_HEADER || seen.has(target.node)) return;
    const { node } = target;
    seen.add(node);
    if (ts.isFunctionDeclaration(node)) {
      if (node.body === undefined) symbols.add(name);
      else visit(target.info, node.body);
    } else if (ts.isVariableDeclaration(node)) {
      if (node.initializer === undefined) symbols.add(name);
      else visit(target.info, node.initializer);
    }
  };
  if (ts.isFunctionDeclaration(named.node) && named.node.body !== undefined)
    visit(named.info, named.node.body);
  return symbols;
}

/** What kbuild itself provides is the same on every release. */
const TYPES_HEADER = "linux/types";

export function namesOf(
  ts: Ts,
  set: HeaderSet,
  exports: readonly ExportedSymbol[],
): ReadonlyMap<string, Named> {
  const reader = new NameReader(ts, set, exports);
  for (const info of set.files.values()) {
    if (info.path === TYPES_HEADER) continue;
    for (const [name, node] of info.declarations) reader.read(info, name, node);
  }
  return reader.names;
}
