/**
 * Shell text to tokens: words with their quoting, operators, newlines, here-documents.
 *
 * Source: POSIX.1-2017, XCU 2.2 "Quoting" and 2.3 "Token Recognition".
 * Left out: aliases; `case` with unbalanced parentheses inside `$(...)`.
 */
import type { ParamOp, RedirectOp, Word, WordPart } from "./ast.ts";

/** The text is not a program. `incomplete` means that more text could make it one. */
export class ShellSyntaxError extends Error {
  readonly incomplete: boolean;

  constructor(message: string, incomplete = false) {
    super(message);
    this.incomplete = incomplete;
  }
}

export type Token =
  | { readonly kind: "word"; readonly word: Word; readonly start: number; readonly end: number }
  | { readonly kind: "op"; readonly op: string; readonly start: number; readonly end: number }
  | {
      readonly kind: "redirect";
      readonly fd: number;
      readonly op: RedirectOp;
      /** The body of a here-document, which arrives after the line. */
      readonly heredoc?: HereDoc;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "end"; readonly start: number; readonly end: number };

/** Filled when the lexer passes the end of the line that announced it. */
export interface HereDoc {
  readonly delimiter: string;
  readonly literal: boolean;
  readonly stripTabs: boolean;
  body: Word;
}

const OPERATORS = ["&&", "||", ";;", "&", "|", ";", "(", ")", "\n"] as const;
const REDIRECTS = ["<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"] as const;
const PARAM_OPS: readonly ParamOp[] = [
  ":-",
  ":=",
  ":?",
  ":+",
  "##",
  "%%",
  "-",
  "=",
  "?",
  "+",
  "#",
  "%",
];
const SPECIAL = "?$!#@*-0123456789";
const META = new Set(" \t\n;&|()<>");

/** Collects the parts of a word, joining literal text. */
class WordBuilder {
  readonly #quoted: boolean;
  readonly #parts: WordPart[] = [];
  #plain = "";

  constructor(quoted: boolean) {
    this.#quoted = quoted;
  }

  text(text: string): void {
    this.#plain += text;
  }

  add(...parts: readonly WordPart[]): void {
    this.#flush();
    this.#parts.push(...parts);
  }

  /** The part, or this text when there is none. */
  addOr(text: string, part: WordPart | null): void {
    if (part === null) this.text(text);
    else this.add(part);
  }

  done(): readonly WordPart[] {
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#plain === "") return;
    this.#parts.push({ kind: "text", text: this.#plain, quoted: this.#quoted });
    this.#plain = "";
  }
}

