/**
 * Words to fields: tilde, parameters, command substitution, arithmetic, field splitting, pathnames.
 *
 * Source: POSIX.1-2017, XCU 2.6 "Word Expansions".
 * Left out: IFS other than blanks, `~user`.
 */
import { evaluate } from "./arith.ts";
import type { Word, WordPart } from "./ast.ts";
import { globPaths } from "./glob.ts";
import { EXPANSION_FAILED, type Expanded, expandParameter } from "./parameter.ts";
import { hasPattern, type PatternPiece } from "./pattern.ts";
import type { Shell } from "./state.ts";
import { substituteCommand } from "./substitute.ts";

/** All words to the fields of a command line. */
export function* expandWords(sh: Shell, words: readonly Word[]): Expanded<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const literal = literalOf(word);
    if (literal !== undefined) {
      fields.push(literal);
      continue;
    }
    const pieces = yield* splitWord(sh, word);
    if (pieces === EXPANSION_FAILED) return pieces;
    for (const field of pieces) {
      const matches = hasPattern(field) ? yield* globPaths(sh.p.sys, field) : [];
      if (matches.length > 0) fields.push(...matches);
      else fields.push(joined(field));
    }
  }
  return fields;
}

/** The field that a word is as it stands: most words are one text with nothing special in it. */
function literalOf(word: Word): string | undefined {
  const [part] = word;
  if (word.length !== 1 || part?.kind !== "text") return undefined;
  return part.quoted || !/^~|[*?[]/.test(part.text) ? part.text : undefined;
}

/** One word to one text, neither split nor globbed: assignments, redirections, here-documents. */
export function* expandText(sh: Shell, word: Word): Expanded<string> {
  const pieces = yield* expandPattern(sh, word);
  return pieces === EXPANSION_FAILED ? pieces : joined(pieces);
}

/** One word to a pattern, quoted pieces standing for themselves: `case`, `${x#pattern}`. */
export function* expandPattern(sh: Shell, word: Word): Expanded<PatternPiece[]> {
  const pieces: PatternPiece[] = [];
  for (const [index, part] of word.entries()) {
    const value = yield* expandPart(sh, part, index === 0);
    if (value === EXPANSION_FAILED) return value;
    pieces.push({ text: typeof value === "string" ? value : value.join(" "), quoted: part.quoted });
  }
  return pieces;
}

function joined(pieces: readonly PatternPiece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

/** Collects the fields of one word. */
class Splitter {
  readonly fields: PatternPiece[][] = [];
  #current: PatternPiece[] | null = null;

  append(piece: PatternPiece): void {
    this.#current ??= [];
    this.#current.push(piece);
  }

  finishField(): void {
    if (this.#current !== null) this.fields.push(this.#current);
    this.#current = null;
  }

  /** The value of an unquoted expansion: blanks in it end fields. */
  appendSplit(value: string): void {
    for (const [index, text] of value.split(/[ \t\n]+/).entries()) {
      if (index > 0) this.finishField();
      if (text !== "") this.append({ text, quoted: false });
    }
  }

  /** `"$@"`: the first joins what stands before, the last what comes after. */
  appendList(values: readonly string[]): void {
    for (const [index, text] of values.entries()) {
      if (index > 0) this.finishField();
      this.append({ text, quoted: true });
    }
  }
}

function* splitWord(sh: Shell, word: Word): Expanded<PatternPiece[][]> {
  const splitter = new Splitter();
  for (const [index, part] of word.entries()) {
    const value = yield* expandPart(sh, part, index === 0);
    if (value === EXPANSION_FAILED) return value;
    if (typeof value !== "string") {
      if (part.quoted) splitter.appendList(value);
      else splitter.appendSplit(value.join(" "));
    } else if (part.kind === "text" || part.quoted) {
      splitter.append({ text: value, quoted: part.quoted });
    } else splitter.appendSplit(value);
  }
  splitter.finishField();
  return splitter.fields;
}

/** The value of one part; a list for `$@`. */
function* expandPart(
  sh: Shell,
  part: WordPart,
  first: boolean,
): Expanded<string | readonly string[]> {
  switch (part.kind) {
    case "text":
      return first && !part.quoted ? expandTilde(sh, part.text) : part.text;
    case "length":
      return String((sh.get(part.name) ?? "").length);
    case "command":
      return yield* substituteCommand(sh, part.script);
    case "param":
      return yield* expandParameter(sh, part, { text: expandText, pattern: expandPattern });
    case "arith": {
      const text = yield* expandText(sh, part.word);
      if (text === EXPANSION_FAILED) return text;
      const value = evaluate(text, (name) => sh.get(name) ?? "");
      if (value !== null) return String(value);
      yield* sh.p.error(`${sh.name}: arithmetic syntax error\n`);
      return EXPANSION_FAILED;
    }
  }
}

function expandTilde(sh: Shell, text: string): string {
  return text === "~" || text.startsWith("~/") ? `${sh.get("HOME") ?? "~"}${text.slice(1)}` : text;
}
