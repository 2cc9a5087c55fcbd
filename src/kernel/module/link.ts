/**
 * The linker: gives functions their text addresses and data its memory, resolves imports, applies
 * relocations, and evaluates the factory with all of that as arguments. The same for a module and for
 * the kernel's own objects, which are linked together at boot.
 *
 * Source: kernel/module.c (simplify_symbols, apply_relocations), 2.6.32.
 * Left out: per-CPU sections, alternatives, jump labels.
 */
import type { KmemObject, ObjectKind } from "../kmem/heap.ts";
import type { Kmem } from "../kmem/kmem.ts";
import { kernelBug } from "../kmem/oops.ts";
import type { BlockingCode, Callee, PlainCode, TextSymbol, TextTable } from "../kmem/text-table.ts";
import { assert } from "../lib/assert.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { Arithmetic } from "./arithmetic.ts";
import type { KoData, KoFile } from "./ko.ts";
import type { ModuleRuntime, TextUnit } from "./runtime.ts";
import type { KernelSymbol } from "./symbol.ts";
import type { LinkedText } from "./transform.ts";

/** What the factory answers; see `transform.ts`. */
export interface LinkedCode {
  readonly plain: readonly PlainCode[];
  readonly gen: readonly BlockingCode[];
  read(index: number): number;
  write(index: number, value: number): void;
  /** From now on, calls within the object reach these twins of function `index`. */
  relink(index: number, plain: PlainCode, gen: BlockingCode): void;
}

type Factory = (
  runtime: ModuleRuntime,
  memory: Kmem,
  arithmetic: Arithmetic,
  text: TextTable,
  unit: TextUnit,
  name: string,
  firstId: number,
  preemption: unknown,
  imports: readonly Callee[],
  strings: readonly number[],
  addresses: readonly number[],
) => LinkedCode;

/** What linking needs of the machine. `evaluate` runs source text without any host in reach. */
export interface LinkTarget {
  readonly kmem: Kmem;
  readonly text: TextTable;
  readonly runtime: ModuleRuntime;
  readonly evaluate: (source: string) => unknown;
  /** Everything that is linked, the kernel's own objects included. */
  readonly linked: Set<LinkedObject>;
}

/** An object that has its addresses. Its code is there after `relocate`. */
export interface LinkedObject {
  readonly name: string;
  readonly ko: KoFile;
  readonly linked: LinkedText;
  readonly unit: TextUnit;
  readonly functions: readonly TextSymbol[];
  readonly strings: readonly number[];
  /** Objects of [.data] by name. */
  readonly data: ReadonlyMap<string, number>;
  /** More memory that goes with the object: texts of parameters. */
  readonly extra: number[];
  code: LinkedCode | undefined;
}

/** Finds an imported symbol. The caller has seen to it that it exists. */
export type Resolve = (name: string) => KernelSymbol;

const ARITHMETIC = Object.freeze(new Arithmetic());

/** Memory and text addresses for an object. `module` is empty for the kernel's own. */
export function placeObject(
  target: LinkTarget,
  name: string,
  module: string,
  ko: KoFile,
  linked: LinkedText,
): LinkedObject | undefined {
  const memory = takeMemory(target.kmem, name, ko);
  if (memory === undefined) return undefined;
  const inlines = new Set(ko.symtab.flatMap((each) => (each.isInline ? [each.name] : [])));
  const functions = linked.functions.map((fn) => {
    const symbol = target.text.add(fn, module);
    symbol.isInline = inlines.has(fn);
    return symbol;
  });
  const unit = { name, gone: false, textAddress: functions[0]?.address ?? 0 };
  return { name, ko, linked, unit, functions, ...memory, extra: [], code: undefined };
}

