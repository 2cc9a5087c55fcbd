/**
 * Lvalues: a JavaScript variable, or bytes at an address. Reading bytes is a load intrinsic of the
 * width and sign of the type; writing them a store. Members add their baked offset to the address.
 */
import type { CType } from "#kernel";
import { pointerTo } from "./ctype.ts";
import { LEVEL, type Value, wrapped } from "./value.ts";

export interface VariablePlace {
  readonly kind: "variable";
  readonly name: string;
  readonly type: CType;
}

export interface MemoryPlace {
  readonly kind: "memory";
  readonly type: CType;
  /** Address of the object that the offset counts from. */
  readonly base: Value;
  readonly offset: number;
  /** The member, for the comment beside the load. */
  readonly note?: string;
  /** The struct that the member is of. */
  readonly owner?: string;
  readonly readOnly: boolean;
}

export type Place = VariablePlace | MemoryPlace;

export function addressOf(place: MemoryPlace): Value {
  const type = pointerTo(place.type, place.readOnly);
  const note = place.note === undefined ? "" : ` /* ${place.note} */`;
  if (place.offset === 0) return { ...place.base, type, code: place.base.code + note };
  const code = `${wrapped(place.base, LEVEL.sum)} + ${place.offset}${note}`;
  return { type, code, level: LEVEL.sum };
}

const WIDTHS: Readonly<Record<number, string>> = { 1: "8", 2: "16", 4: "32", 8: "64" };

function loadName(type: CType): string {
  if (type.kind === "bool") return "$b";
  if (type.kind !== "int" || type.size === 8) return "$i64";
  return `${type.signed ? "$i" : "$u"}${WIDTHS[type.size]}`;
}

function storeName(type: CType): string {
  if (type.kind === "bool") return "$s8";
  return type.kind === "int" ? `$s${WIDTHS[type.size]}` : "$s64";
}

/** The value in a place. An array or struct is its own address. */
export function readPlace(place: Place): Value {
  const { type } = place;
  if (place.kind === "variable") return { type, code: place.name, level: LEVEL.primary };
  if (type.kind === "array") {
    const address = addressOf(place);
    return { ...address, type: pointerTo(type.of, place.readOnly) };
  }
  if (type.kind === "struct" || type.kind === "fn") return addressOf(place);
  return { type, code: `${loadName(type)}(${addressOf(place).code})`, level: LEVEL.primary };
}

/** The text that writes a value, already converted, to a place. */
export function writePlace(place: Place, value: Value): Value {
  const { type } = place;
  if (place.kind === "variable")
    return { type, code: `${place.name} = ${wrapped(value, LEVEL.assign)}`, level: LEVEL.assign };
  const code = `${storeName(type)}(${addressOf(place).code}, ${wrapped(value, LEVEL.assign)})`;
  return { type, code, level: LEVEL.primary };
}
