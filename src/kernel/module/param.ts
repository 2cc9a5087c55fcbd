/**
 * Module parameters: `insmod counter.ko pid=12 name="a b"` to the module's variables.
 *
 * Source: kernel/params.c (parse_args, param_set_*, param_get_*), 6.1. Left out: arrays, callbacks.
 */
import { encodeUtf8 } from "../lib/text.ts";
import type { KoParam } from "./ko.ts";
import { PARAM_TYPES } from "./ko-sections.ts";
import type { LinkedObject, LinkTarget } from "./link.ts";
import { parseTypeText } from "./type-text.ts";

/** `name=value` words; double quotes keep spaces together. */
function splitParams(text: string): (readonly [name: string, value: string | undefined])[] {
  const words = text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  return words.map((word) => {
    const equals = word.indexOf("=");
    const name = (equals < 0 ? word : word.slice(0, equals)).replaceAll("-", "_");
    return [name, equals < 0 ? undefined : word.slice(equals + 1).replaceAll('"', "")] as const;
  });
}

export interface ParamOutcome {
  /** Lines for the kernel log. */
  readonly warnings: readonly string[];
  /** Why the module cannot be loaded. */
  readonly error: string | undefined;
}

/** Sets the object's parameters. Unknown ones are ignored since 3.11, with a warning. */
export function applyParams(target: LinkTarget, object: LinkedObject, text: string): ParamOutcome {
  const warnings: string[] = [];
  for (const [name, value] of splitParams(text)) {
    const param = object.ko.params.find((each) => each.name === name);
    if (param === undefined) {
      warnings.push(`${object.name}: unknown parameter '${name}' ignored`);
    } else if (!setParam(target, object, param, value)) {
      const error = `${object.name}: \`${value ?? ""}' invalid for parameter \`${name}'`;
      return { warnings, error };
    }
  }
  return { warnings, error: undefined };
}

/** The value as its file in /sys/module/NAME/parameters shows it. */
export function paramText(target: LinkTarget, object: LinkedObject, param: KoParam): string {
  const value = readValue(target, object, param);
  if (param.type === "charp") return value === 0 ? "(null)" : target.kmem.readCString(value);
  if (param.type === "bool") return value === 0 ? "N" : "Y";
  return String(value);
}

function readValue({ kmem }: LinkTarget, object: LinkedObject, param: KoParam): number {
  const address = object.data.get(param.variable);
  if (address === undefined)
    return object.code?.read(object.linked.scalars.indexOf(param.variable)) ?? 0;
  const type = typeOf(param);
  const signed = type?.kind === "int" && type.signed;
  switch (sizeOf(param)) {
    case 8:
      return signed ? kmem.i64(address) : kmem.u64(address);
    case 4:
      return signed ? kmem.i32(address) : kmem.u32(address);
    case 2:
      return signed ? kmem.i16(address) : kmem.u16(address);
    default:
      return signed ? kmem.i8(address) : kmem.u8(address);
  }
}

/** Sets one parameter; false if the text is no value of it. */
export function setParam(
  target: LinkTarget,
  object: LinkedObject,
  param: KoParam,
  text: string | undefined,
): boolean {
  const value = param.type === "charp" ? copyText(target, object, text) : parseValue(param, text);
  if (value === undefined) return false;
  const address = object.data.get(param.variable);
  const { kmem } = target;
  if (address === undefined) {
    object.code?.write(object.linked.scalars.indexOf(param.variable), value);
  } else if (sizeOf(param) === 8) kmem.store64(address, value);
  else if (sizeOf(param) === 4) kmem.store32(address, value);
  else if (sizeOf(param) === 2) kmem.store16(address, value);
  else kmem.store8(address, value);
  return true;
}

function typeOf(param: KoParam): ReturnType<typeof parseTypeText> {
  return parseTypeText(PARAM_TYPES.get(param.type) ?? param.type);
}

function sizeOf(param: KoParam): number {
  const type = typeOf(param);
  return type?.kind === "int" ? type.size : type?.kind === "bool" ? 1 : 8;
}

function parseValue(param: KoParam, text: string | undefined): number | undefined {
  const type = typeOf(param);
  if (type?.kind === "bool") return parseBool(text);
  if (type?.kind !== "int" || text === undefined) return undefined;
  if (!/^[+-]?(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) return undefined;
  const magnitude = Number(text.replace(/^[+-]/, ""));
  const value = text.startsWith("-") ? 0 - magnitude : magnitude;
  const bits = type.size * 8;
  const [low, high] = type.signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1)] : [0, 2 ** bits];
  return value >= low && value < high && Number.isSafeInteger(value) ? value : undefined;
}

/** A bool parameter without a value is set. */
function parseBool(text: string | undefined): number | undefined {
  if (text === undefined || /^[yY1]/.test(text)) return 1;
  return /^[nN0]/.test(text) ? 0 : undefined;
}

function copyText(
  target: LinkTarget,
  object: LinkedObject,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const bytes = encodeUtf8(text);
  const copy = target.kmem.allocObject(
    bytes.length + 1,
    `parameter of ${object.name}`,
    "module",
    0,
  );
  if (copy === undefined) return undefined;
  target.kmem.initialize(copy, bytes);
  object.extra.push(copy.address);
  return copy.address;
}
