/**
 * The difference between two releases' internal API, by machine: what a patch to headers and exports
 * means for whoever was built against the one and meets the other.
 *
 * Severity says where it first speaks: at the build, at load (unknown symbol, CRC), or nowhere.
 * Left out: rules that no prototype shows (locking, context); those take a run.
 */
import type { ExportedSymbol, Field, StructLayout } from "#kernel";
import { typeText } from "./ctype.ts";
import { allLayouts, type HeaderSet } from "./header-set.ts";
import type { ModuleUses } from "./module-uses.ts";
import type { Declaration, SourceInfo, Ts } from "./source-info.ts";
import { readFunctionType, type TypeWorld } from "./type-syntax.ts";

export type ChangeKind =
  | "symbol-removed"
  | "symbol-added"
  | "symbol-crc"
  | "gpl-only"
  | "prototype-changed"
  | "declaration-removed"
  | "inline-changed"
  | "macro-inline-conversion"
  | "struct-removed"
  | "struct-made-opaque"
  | "field-added"
  | "field-removed"
  | "field-renamed"
  | "field-moved"
  | "field-type"
  | "constant-renumbered"
  | "constant-removed"
  | "header-moved";

export interface ApiChange {
  readonly kind: ChangeKind;
  /** A symbol, a `struct.member`, a constant. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly severity: "build" | "load" | "silent";
}

export interface ApiSide {
  readonly headers: HeaderSet;
  readonly exports: readonly ExportedSymbol[];
}

type Add = (change: ApiChange) => void;

function diffExports(
  before: readonly ExportedSymbol[],
  after: readonly ExportedSymbol[],
  add: Add,
): void {
  const now = new Map(after.map((row) => [row.name, row]));
  const old = new Map(before.map((row) => [row.name, row]));
  const hex = (crc: number): string => `0x${crc.toString(16).padStart(8, "0")}`;
  for (const [name, row] of old) {
    const then = now.get(name);
    if (then === undefined)
      add({ kind: "symbol-removed", name, before: row.file, after: "", severity: "load" });
    else if (!row.gplOnly && then.gplOnly)
      add({
        kind: "gpl-only",
        name,
        before: "EXPORT_SYMBOL",
        after: "EXPORT_SYMBOL_GPL",
        severity: "load",
      });
    if (then !== undefined && then.crc !== row.crc)
      add({
        kind: "symbol-crc",
        name,
        before: hex(row.crc),
        after: hex(then.crc),
        severity: "load",
      });
  }
  for (const [name, row] of now)
    if (!old.has(name))
      add({ kind: "symbol-added", name, before: "", after: row.file, severity: "silent" });
}

const describe = (field: Field): string => `${typeText(field.type)} at ${field.offset}`;

function diffFields(before: StructLayout, after: StructLayout, add: Add): void {
  const now = new Map(after.fields.map((field) => [field.name, field]));
  const old = new Set(before.fields.map((field) => field.name));
  const fresh = after.fields.filter((field) => !old.has(field.name));
  for (const field of before.fields) {
    const name = `${before.name}.${field.name}`;
    const then = now.get(field.name);
    if (then === undefined) {
      const heir = fresh.find(
        (each) => typeText(each.type) === typeText(field.type) && each.offset === field.offset,
      );
      const kind = heir === undefined ? "field-removed" : "field-renamed";
      add({ kind, name, before: describe(field), after: heir?.name ?? "", severity: "build" });
      continue;
    }
    if (typeText(then.type) !== typeText(field.type))
      add({
        kind: "field-type",
        name,
        before: describe(field),
        after: describe(then),
        severity: "build",
      });
    else if (then.offset !== field.offset)
      add({
        kind: "field-moved",
        name,
        before: describe(field),
        after: describe(then),
        severity: "silent",
      });
  }
  for (const field of fresh)
    add({
      kind: "field-added",
      name: `${after.name}.${field.name}`,
      before: "",
      after: describe(field),
      severity: "silent",
    });
}

function diffStructs(before: HeaderSet, after: HeaderSet, add: Add): void {
  const [old, now] = [allLayouts(before), allLayouts(after)];
  for (const [name, layout] of Object.entries(old)) {
    const then = now[name];
    if (then !== undefined) diffFields(layout, then, add);
    else if (after.structs.has(name))
      add({
        kind: "struct-made-opaque",
        name,
        before: `${layout.size} bytes`,
        after: "",
        severity: "build",
      });
    else
      add({
        kind: "struct-removed",
        name,
        before: `${layout.size} bytes`,
        after: "",
        severity: "build",
      });
  }
}

interface Named {
  readonly info: SourceInfo;
  readonly node: Declaration;
  readonly what: "function" | "inline" | "constant";
  readonly text: string;
}

/** A function's body or a constant's value, without formatting or comments. */
function normalised(ts: Ts, text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  return tokens.join(" ");
}

function namedOf(ts: Ts, world: TypeWorld, info: SourceInfo, node: Declaration): Named | undefined {
  if (ts.isFunctionDeclaration(node)) {
    const text = typeText(readFunctionType(world, info, node));
    return { info, node, what: node.body === undefined ? "function" : "inline", text };
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined)
    return {
      info,
      node,
      what: "constant",
      text: normalised(ts, node.initializer.getText(info.file)),
    };
  return undefined;
}

function namesOf(ts: Ts, set: HeaderSet): ReadonlyMap<string, Named> {
  const world: TypeWorld = { ts, find: set.find, config: set.config, report: () => undefined };
  const names = new Map<string, Named>();
  for (const info of set.files.values())
    for (const [name, node] of info.declarations) {
      if (ts.isEnumDeclaration(node)) addMembers(ts, info, node, names);
      const named = namedOf(ts, world, info, node);
      if (named !== undefined) names.set(name, named);
    }
  return names;
}

function addMembers(
  ts: Ts,
  info: SourceInfo,
  node: Extract<Declaration, { kind: number }>,
  names: Map<string, Named>,
): void {
  if (!ts.isEnumDeclaration(node)) return;
  let next = 0;
  for (const member of node.members) {
    const given = member.initializer?.getText(info.file);
    const text = given === undefined ? String(next) : normalised(ts, given);
    next = (Number(text) || next) + 1;
    names.set(`${node.name.text}.${member.name.getText(info.file)}`, {
      info,
      node,
      what: "constant",
      text,
    });
  }
}

function diffNamed(ts: Ts, name: string, before: Named, after: Named, add: Add): void {
  if (before.info.path !== after.info.path)
    add({
      kind: "header-moved",
      name,
      before: before.info.path,
      after: after.info.path,
      severity: "build",
    });
  const change = { name, before: before.text, after: after.text };
  if (before.what !== after.what) {
    add({
      ...change,
      kind: "macro-inline-conversion",
      before: before.what,
      after: after.what,
      severity: "silent",
    });
  }
  if (before.text !== after.text) {
    const isConstant = before.what === "constant" && after.what === "constant";
    if (isConstant) add({ ...change, kind: "constant-renumbered", severity: "silent" });
    else if (before.what !== "constant" && after.what !== "constant")
      add({ ...change, kind: "prototype-changed", severity: "build" });
  }
  if (
    before.what === "inline" &&
    after.what === "inline" &&
    bodyText(ts, before) !== bodyText(ts, after)
  )
    add({ ...change, kind: "inline-changed", severity: "silent" });
}

const bodyText = (ts: Ts, named: Named): string =>
  ts.isFunctionDeclaration(named.node)
    ? normalised(ts, named.node.body?.getText(named.info.file) ?? "")
    : "";

function diffNames(ts: Ts, before: HeaderSet, after: HeaderSet, add: Add): void {
  const [old, now] = [namesOf(ts, before), namesOf(ts, after)];
  for (const [name, named] of old) {
    const then = now.get(name);
    if (then !== undefined) diffNamed(ts, name, named, then, add);
    else {
      const kind = named.what === "constant" ? "constant-removed" : "declaration-removed";
      add({ kind, name, before: named.text, after: "", severity: "build" });
    }
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function diffApi(ts: Ts, before: ApiSide, after: ApiSide): readonly ApiChange[] {
  const changes: ApiChange[] = [];
  const add: Add = (change) => changes.push(change);
  diffExports(before.exports, after.exports, add);
  diffStructs(before.headers, after.headers, add);
  diffNames(ts, before.headers, after.headers, add);
  return changes.sort((a, b) => compareText(a.name, b.name) || compareText(a.kind, b.kind));
}

/** Names in an object are bare; enumerators in a diff carry their enum. */
const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** The changes that touch what a module uses: the static prediction for one cell of the matrix. */
export function changesFor(uses: ModuleUses, changes: readonly ApiChange[]): readonly ApiChange[] {
  const members = new Set([...uses.fields, ...uses.callbacks.map((each) => each.member)]);
  const structs = new Set([...members].map((member) => member.slice(0, member.indexOf("."))));
  const constants = new Set(uses.constants.map((each) => each.name));
  const names = new Set([
    ...uses.symbols,
    ...uses.inlines,
    ...uses.headers.flatMap((each) => each.names),
  ]);
  return changes.filter((change) => {
    if (change.kind === "symbol-added" || change.kind === "field-added") return false;
    if (change.kind.startsWith("field-")) return members.has(change.name);
    if (change.kind.startsWith("struct-"))
      return structs.has(change.name) || names.has(change.name);
    if (change.kind.startsWith("constant-"))
      return constants.has(lastPart(change.name)) || names.has(change.name);
    return names.has(change.name);
  });
}
