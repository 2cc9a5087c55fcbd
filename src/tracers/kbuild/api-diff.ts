/**
 * The difference between two releases' internal API, by machine: what a patch to headers and exports
 * means for whoever was built against the one and meets the other.
 *
 * Severity says where it first speaks: at the build, at load (unknown symbol, CRC), or nowhere.
 * Left out: rules that no prototype shows (locking, context); those take a run.
 */
import type { CType, ExportedSymbol, Field, StructLayout } from "#kernel";
import { bodyText, type Named, namesOf, symbolsReached } from "./api-names.ts";
import { typeText } from "./ctype.ts";
import { allLayouts, type HeaderSet } from "./header-set.ts";
import type { ModuleUses } from "./module-uses.ts";
import { findExported, type SourceInfo, type Ts } from "./source-info.ts";

export type ChangeKind =
  | "symbol-removed"
  | "symbol-added"
  | "symbol-crc"
  | "gpl-only"
  | "prototype-changed"
  | "declaration-removed"
  | "inline-changed"
  /** A function of the kernel does something else. */
  | "code-changed"
  /** A member has its name and type, and says something else. */
  | "meaning-changed"
  /** A function has no body of its own any more. */
  | "function-inlined"
  /** An inline now needs a symbol that only GPL modules may link to. */
  | "inline-gpl-only"
  /** An option of the configuration. */
  | "option-changed"
  /** The words by which the loader knows what kind of kernel a module was built for. */
  | "vermagic-changed"
  /** What a compiler warned of, or did not, ends a build. */
  | "warning-is-error"
  /** An inline now needs a symbol that is not exported. */
  | "inline-unlinkable"
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

/** Used as a value an array is a pointer to its first element, however many there are. */
const isLongerArray = (before: CType, after: CType): boolean =>
  before.kind === "array" && after.kind === "array" && typeText(before.of) === typeText(after.of);

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
        severity: isLongerArray(field.type, then.type) ? "silent" : "build",
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
    const [source, its] = [before.structs.get(name), after.structs.get(name)];
    if (source !== undefined && its !== undefined)
      diffHeader(name, source.info, its.info, after, add);
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

/** It stands in another header, and the old one does not pass it on. */
function diffHeader(
  name: string,
  before: SourceInfo,
  after: SourceInfo,
  set: HeaderSet,
  add: Add,
): void {
  const [top = name] = name.split(".");
  if (before.path === after.path || findExported(set.find, before.path, top) !== undefined) return;
  const paths = { before: before.path, after: after.path };
  add({ kind: "header-moved", name, ...paths, severity: "build" });
}

const isCode = ({ what }: Named): boolean => what === "function" || what === "inline";

function diffNamed(ts: Ts, name: string, before: Named, after: Named, add: Add): void {
  const change = { name, before: before.text, after: after.text };
  if (before.what !== after.what) {
    add({
      ...change,
      kind: "macro-inline-conversion",
      before: before.what,
      after: after.what,
      // A call is spelled alike, and nothing else is.
      severity: isCode(before) && isCode(after) ? "silent" : "build",
    });
  }
  if (before.text !== after.text) {
    const isConstant = before.what === "constant" && after.what === "constant";
    if (isConstant) add({ ...change, kind: "constant-renumbered", severity: "silent" });
    else if (before.what === after.what || (isCode(before) && isCode(after)))
      add({ ...change, kind: "prototype-changed", severity: "build" });
  } else if (
    before.what === "inline" &&
    after.what === "inline" &&
    bodyText(ts, before) !== bodyText(ts, after)
  ) {
    const paths = { before: before.info.path, after: after.info.path };
    add({ name, ...paths, kind: "inline-changed", severity: "silent" });
  }
}

function diffNames(ts: Ts, before: ApiSide, after: ApiSide, add: Add): void {
  const old = namesOf(ts, before.headers, before.exports);
  // A prototype that has lost its export is still there: that it cannot be linked is told already.
  const now = namesOf(ts, after.headers, [...before.exports, ...after.exports]);
  const missing = (side: ApiSide, named: Named): string | undefined => {
    const exported = new Set(side.exports.map((row) => row.name));
    return [...symbolsReached(ts, side.headers, named)].find((symbol) => !exported.has(symbol));
  };
  for (const [name, named] of old) {
    // What no module could be linked with is not part of the API.
    if (missing(before, named) !== undefined) continue;
    const then = now.get(name);
    if (then !== undefined) {
      const needs = missing(after, then);
      diffHeader(name, named.info, then.info, after.headers, add);
      if (needs === undefined) diffNamed(ts, name, named, then, add);
      else add({ kind: "inline-unlinkable", name, before: "", after: needs, severity: "build" });
    } else {
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
  diffNames(ts, before, after, add);
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