export class Lexer {
  readonly #text: string;
  #at = 0;
  #pendingDocs: HereDoc[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token. Throws `ShellSyntaxError` on an unterminated quote or expansion. */
  next(): Token {
    this.#skipBlanks();
    const start = this.#at;
    if (start >= this.#text.length) {
      if (this.#pendingDocs.length > 0) this.#readHereDocs();
      return { kind: "end", start, end: start };
    }
    const redirect = this.#redirect(start);
    if (redirect !== null) return redirect;
    for (const op of OPERATORS) {
      if (!this.#text.startsWith(op, start)) continue;
      this.#at += op.length;
      if (op === "\n") this.#readHereDocs();
      return { kind: "op", op, start, end: start + op.length };
    }
    const word = this.#word((c) => META.has(c));
    return { kind: "word", word, start, end: this.#at };
  }

  /** What the sticky expression matches here; the position stays. */
  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#text)?.[0];
  }

  #skipBlanks(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === " " || c === "\t" || c === "\r") this.#at += 1;
      else if (c === "\\" && this.#text[this.#at + 1] === "\n") this.#at += 2;
      else break;
    }
    if (this.#text[this.#at] !== "#") return;
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #redirect(start: number): Token | null {
    const number = this.#match(/\d+/y) ?? "";
    const op = REDIRECTS.find((candidate) =>
      this.#text.startsWith(candidate, start + number.length),
    );
    if (op === undefined) return null;
    this.#at = start + number.length + op.length;
    const fd = number === "" ? (op.startsWith("<") ? 0 : 1) : Number(number);
    if (op !== "<<" && op !== "<<-") return { kind: "redirect", fd, op, start, end: this.#at };
    this.#skipBlanks();
    const word = this.#word((c) => META.has(c));
    const heredoc: HereDoc = {
      delimiter: word.map((part) => (part.kind === "text" ? part.text : "")).join(""),
      literal: word.some((part) => part.quoted),
      stripTabs: op === "<<-",
      body: [],
    };
    this.#pendingDocs.push(heredoc);
    return { kind: "redirect", fd, op: "<<", heredoc, start, end: this.#at };
  }

  #readHereDocs(): void {
    const docs = this.#pendingDocs;
    this.#pendingDocs = [];
    for (const doc of docs) this.#readHereDoc(doc);
  }

  #readHereDoc(doc: HereDoc): void {
    let body = "";
    for (;;) {
      if (this.#at >= this.#text.length) {
        throw new ShellSyntaxError(`here-document delimited by end of file`, true);
      }
      const newline = this.#text.indexOf("\n", this.#at);
      const end = newline < 0 ? this.#text.length : newline;
      let line = this.#text.slice(this.#at, end);
      this.#at = newline < 0 ? end : end + 1;
      if (doc.stripTabs) line = line.replace(/^\t+/, "");
      if (line === doc.delimiter) break;
      body += `${line}\n`;
    }
    doc.body = doc.literal
      ? [{ kind: "text", text: body, quoted: true }]
      : new Lexer(body).#quotedText(() => false);
  }

  /** Reads a word up to a character for which `stop` holds outside quotes. */
  #word(stop: (c: string) => boolean): Word {
    const word = new WordBuilder(false);
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || stop(c)) return word.done();
      if (c === "'" || c === '"' || c === "\\") word.add(...this.#quotation(c));
      else if (c === "$" || c === "`") word.addOr("$", this.#expansion(false));
      else {
        word.text(c);
        this.#at += 1;
      }
    }
  }

  #quotation(c: "'" | '"' | "\\"): readonly WordPart[] {
    if (c === "'") return [{ kind: "text", text: this.#singleQuoted(), quoted: true }];
    if (c === '"') {
      this.#at += 1;
      const parts = this.#quotedText((d) => d === '"');
      if (this.#text[this.#at] !== '"')
        throw new ShellSyntaxError("unterminated quoted string", true);
      this.#at += 1;
      return parts.length === 0 ? [{ kind: "text", text: "", quoted: true }] : parts;
    }
    const next = this.#text[this.#at + 1];
    this.#at += 2;
    if (next === undefined) {
      this.#at = this.#text.length;
      return [{ kind: "text", text: "\\", quoted: true }];
    }
    return next === "\n" ? [] : [{ kind: "text", text: next, quoted: true }];
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new ShellSyntaxError("unterminated quoted string", true);
    const text = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  /** Text under double-quote rules, up to `stop` or the end. */
  #quotedText(stop: (c: string) => boolean): readonly WordPart[] {
    const word = new WordBuilder(true);
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || stop(c)) return word.done();
      if (c === "$" || c === "`") {
        word.addOr("$", this.#expansion(true));
        continue;
      }
      const next = this.#text[this.#at + 1] ?? "";
      const escaped = c === "\\" && next !== "" && '$`"\\\n'.includes(next);
      if (!escaped) word.text(c);
      else if (next !== "\n") word.text(next);
      this.#at += escaped ? 2 : 1;
    }
  }

  /** At `$` or a back quote. null (one `$` consumed) when nothing follows that could be expanded. */
  #expansion(quoted: boolean): WordPart | null {
    const text = this.#text;
    if (text[this.#at] === "`") {
      const end = text.indexOf("`", this.#at + 1);
      if (end < 0) throw new ShellSyntaxError("EOF in backquote substitution", true);
      const script = text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return { kind: "command", script, quoted };
    }
    this.#at += 1;
    if (text.startsWith("((", this.#at)) {
      const inner = this.#balanced(this.#at + 1);
      if (text[this.#at] !== ")") throw new ShellSyntaxError("missing '))'", true);
      this.#at += 1;
      return { kind: "arith", word: new Lexer(inner).#quotedText(() => false), quoted };
    }
    if (text[this.#at] === "(")
      return { kind: "command", script: this.#balanced(this.#at), quoted };
    if (text[this.#at] === "{") return this.#braced(quoted);
    const name = this.#match(/[A-Za-z_]\w*/y);
    if (name !== undefined) {
      this.#at += name.length;
      return { kind: "param", name, quoted };
    }
    const special = text[this.#at];
    if (special === undefined || !SPECIAL.includes(special)) return null;
    this.#at += 1;
    return { kind: "param", name: special, quoted };
  }

  /** The text between the parenthesis at `open` and its partner; leaves the position after it. */
  #balanced(open: number): string {
    let depth = 0;
    let at = open;
    for (; at < this.#text.length; at++) {
      const c = this.#text[at];
      if (c === "\\") at += 1;
      else if (c === "'" || c === '"') at = this.#skipQuoted(at, c);
      else if (c === "(") depth += 1;
      else if (c === ")") depth -= 1;
      if (depth === 0) {
        this.#at = at + 1;
        return this.#text.slice(open + 1, at);
      }
    }
    throw new ShellSyntaxError('syntax error: unterminated "("', true);
  }

  #skipQuoted(open: number, quote: string): number {
    for (let at = open + 1; at < this.#text.length; at++) {
      const c = this.#text[at];
      if (c === "\\" && quote === '"') at += 1;
      else if (c === quote) return at;
    }
    throw new ShellSyntaxError("unterminated quoted string", true);
  }

  /** At the `{` of `${...}`. */
  #braced(quoted: boolean): WordPart {
    this.#at += 1;
    const length = this.#text[this.#at] === "#" && this.#text[this.#at + 1] !== "}";
    if (length) this.#at += 1;
    const name = this.#match(/[A-Za-z_]\w*/y) ?? this.#specialName();
    this.#at += name.length;
    if (length) {
      this.#closeBrace();
      return { kind: "length", name, quoted };
    }
    const op = PARAM_OPS.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (op === undefined) {
      this.#closeBrace();
      return { kind: "param", name, quoted };
    }
    this.#at += op.length;
    const word = quoted ? this.#quotedText((c) => c === "}") : this.#word((c) => c === "}");
    this.#closeBrace();
    return { kind: "param", name, op, word, quoted };
  }

  #specialName(): string {
    const c = this.#text[this.#at] ?? "";
    if (c === "") throw new ShellSyntaxError("missing '}'", true);
    const number = this.#match(/\d+/y);
    if (number !== undefined) return number;
    if (!SPECIAL.includes(c)) throw new ShellSyntaxError("bad substitution");
    return c;
  }

  #closeBrace(): void {
    const c = this.#text[this.#at];
    if (c === undefined) throw new ShellSyntaxError("missing '}'", true);
    if (c !== "}") throw new ShellSyntaxError("bad substitution");
    this.#at += 1;
  }
}
