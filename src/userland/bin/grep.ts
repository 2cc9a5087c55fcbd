/**
 * grep: lines that match a basic regular expression. `-v -c -n -i -q -l -o -h`, `-F` fixed strings,
 * `-A -B -C` lines of context, `-E` extended expressions. Status 0 found, 1 not found, 2 trouble.
 *
 * Source: POSIX.1-2017, XBD 9 "Regular Expressions", translated to JavaScript's.
 * Left out: back-references in repeated groups, collating elements.
 */
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { type Options, parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import { readInputs, splitLines } from "../libc/text-input.ts";
import type { UserCall } from "../libc/trap.ts";

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
};

/** A basic expression as JavaScript's source: `\(` groups, a plain `(` is itself. */
function translateBasic(pattern: string): string {
  let out = "";
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] as string;
    if (c === "[") {
      const [source, end] = bracket(pattern, at);
      out += source;
      at = end;
    } else if (c === "\\") {
      at += 1;
      const next = pattern[at] ?? "\\";
      out += /[(){}|+?<>bwWsS1-9]/.test(next) ? escapedOperator(next) : `\\${next}`;
    } else out += plainCharacter(pattern, at, out);
  }
  return out;
}

/** A character outside brackets and escapes: what it means depends on where it stands. */
function plainCharacter(pattern: string, at: number, before: string): string {
  const c = pattern[at] ?? "";
  if (/[(){}|+?]/.test(c)) return `\\${c}`;
  const start = before === "" || before.endsWith("(");
  // A star that nothing precedes is a star; anchors count only at the ends.
  if (c === "*") return start || before === "^" ? "\\*" : "*";
  if (c === "^") return start ? "^" : "\\^";
  if (c !== "$") return c;
  return at === pattern.length - 1 || pattern.startsWith("\\)", at + 1) ? "$" : "\\$";
}

function escapedOperator(c: string): string {
  if (c === "<" || c === ">") return "\\b";
  return /[bwWsS1-9]/.test(c) ? `\\${c}` : c;
}

/** The bracket expression at `open` and the position of its `]`. */
function bracket(pattern: string, open: number): readonly [source: string, end: number] {
  const negated = pattern[open + 1] === "^";
  const first = open + (negated ? 2 : 1);
  let end = first + 1;
  while (end < pattern.length && pattern[end] !== "]") {
    const inner = pattern.startsWith("[:", end) ? pattern.indexOf(":]", end) + 1 : 0;
    end = inner > 0 ? inner + 1 : end + 1;
  }
  if (end >= pattern.length) return ["\\[", open];
  const members = pattern
    .slice(first, end)
    .replace(/[\\\]]/g, (c) => `\\${c}`)
    .replace(/\[:(\w+):\\?\]/g, (_, name: string) => CLASSES[name] ?? "");
  return [`[${negated ? "^" : ""}${members.replace(/\[/g, "\\[")}]`, end];
}

/** A line that fits any of the patterns matches. */
function compile(patterns: readonly string[], options: Options): RegExp | null {
  const translate = (pattern: string): string => {
    if (options.flags.has("F")) return pattern.replace(/[\\^$.*+?()[\]{}|/]/g, (c) => `\\${c}`);
    return options.flags.has("E") ? pattern : translateBasic(pattern);
  };
  let source = patterns.map(translate).join("|");
  if (options.flags.has("w")) source = `\\b(?:${source})\\b`;
  if (options.flags.has("x")) source = `^(?:${source})$`;
  try {
    return new RegExp(source, options.flags.has("i") ? "gi" : "g");
  } catch {
    return null;
  }
}

/** Lines of context before and after a match. */
interface Context {
  readonly before: number;
  readonly after: number;
}

/** `-A NUM`, `-B NUM`, `-C NUM`; null for what is no number. */
function readContext({ values }: Options): Context | null {
  const [before, after] = ["B", "A"].map((letter) =>
    Number(values.get(letter) ?? values.get("C") ?? "0"),
  );
  const isLength = (n: number | undefined): n is number => Number.isInteger(n) && Number(n) >= 0;
  return isLength(before) && isLength(after) ? { before, after } : null;
}

/** What grep prints for one file, and how many lines matched. */
function searchText(
  text: string,
  expression: RegExp,
  options: Options,
  { before, after }: Context,
  prefix: string,
): { out: string; count: number } {
  const lines = splitLines(text);
  const found = lines.map((line) => line.match(expression));
  const isHit = (index: number): boolean => (found[index] !== null) !== options.flags.has("v");
  const hits = lines.flatMap((_, index) => (isHit(index) ? [index] : []));
  const mark = (index: number): string => (isHit(index) ? ":" : "-");
  let out = "";
  let next = 0;
  for (const hit of hits) {
    const first = Math.max(next, hit - before);
    if (next > 0 && first > next && before + after > 0) out += "--\n";
    // A match behind this one shows its own context.
    const last = Math.min(lines.length - 1, hit + after);
    for (let index = first; index <= last; index++) {
      const name = prefix === "" ? "" : `${prefix}${mark(index)}`;
      const number = options.flags.has("n") ? `${index + 1}${mark(index)}` : "";
      const shown = options.flags.has("o") ? (found[index] ?? []) : [lines[index]];
      for (const part of shown) out += `${name}${number}${part}\n`;
    }
    next = Math.max(next, last + 1);
  }
  return { out, count: hits.length };
}

export const GREP: ProgramImage = defineProgram("grep", function* (p) {
  const options = yield* parseOptions(p, p.argv, "vcniqlohFEwxse:A:B:C:");
  if (options === null) return 2;
  const operands = [...options.operands];
  const named = options.all.flatMap(([letter, value]) => (letter === "e" ? [value] : []));
  const given = named.length > 0 ? named : operands.splice(0, 1);
  const patterns = given.flatMap((each) => each.split("\n"));
  if (patterns.length === 0) {
    yield* p.error("Usage: grep [OPTION]... PATTERNS [FILE]...\n");
    return 2;
  }
  const expression = compile(patterns, options);
  if (expression === null) {
    yield* p.error("grep: Invalid regular expression\n");
    return 2;
  }
  const context = readContext(options);
  if (context === null) {
    const wrong = [...options.values].find(([, value]) => !/^\d+$/.test(value))?.[1] ?? "";
    yield* p.error(`grep: ${wrong}: invalid context length argument\n`);
    return 2;
  }
  return yield* searchFiles(p, expression, operands, options, context);
});

function* searchFiles(
  p: Proc,
  expression: RegExp,
  operands: readonly string[],
  options: Options,
  context: Context,
): UserCall {
  const { inputs, problems } = yield* readInputs(p, operands);
  const named = operands.length > 1 && !options.flags.has("h");
  let out = "";
  let total = 0;
  for (const { name, text } of inputs) {
    const prefix = named ? name : "";
    const found = searchText(text, expression, options, context, prefix);
    total += found.count;
    out += answerOf(name, found, options.flags, prefix);
  }
  const quiet = options.flags.has("q");
  if (!quiet) yield* p.print(out);
  if (problems > 0 && !(quiet && total > 0)) return 2;
  return total > 0 ? 0 : 1;
}

/** What is printed for one file: its name, a count, or its lines. */
function answerOf(
  name: string,
  { out, count }: { readonly out: string; readonly count: number },
  flags: Options["flags"],
  prefix: string,
): string {
  if (flags.has("l")) return count > 0 ? `${name}\n` : "";
  if (!flags.has("c")) return out;
  return prefix === "" ? `${count}\n` : `${prefix}:${count}\n`;
}
