/**
 * The result of lowering one expression: its C type, the text that computes it, and its value if C
 * knows it at compile time. Conversions between integer types happen here.
 *
 * At run time an integer is a JavaScript number in the range of its type, 64-bit ones with the sign
 * convention (ULONG_MAX is -1) and exact to 2^53; a comparison's text is a JavaScript boolean until
 * a number is asked for.
 */
import type { CType } from "#kernel";
import { decay, ERROR_TYPE, INT, promote, VOID_POINTER } from "./ctype.ts";

/** How tightly a text binds, as JavaScript's grammar has it. */
export const LEVEL = {
  comma: 1,
  assign: 3,
  conditional: 4,
  or: 5,
  and: 6,
  bitOr: 7,
  bitXor: 8,
  bitAnd: 9,
  equality: 10,
  relation: 11,
  shift: 12,
  sum: 13,
  product: 14,
  unary: 16,
  primary: 20,
} as const;

export interface Value {
  readonly type: CType;
  readonly code: string;
  readonly level: number;
  /** Known at compile time. */
  readonly constant?: number;
  /** How the source spelled a constant. */
  readonly note?: string;
  /** The text yields true or false, not 1 or 0. */
  readonly logical?: boolean;
  /** A string literal's text. */
  readonly text?: string;
  /** The function that this expression names. */
  readonly designator?: string;
}

/** Its text is no name of the loader's: should an error ever go unsaid, the object will not load. */
export const ERROR_VALUE: Value = { type: ERROR_TYPE, code: "$error", level: LEVEL.primary };

export const NULL_VALUE: Value = {
  type: VOID_POINTER,
  code: "0",
  level: LEVEL.primary,
  constant: 0,
};

/** A number as the source spelled it if that is a number, else with the spelling beside it. */
function constantCode(value: number, note: string | undefined): string {
  if (note === undefined) return String(value);
  if (/^0[xob]/i.test(note) && Number(note) === value) return note;
  return `${value} /* ${note.replaceAll("*/", "* /")} */`;
}

export function constantValue(type: CType, value: number, note?: string): Value {
  const base = {
    type,
    code: constantCode(value, note),
    level: value < 0 ? LEVEL.unary : LEVEL.primary,
    constant: value,
  };
  return note === undefined ? base : { ...base, note };
}

/** C11 6.3.2.3: an integer constant expression with the value 0, or such cast to void *. */
export const isNullConstant = (value: Value): boolean =>
  value.constant === 0 && (value.type.kind !== "ptr" || value.type.to.kind === "void");

/** The text, in parentheses if it binds more loosely than its place asks. */
export const wrapped = (value: Value, level: number): string =>
  value.level < level ? `(${value.code})` : value.code;

/** The same value as a number. */
export function numeric(value: Value): Value {
  if (value.logical !== true) return value;
  const { logical: _, ...rest } = value;
  return { ...rest, code: `${wrapped(value, LEVEL.or)} ? 1 : 0`, level: LEVEL.conditional };
}

interface Wrap {
  readonly level: number;
  readonly code: (value: Value) => string;
}

const WRAPS: Readonly<Record<string, Wrap>> = {
  "1u": { level: LEVEL.bitAnd, code: (v) => `${wrapped(v, LEVEL.bitAnd)} & 255` },
  "2u": { level: LEVEL.bitAnd, code: (v) => `${wrapped(v, LEVEL.bitAnd)} & 65535` },
  "1s": { level: LEVEL.shift, code: (v) => `${wrapped(v, LEVEL.shift)} << 24 >> 24` },
  "2s": { level: LEVEL.shift, code: (v) => `${wrapped(v, LEVEL.shift)} << 16 >> 16` },
  "4s": { level: LEVEL.bitOr, code: (v) => `${wrapped(v, LEVEL.shift)} | 0` },
  "4u": { level: LEVEL.shift, code: (v) => `${wrapped(v, LEVEL.shift)} >>> 0` },
};

/** A number as a variable of this type would hold it. */
export function wrapNumber(type: CType, value: number): number {
  if (type.kind === "bool") return value === 0 ? 0 : 1;
  if (type.kind !== "int" || type.size === 8) return value;
  const bits = type.size * 8;
  const low = BigInt.asUintN(bits, BigInt(value));
  return Number(type.signed ? BigInt.asIntN(bits, low) : low);
}

/** Does every value of `from` fit `to` unchanged? */
function holds(to: CType, from: CType): boolean {
  if (to.kind !== "int" || to.size === 8) return true;
  if (from.kind === "bool") return true;
  if (from.kind !== "int") return false;
  if (from.size > to.size) return false;
  return from.size === to.size ? from.signed === to.signed : to.signed || !from.signed;
}

/** The text brought into the range of an integer type: what a store or a register would keep. */
export function wrapTo(type: CType, value: Value): Value {
  const wrap = type.kind === "int" ? WRAPS[`${type.size}${type.signed ? "s" : "u"}`] : undefined;
  if (wrap === undefined) return { ...value, type };
  return { type, code: wrap.code(value), level: wrap.level };
}

/** C's conversion of a value to a type; that it is allowed was checked. */
export function convert(value: Value, to: CType): Value {
  if (value.constant !== undefined) {
    const constant = wrapNumber(to, value.constant);
    return constantValue(to, constant, value.note);
  }
  if (to.kind === "bool") {
    if (value.type.kind === "bool" || value.logical === true) return { ...value, type: to };
    return {
      type: to,
      code: `${wrapped(value, LEVEL.relation)} !== 0`,
      level: LEVEL.equality,
      logical: true,
    };
  }
  const number = numeric(value);
  if (value.logical === true || holds(to, value.type)) return { ...number, type: to };
  return wrapTo(to, number);
}

/** As an operand: arrays decay, small integers become int. */
export function operand(value: Value): Value {
  const type = promote(decay(value.type));
  return type === value.type ? numeric(value) : { ...numeric(value), type };
}

export const logicalValue = (code: string, level: number): Value => ({
  type: INT,
  code,
  level,
  logical: true,
});

export const truth = (value: boolean): Value => constantValue(INT, value ? 1 : 0);

export const boolValue = (value: boolean): Value =>
  constantValue(INT, value ? 1 : 0, value ? "true" : "false");