/** Room for strings and data, all or nothing. */
function takeMemory(
  kmem: Kmem,
  name: string,
  ko: KoFile,
): Pick<LinkedObject, "strings" | "data"> | undefined {
  const taken: KmemObject[] = [];
  const take = (size: number, what: string, kind: ObjectKind): KmemObject | undefined => {
    const room = kmem.hasRoom(size)
      ? kmem.allocObject(size, `${what} of ${name}`, kind, 0)
      : undefined;
    if (room === undefined) for (const each of taken) kmem.retire(each, "module loading");
    else taken.push(room);
    return room;
  };
  const strings: number[] = [];
  for (const text of ko.rodata) {
    const bytes = encodeUtf8(text);
    const room = take(bytes.length + 1, ".rodata", "rodata");
    if (room === undefined) return undefined;
    kmem.initialize(room, bytes);
    strings.push(room.address);
  }
  const data = new Map<string, number>();
  for (const { name: variable, size } of ko.data) {
    const room = take(size, variable, "module");
    if (room === undefined) return undefined;
    data.set(variable, room.address);
  }
  return { strings, data };
}

/** The object's own symbol, function or data. */
export function addressIn(object: LinkedObject, name: string): number | undefined {
  const index = object.linked.functions.indexOf(name);
  return index >= 0 ? object.functions[index]?.address : object.data.get(name);
}

/** Evaluates the code and fills in everything that depends on addresses. */
export function relocate(target: LinkTarget, object: LinkedObject, resolve: Resolve): void {
  const addressOf = (name: string): number => addressIn(object, name) ?? resolve(name).address;
  for (const datum of object.ko.data) fillData(target.kmem, object, datum, addressOf);
  const imports = object.linked.imports.map((name) => calleeOf(target.text, resolve(name)));
  const factory = target.evaluate(object.linked.source);
  assert(typeof factory === "function", `${object.name}: module text is no factory`);
  const code = (factory as Factory)(
    target.runtime,
    target.kmem,
    ARITHMETIC,
    target.text,
    object.unit,
    object.functions[0]?.module ?? "",
    object.functions[0]?.id ?? 0,
    target.runtime.preemption,
    imports,
    object.strings,
    object.linked.addresses.map(addressOf),
  );
  object.code = code;
  target.linked.add(object);
  const leaves = new Set(object.linked.leaves);
  for (const [index, symbol] of object.functions.entries()) {
    symbol.plain = code.plain[index] as PlainCode;
    symbol.gen = code.gen[index];
    symbol.isLeaf = leaves.has(index);
    symbol.relink = (plain, gen) => code.relink(index, plain, gen);
  }
}

/** What the object exports, as entries of the symbol table. */
export function exportedSymbols(object: LinkedObject, owner: string): KernelSymbol[] {
  return object.ko.exports.map(({ name, crc, gplOnly, namespace }) => {
    const text = object.functions[object.linked.functions.indexOf(name)];
    const address = text?.address ?? object.data.get(name) ?? 0;
    const plain: PlainCode = (...args) =>
      text === undefined ? callOfData(name) : text.plain(...args);
    return { name, crc, gplOnly, namespace, owner, address, plain, gen: text?.gen };
  });
}

/** Gives back what `placeObject` took. Late calls and accesses are oopses. */
export function unplace(target: LinkTarget, object: LinkedObject): void {
  object.unit.gone = true;
  target.linked.delete(object);
  if (object.name !== "") target.text.unmap(object.name);
  for (const address of [...object.strings, ...object.data.values(), ...object.extra]) {
    const owner = target.kmem.objectCovering(address);
    if (owner !== undefined) target.kmem.retire(owner, "module unload");
  }
}

/** Text symbols are filled in later, so that objects may import from each other in any order. */
function calleeOf(text: TextTable, symbol: KernelSymbol): Callee {
  return text.find(symbol.address) ?? symbol;
}

function callOfData(name: string): never {
  throw kernelBug(`Unable to execute '${name}', which is data`);
}

function fillData(
  kmem: Kmem,
  object: LinkedObject,
  datum: KoData,
  addressOf: (name: string) => number,
): void {
  const base = object.data.get(datum.name) as number;
  for (const item of datum.items) {
    const at = base + item.offset;
    if ("symbol" in item) kmem.store64(at, addressOf(item.symbol) + item.addend);
    else if ("string" in item) kmem.store64(at, object.strings[item.string] ?? 0);
    else if (item.size === 8) kmem.store64(at, item.value);
    else if (item.size === 4) kmem.store32(at, item.value);
    else if (item.size === 2) kmem.store16(at, item.value);
    else kmem.store8(at, item.value);
  }
}
