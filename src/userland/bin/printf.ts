/**
 * printf: a format, filled from operands, again as long as operands are left.
 *
 * Source: POSIX.1-2017, XCU `printf`. Left out: floating point, `*` widths.
 */
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\x1b",
  "\\": "\\",
  '"': '"',
};

/** Backslash escapes to characters. */
export function unescapeText(text: string): string {
  return text.replace(/\\(0[0-7]{1,3}|[0-7]{1,3}|.)/g, (whole, code: string) => {
    if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? whole;
  });
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: string;
  readonly kind: string;
}

function convert(conversion: Conversion, value: string): string {
  const { flags, width, kind } = conversion;
  const textual = kind === "s" || kind === "b" || kind === "c";
  const text = textual ? convertText(conversion, value) : convertNumber(conversion, value);
  if (flags.includes("-")) return text.padEnd(width);
  return text.padStart(width, flags.includes("0") && !textual ? "0" : " ");
}

function convertText({ precision, kind }: Conversion, value: string): string {
  if (kind === "c") return value.slice(0, 1);
  const plain = kind === "b" ? unescapeText(value) : value;
  return precision === "" ? plain : plain.slice(0, Number(precision.slice(1)));
}

const BASES: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8 };

function convertNumber({ flags, kind }: Conversion, value: string): string {
  const number = Math.trunc(Number(value === "" ? "0" : value)) || 0;
  const digits = number.toString(BASES[kind] ?? 10);
  const text = flags.includes("#") && BASES[kind] === 16 ? `0x${digits}` : digits;
  return kind === "X" ? text.toUpperCase() : text;
}

export function formatPrintf(format: string, operands: readonly string[]): string {
  const pattern = unescapeText(format);
  let out = "";
  let used = 0;
  do {
    const before = used;
    out += pattern.replace(
      /%([-0#+ ]*)(\d*)(\.\d*)?([%sbcdiuxXo])/g,
      (_whole, flags: string, width: string, precision: string | undefined, kind: string) => {
        if (kind === "%") return "%";
        const conversion = { flags, width: Number(width), precision: precision ?? "", kind };
        return convert(conversion, operands[used++] ?? "");
      },
    );
    if (used === before) break;
  } while (used < operands.length);
  return out;
}

export const PRINTF: ProgramImage = defineProgram("printf", function* (p) {
  const format = p.argv[1];
  if (format === undefined) {
    yield* p.error("printf: missing operand\n");
    return 1;
  }
  return (yield* p.print(formatPrintf(format, p.argv.slice(2)))) < 0 ? 1 : 0;
});
