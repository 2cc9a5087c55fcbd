/**
 * `gcc -Wformat` for functions like printk: the conversions of a literal format against the types
 * that are passed.
 *
 * Source: printf(3), Documentation/printk-formats.txt (the letters after %p). Left out: %n, and
 * formats that are not literals.
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import { decay, isError, promote } from "./ctype.ts";
import type { Lowering } from "./lowering.ts";
import type { Value } from "./value.ts";

interface Conversion {
  readonly text: string;
  readonly wants: string;
  readonly accepts: (type: CType) => boolean;
}

const SPECIFIER = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|z|t)?([diouxXcsp%])/g;

const isSize =
  (...names: readonly string[]) =>
  (type: CType): boolean =>
    type.kind === "int" && names.includes(type.name);

const INTEGER_WANTS: Readonly<Record<string, readonly [string, string, (type: CType) => boolean]>> =
  {
    "": ["int", "unsigned int", isSize("int", "unsigned_int")],
    h: ["int", "int", isSize("int", "unsigned_int")],
    hh: ["int", "int", isSize("int", "unsigned_int")],
    l: ["long int", "long unsigned int", isSize("long", "unsigned_long")],
    z: ["size_t", "size_t", isSize("long", "unsigned_long")],
    t: ["ptrdiff_t", "ptrdiff_t", isSize("long", "unsigned_long")],
    ll: ["long long int", "long long unsigned int", isSize("s64", "u64")],
  };

const isString = (type: CType): boolean =>
  type.kind === "ptr" && type.to.kind === "int" && type.to.size === 1;

const STAR: Conversion = { text: "*", wants: "int", accepts: isSize("int", "unsigned_int") };

function conversionOf(length: string, letter: string): Conversion | undefined {
  if (letter === "s") return { text: "s", wants: "char *", accepts: isString };
  if (letter === "p") return { text: "p", wants: "void *", accepts: (type) => type.kind === "ptr" };
  if (letter === "c") return { ...STAR, text: "c" };
  const row = INTEGER_WANTS[length];
  if (row === undefined) return undefined;
  const wants = letter === "d" || letter === "i" ? row[0] : row[1];
  return { text: `${length}${letter}`, wants, accepts: row[2] };
}

export function conversionsOf(format: string): readonly Conversion[] {
  const found: Conversion[] = [];
  for (const [, , width, precision, length, letter] of format.matchAll(SPECIFIER)) {
    if (letter === "%" || letter === undefined) continue;
    if (width === "*") found.push(STAR);
    if (precision === "*") found.push(STAR);
    const conversion = conversionOf(length ?? "", letter);
    if (conversion !== undefined) found.push(conversion);
  }
  return found;
}

/** `first` is the number of fixed parameters, the format being the last of them. */
export function checkFormat(
  lowering: Lowering,
  call: TypeScript.CallExpression,
  values: readonly Value[],
  first: number,
): void {
  const format = values[first - 1]?.text;
  if (format === undefined) return;
  const { unit } = lowering;
  const conversions = conversionsOf(format);
  const given = values.length - first;
  if (conversions.length !== given)
    unit.report(call.arguments[first - 1] ?? call, "formatCount", [
      JSON.stringify(format),
      conversions.length,
      given,
    ]);
  for (const [index, conversion] of conversions.entries()) {
    const value = values[first + index];
    const node = call.arguments[first + index];
    if (value === undefined || node === undefined || isError(value.type)) continue;
    const type = promote(decay(value.type));
    if (!conversion.accepts(type))
      unit.report(node, "format", [
        conversion.text,
        conversion.wants,
        first + index + 1,
        unit.spell(type),
      ]);
  }
}
