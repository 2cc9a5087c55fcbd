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

function convert(
  flags: string,
  width: string,
  precision: string,
  kind: string,
  value: string,
): string {
  let text = value;
  if (kind === "c") text = value.slice(0, 1);
  else if (kind === "s" || kind === "b") {
    const plain = kind === "b" ? unescapeText(value) : value;
    text = precision === "" ? plain : plain.slice(0, Number(precision.slice(1)));
  } else {
    const number = Math.trunc(Number(value === "" ? "0" : value)) || 0;
    const base = kind === "x" || kind === "X" ? 16 : kind === "o" ? 8 : 10;
    text = number.toString(base);
    if (kind === "X") text = text.toUpperCase();
    if (flags.includes("#") && base === 16) text = `0x${text}`;
    if (flags.includes("0")) return text.padStart(Number(width), "0");
  }
  return flags.includes("-") ? text.padEnd(Number(width)) : text.padStart(Number(width));
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
        return convert(flags, width, precision ?? "", kind, operands[used++] ?? "");
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
