/**
 * C's types as kbuild reasons about them: spelling, compatibility, promotion and the usual
 * arithmetic conversions, for riscv64 (LP64, plain char unsigned).
 *
 * Source: C11 6.2.7 (compatible types), 6.3.1 (arithmetic conversions), 6.5.16.1 (assignment), with
 * what `gcc -Wall -Werror` makes of the constraint violations. Left out: floating types, bit-fields,
 * unions, volatile; `const` is kept for what a pointer points at only.
 */
import type { CType } from "#kernel";
import { INTEGER_TYPES } from "./c-library.ts";

export type IntegerType = Extract<CType, { kind: "int" }>;
export type PointerType = Extract<CType, { kind: "ptr" }>;
export type FunctionType = Extract<CType, { kind: "fn" }>;

/** Every spelling of an integer type; spellings of one C type share the object. */
export const INTEGERS: ReadonlyMap<string, IntegerType> = (() => {
  const byName = new Map<string, IntegerType>();
  const bySpelling = new Map<string, IntegerType>();
  for (const [spelling, name, size, signed] of INTEGER_TYPES) {
    const type = byName.get(name) ?? { kind: "int", name, size, signed };
    byName.set(name, type);
    bySpelling.set(spelling, type);
  }
  return bySpelling;
})();

const integer = (spelling: string): IntegerType => {
  const type = INTEGERS.get(spelling);
  if (type === undefined) throw new Error(`no integer type ${spelling}`);
  return type;
};

export const VOID: CType = { kind: "void" };
export const BOOL: CType = { kind: "bool" };
export const CHAR: IntegerType = integer("char");
export const INT: IntegerType = integer("int");
export const UNSIGNED_INT: IntegerType = integer("unsigned_int");
export const LONG: IntegerType = integer("long");
export const UNSIGNED_LONG: IntegerType = integer("unsigned_long");

/** What an expression has after an error was reported in it: compatible with everything. */
export const ERROR_TYPE: CType = { kind: "void" };

export const isError = (type: CType): boolean => type === ERROR_TYPE;

export const pointerTo = (to: CType, isConst = false): PointerType =>
  isConst ? { kind: "ptr", to, isConst } : { kind: "ptr", to };

export const VOID_POINTER: PointerType = pointerTo(VOID);
export const STRING: PointerType = pointerTo(CHAR, true);

export const isInteger = (type: CType): type is IntegerType | { kind: "bool" } =>
  type.kind === "int" || type.kind === "bool";

export const isScalar = (type: CType): boolean => isInteger(type) || type.kind === "ptr";

/** Arrays, structs and functions used as values are addresses. */
export function decay(type: CType): CType {
  if (type.kind === "array") return pointerTo(type.of);
  if (type.kind === "struct" || type.kind === "fn") return pointerTo(type);
  return type;
}

/** A type as one word, as `.symtab` and the CRC spell it. */
export function typeText(type: CType): string {
  switch (type.kind) {
    case "int":
      return type.name;
    case "bool":
    case "void":
      return type.kind;
    case "struct":
      return type.name;
    case "ptr":
      return `ptr<${type.isConst === true ? "const " : ""}${typeText(type.to)}>`;
    case "array":
      return `array<${typeText(type.of)},${type.length}>`;
    case "fn": {
      const params = type.params.map(typeText);
      if (type.variadic) params.push("...");
      return `fn(${params.join(",")})${typeText(type.ret)}`;
    }
  }
}

/** A type as C spells it, for messages. `inner` is the declarator built so far. */
export function cText(type: CType, inner = ""): string {
  const spaced = inner === "" || inner.startsWith("[") ? inner : ` ${inner}`;
  switch (type.kind) {
    case "int":
      return type.name.replace("_", " ") + spaced;
    case "bool":
    case "void":
      return type.kind + spaced;
    case "struct":
      return `struct ${type.name}${spaced}`;
    case "ptr": {
      const wraps = type.to.kind === "fn" || type.to.kind === "array";
      const prefix = type.isConst === true ? "const " : "";
      return prefix + cText(type.to, wraps ? `(*${inner})` : `*${inner}`);
    }
    case "array":
      return cText(type.of, `${inner}[${type.length}]`);
    case "fn": {
      const params = type.params.map((param) => cText(param));
      if (type.variadic) params.push("...");
      return cText(type.ret, `${inner}(${params.length === 0 ? "void" : params.join(", ")})`);
    }
  }
}

/** C11 6.2.7, with qualifiers compared. */
export function sameType(a: CType, b: CType): boolean {
  if (isError(a) || isError(b)) return true;
  return typeText(a) === typeText(b);
}

export function sizeOfScalar(type: CType): number {
  return type.kind === "int" ? type.size : type.kind === "bool" ? 1 : 8;
}

/** 6.3.1.1: everything narrower than int is int in an expression. */
export function promote(type: CType): CType {
  if (type.kind === "bool") return INT;
  return type.kind === "int" && type.size < 4 ? INT : type;
}

const rank = (type: IntegerType): number =>
  type.size === 4 ? 4 : type.name === "s64" || type.name === "u64" ? 9 : 8;

/** 6.3.1.8 */
export function usualType(left: CType, right: CType): CType {
  const a = promote(left);
  const b = promote(right);
  if (a.kind !== "int") return a;
  if (b.kind !== "int" || a === b) return a;
  const wider = rank(a) >= rank(b) ? a : b;
  const narrower = wider === a ? b : a;
  if (!wider.signed || narrower.signed || narrower.size < wider.size) return wider;
  return wider.size === 4 ? UNSIGNED_INT : wider.name === "s64" ? integer("u64") : UNSIGNED_LONG;
}

/** Why C refuses an implicit conversion: the key of a message, or undefined if it does not. */
export type Refusal =
  | "makePointerFromInteger"
  | "makeIntegerFromPointer"
  | "incompatiblePointer"
  | "pointerSign"
  | "discardsConst"
  | "incompatibleType"
  | "voidValue";

const sameButSign = (a: CType, b: CType): boolean =>
  a.kind === "int" && b.kind === "int" && a.size === b.size && rank(a) === rank(b);

function refusePointer(to: PointerType, from: PointerType): Refusal | undefined {
  const eitherVoid = to.to.kind === "void" || from.to.kind === "void";
  if (!eitherVoid && !sameType(to.to, from.to))
    return sameButSign(to.to, from.to) ? "pointerSign" : "incompatiblePointer";
  return from.isConst === true && to.isConst !== true ? "discardsConst" : undefined;
}

/** 6.5.16.1: may a value of type `from` be assigned, passed or returned as `to`? */
export function refuseConversion(
  to: CType,
  from: CType,
  isNullConstant: boolean,
): Refusal | undefined {
  if (isError(to) || isError(from)) return undefined;
  const source = decay(from);
  if (source.kind === "void") return "voidValue";
  if (to.kind === "bool") return undefined;
  if (to.kind === "int") return source.kind === "ptr" ? "makeIntegerFromPointer" : undefined;
  if (to.kind !== "ptr") return "incompatibleType";
  if (isNullConstant) return undefined;
  return source.kind === "ptr" ? refusePointer(to, source) : "makePointerFromInteger";
}
