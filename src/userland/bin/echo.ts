/**
 * echo: its operands and a newline. `-n` leaves the newline out, `-e` reads backslash escapes.
 */
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { unescapeText } from "./printf.ts";

/** What echo writes for these operands. */
export function echoText(operands: readonly string[]): string {
  let at = 0;
  let newline = true;
  let escapes = false;
  for (; /^-[neE]+$/.test(operands[at] ?? ""); at++) {
    const flags = operands[at] ?? "";
    if (flags.includes("n")) newline = false;
    if (flags.includes("e")) escapes = true;
  }
  const text = operands.slice(at).join(" ");
  return `${escapes ? unescapeText(text) : text}${newline ? "\n" : ""}`;
}

export const ECHO: ProgramImage = defineProgram("echo", function* (p) {
  return (yield* p.print(echoText(p.argv.slice(1)))) < 0 ? 1 : 0;
});
