/**
 * Taint flags: what has happened to this kernel that a bug report should know.
 *
 * Source: include/linux/panic.h and kernel/panic.c (print_tainted), 6.1.
 */

export const TAINT_PROPRIETARY_MODULE = 1 << 0;
export const TAINT_FORCED_MODULE = 1 << 1;
export const TAINT_FORCED_RMMOD = 1 << 3;
export const TAINT_BAD_PAGE = 1 << 5;
export const TAINT_DIE = 1 << 7;
export const TAINT_WARN = 1 << 9;
export const TAINT_OOT_MODULE = 1 << 12;
export const TAINT_UNSIGNED_MODULE = 1 << 13;
export const TAINT_SOFTLOCKUP = 1 << 14;

/** Letter when set, letter when clear, in bit order. */
const LETTERS: readonly (readonly [string, string])[] = [
  ["P", "G"],
  ["F", " "],
  ["S", " "],
  ["R", " "],
  ["M", " "],
  ["B", " "],
  ["U", " "],
  ["D", " "],
  ["A", " "],
  ["W", " "],
  ["C", " "],
  ["I", " "],
  ["O", " "],
  ["E", " "],
  ["L", " "],
  ["K", " "],
];

/** `Not tainted`, or `Tainted: G           O `. */
export function printTainted(flags: number): string {
  if (flags === 0) return "Not tainted";
  return `Tainted: ${LETTERS.map(([set, clear], bit) => ((flags & (1 << bit)) === 0 ? clear : set)).join("")}`;
}

/** Only the letters of the set flags, as lsmod and `Modules linked in:` print them: `OE`. */
export function taintLetters(flags: number): string {
  return LETTERS.map(([set], bit) => ((flags & (1 << bit)) === 0 ? "" : set)).join("");
}
