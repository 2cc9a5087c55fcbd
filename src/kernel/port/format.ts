/**
 * printk's format strings, over raw register values. Source: lib/vsprintf.c,
 * Documentation/core-api/printk-formats.rst. Left out: floating point (as in Linux), widths from
 * arguments, most of %p's extensions.
 */
import { formatAddress } from "../kmem/address.ts";
import type { PortContext } from "./context.ts";

const SPEC = /%(-)?(0)?(\d+)?(hh|h|ll|l|z)?(pS|ps|pF|[diuxXcsp%])/g;

const STRING_MAX_BYTES = 1024;

export function formatText(p: PortContext, format: number, args: readonly number[]): string {
  let next = 0;
  return p.mem
    .readCString(format, STRING_MAX_BYTES)
    .replace(SPEC, (_all, left, zero, width, length, kind: string) => {
      if (kind === "%") return "%";
      const text = formatOne(p, kind, length as string | undefined, args[next++] ?? 0);
      const size = Number(width ?? 0);
      if (left !== undefined) return text.padEnd(size);
      return zero !== undefined ? padZeros(text, size) : text.padStart(size);
    });
}

function padZeros(text: string, size: number): string {
  return text.startsWith("-")
    ? `-${text.slice(1).padStart(size - 1, "0")}`
    : text.padStart(size, "0");
}

function formatOne(
  p: PortContext,
  kind: string,
  length: string | undefined,
  value: number,
): string {
  const wide = length === "l" || length === "ll" || length === "z";
  switch (kind) {
    case "d":
    case "i":
      return String(wide ? value : value | 0);
    case "u":
      return wide ? unsigned(value).toString() : String(value >>> 0);
    case "x":
      return wide ? unsigned(value).toString(16) : (value >>> 0).toString(16);
    case "X":
      return (wide ? unsigned(value).toString(16) : (value >>> 0).toString(16)).toUpperCase();
    case "c":
      return String.fromCharCode(value & 0xff);
    case "s":
      return value === 0 ? "(null)" : p.mem.readCString(value, STRING_MAX_BYTES);
    case "p":
      return formatAddress(value);
    default:
      return p.text.describe(value);
  }
}

const unsigned = (value: number): bigint => BigInt.asUintN(64, BigInt(value));
