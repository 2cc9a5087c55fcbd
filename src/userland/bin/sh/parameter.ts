/**
 * `$name` and `${name OP word}`.
 *
 * Source: POSIX.1-2017, XCU 2.5 "Parameters and Variables" and 2.6.2.
 */
import type { UserCall } from "../../libc/trap.ts";
import type { ParamOp, Word, WordPart } from "./ast.ts";
import { matchPattern, type PatternPiece } from "./pattern.ts";
import type { Shell } from "./state.ts";

/** An expansion that cannot go on; the message has been printed. */
export const EXPANSION_FAILED: unique symbol = Symbol("expansion failed");
export type Expanded<T> = UserCall<T | typeof EXPANSION_FAILED>;

/** How a nested word is expanded: `expand.ts`, which itself expands parameters, gives these. */
export interface WordExpanders {
  readonly text: (sh: Shell, word: Word) => Expanded<string>;
  readonly pattern: (sh: Shell, word: Word) => Expanded<PatternPiece[]>;
}

type ParamPart = Extract<WordPart, { kind: "param" }>;

export function* expandParameter(
  sh: Shell,
  part: ParamPart,
  expand: WordExpanders,
): Expanded<string | readonly string[]> {
  if ((part.name === "@" || part.name === "*") && part.op === undefined) {
    return part.name === "*" && part.quoted ? sh.positional.join(" ") : sh.positional;
  }
  const value = parameterValue(sh, part.name);
  if (part.op === undefined) return value ?? "";
  return yield* applyOperator(sh, { ...part, op: part.op }, value, expand);
}

function parameterValue(sh: Shell, name: string): string | undefined {
  if (/^\d+$/.test(name)) {
    return name === "0" ? sh.name : sh.positional[Number(name) - 1];
  }
  switch (name) {
    case "?":
      return String(sh.status);
    case "$":
      return String(sh.pid);
    case "!":
      return sh.lastBackground === 0 ? "" : String(sh.lastBackground);
    case "#":
      return String(sh.positional.length);
    case "@":
    case "*":
      return sh.positional.join(" ");
    case "-":
      return `${sh.errexit ? "e" : ""}${sh.interactive ? "i" : ""}${sh.xtrace ? "x" : ""}`;
    default:
      return sh.get(name);
  }
}

function* applyOperator(
  sh: Shell,
  part: ParamPart & { readonly op: ParamOp },
  value: string | undefined,
  expand: WordExpanders,
): Expanded<string> {
  const { name, op, word = [] } = part;
  if (isTrim(op)) {
    const pattern = yield* expand.pattern(sh, word);
    return pattern === EXPANSION_FAILED ? pattern : trim(value ?? "", op, pattern);
  }
  const missing = value === undefined || (op.startsWith(":") && value === "");
  if (op === ":+" || op === "+") return missing ? "" : yield* expand.text(sh, word);
  if (!missing) return value ?? "";
  const text = yield* expand.text(sh, word);
  return text === EXPANSION_FAILED ? text : yield* supply(sh, name, op, text);
}

/** A parameter is missing, and `text` stands for it. */
function* supply(sh: Shell, name: string, op: ParamOp, text: string): Expanded<string> {
  if (op === ":=" || op === "=") sh.set(name, text);
  if (op === ":?" || op === "?") return yield* refuse(sh, name, text);
  return text;
}

function* refuse(sh: Shell, name: string, text: string): UserCall<typeof EXPANSION_FAILED> {
  yield* sh.p.error(`${sh.name}: ${name}: ${text === "" ? "parameter not set" : text}\n`);
  if (!sh.interactive) sh.flow = { kind: "exit", status: 2 };
  return EXPANSION_FAILED;
}

type TrimOp = "#" | "##" | "%" | "%%";

function isTrim(op: ParamOp): op is TrimOp {
  return op === "#" || op === "##" || op === "%" || op === "%%";
}

/** Removes the smallest (`#`, `%`) or largest (`##`, `%%`) matching prefix or suffix. */
function trim(text: string, op: TrimOp, pattern: readonly PatternPiece[]): string {
  const prefix = op.startsWith("#");
  for (let step = 0; step <= text.length; step++) {
    const size = op.length === 1 ? step : text.length - step;
    const cut = prefix ? text.slice(0, size) : text.slice(text.length - size);
    if (!matchPattern(pattern, cut)) continue;
    return prefix ? text.slice(size) : text.slice(0, text.length - size);
  }
  return text;
}
