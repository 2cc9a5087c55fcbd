/**
 * Tokens to a syntax tree, by recursive descent.
 *
 * Source: POSIX.1-2017, XCU 2.10.2 "Shell Grammar Rules"; messages are those of busybox ash.
 * Left out: aliases, `[[`, arrays, process substitution.
 */
import type { Assignment, CaseArm, List, ListItem, Node, Redirect, Word } from "./ast.ts";
import { Lexer, ShellSyntaxError, type Token } from "./lexer.ts";

export type ParseResult =
  | { readonly kind: "ok"; readonly list: List }
  | { readonly kind: "incomplete"; readonly message: string }
  | { readonly kind: "error"; readonly message: string };

const RESERVED = new Set([
  "if",
  "then",
  "elif",
  "else",
  "fi",
  "while",
  "until",
  "for",
  "do",
  "done",
  "case",
  "in",
  "esac",
  "{",
  "}",
  "!",
]);

/** Parses a whole script, or says why not. */
export function parseScript(text: string): ParseResult {
  try {
    return { kind: "ok", list: new Parser(text).script() };
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return { kind: error.incomplete ? "incomplete" : "error", message: error.message };
  }
}

/** The word's text when it is one unquoted literal, as keywords and names are. */
function literal(word: Word): string | null {
  const only = word[0];
  if (word.length !== 1 || only === undefined || only.kind !== "text" || only.quoted) return null;
  return only.text;
}

class Parser {
  readonly #text: string;
  readonly #lexer: Lexer;
  #token: Token;
  /** End of the last token taken, for source slices. */
  #lastEnd = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lexer = new Lexer(text);
    this.#token = this.#lexer.next();
  }

  script(): List {
    const list = this.#list([]);
    if (this.#token.kind !== "end") this.#unexpected();
    return list;
  }

  #take(): Token {
    const token = this.#token;
    this.#lastEnd = token.end;
    this.#token = this.#lexer.next();
    return token;
  }

  #isOp(op: string): boolean {
    return this.#token.kind === "op" && this.#token.op === op;
  }

  #keyword(): string | null {
    if (this.#token.kind !== "word") return null;
    const text = literal(this.#token.word);
    return text !== null && RESERVED.has(text) ? text : null;
  }

  #expect(word: string): void {
    const found = this.#token.kind === "op" ? this.#token.op : this.#keyword();
    if (found !== word) this.#unexpected(word);
    this.#take();
  }

  #unexpected(expecting?: string): never {
    const token = this.#token;
    const hint = expecting === undefined ? "" : ` (expecting "${expecting}")`;
    if (token.kind === "end") {
      throw new ShellSyntaxError(`syntax error: unexpected end of file${hint}`, true);
    }
    const what = this.#isOp("\n")
      ? "newline"
      : token.kind === "redirect"
        ? "redirection"
        : `"${this.#text.slice(token.start, token.end)}"`;
    throw new ShellSyntaxError(`syntax error: unexpected ${what}${hint}`);
  }

  #skipNewlines(): void {
    while (this.#isOp("\n")) this.#take();
  }

  /** Commands up to one of the closing keywords or operators (not consumed) or the end. */
  #list(closers: readonly string[]): List {
    const items: ListItem[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#atCloser(closers)) break;
      const start = this.#token.start;
      const node = this.#andOr();
      const text = this.#text.slice(start, this.#lastEnd);
      const background = this.#isOp("&");
      items.push({ node, background, text });
      if (background || this.#isOp(";") || this.#isOp("\n")) this.#take();
      else break;
    }
    return { kind: "list", items };
  }

  #atCloser(closers: readonly string[]): boolean {
    if (this.#token.kind === "end") return true;
    const found = this.#token.kind === "op" ? this.#token.op : this.#keyword();
    return found !== null && closers.includes(found);
  }

  /** A list that must hold at least one command. */
  #body(...closers: string[]): List {
    const list = this.#list(closers);
    if (list.items.length === 0 || !this.#atCloser(closers) || this.#token.kind === "end") {
      this.#unexpected(closers.length === 1 ? closers[0] : undefined);
    }
    return list;
  }

  #andOr(): Node {
    let left = this.#pipeline();
    while (this.#token.kind === "op" && (this.#isOp("&&") || this.#isOp("||"))) {
      const op = this.#token.op as "&&" | "||";
      this.#take();
      this.#skipNewlines();
      left = { kind: "and-or", op, left, right: this.#pipeline() };
    }
    return left;
  }

  #pipeline(): Node {
    const negate = this.#keyword() === "!";
    if (negate) this.#take();
    const stages = [this.#command()];
    while (this.#isOp("|")) {
      this.#take();
      this.#skipNewlines();
      stages.push(this.#command());
    }
    const only = stages[0];
    if (!negate && stages.length === 1 && only !== undefined) return only;
    return { kind: "pipeline", negate, stages };
  }

  #command(): Node {
    if (this.#isOp("(")) return this.#subshell();
    switch (this.#keyword()) {
      case null:
        return this.#simple();
      case "{":
        return this.#group();
      case "if":
        return this.#if();
      case "while":
        return this.#while(false);
      case "until":
        return this.#while(true);
      case "for":
        return this.#for();
      case "case":
        return this.#case();
      default:
        return this.#unexpected();
    }
  }

  #subshell(): Node {
    this.#take();
    const body = this.#body(")");
    this.#expect(")");
    return { kind: "subshell", body, redirects: this.#redirects() };
  }

  #group(): Node {
    this.#take();
    const body = this.#body("}");
    this.#expect("}");
    return { kind: "group", body, redirects: this.#redirects() };
  }

  #if(): Node {
    this.#take();
    const condition = this.#body("then");
    this.#expect("then");
    const then = this.#body("elif", "else", "fi");
    const keyword = this.#keyword();
    if (keyword === "elif") {
      // The nested `if` consumes the one `fi`, and the redirections after it.
      return { kind: "if", condition, then, otherwise: this.#if(), redirects: [] };
    }
    let otherwise: Node | null = null;
    if (keyword === "else") {
      this.#take();
      otherwise = this.#body("fi");
    }
    this.#expect("fi");
    return { kind: "if", condition, then, otherwise, redirects: this.#redirects() };
  }

  #while(until: boolean): Node {
    this.#take();
    const condition = this.#body("do");
    const body = this.#doGroup();
    return { kind: "while", until, condition, body, redirects: this.#redirects() };
  }

  #doGroup(): List {
    this.#expect("do");
    const body = this.#body("done");
    this.#expect("done");
    return body;
  }

  #for(): Node {
    this.#take();
    const name = this.#name();
    this.#skipNewlines();
    let words: Word[] | null = null;
    if (this.#keyword() === "in") {
      this.#take();
      words = [];
      while (this.#token.kind === "word") {
        words.push(this.#token.word);
        this.#take();
      }
      if (this.#isOp(";") || this.#isOp("\n")) this.#take();
      else this.#unexpected();
    } else if (this.#isOp(";")) {
      this.#take();
    }
    this.#skipNewlines();
    const body = this.#doGroup();
    return { kind: "for", name, words, body, redirects: this.#redirects() };
  }

  #name(): string {
    const text = this.#token.kind === "word" ? literal(this.#token.word) : null;
    if (text === null || !/^[A-Za-z_]\w*$/.test(text)) {
      if (this.#token.kind === "end") this.#unexpected();
      throw new ShellSyntaxError("syntax error: bad for loop variable");
    }
    this.#take();
    return text;
  }

  #case(): Node {
    this.#take();
    if (this.#token.kind !== "word") this.#unexpected();
    const subject = this.#token.word;
    this.#take();
    this.#skipNewlines();
    this.#expect("in");
    this.#skipNewlines();
    const arms: CaseArm[] = [];
    while (this.#keyword() !== "esac") {
      arms.push(this.#caseArm());
      this.#skipNewlines();
    }
    this.#take();
    return { kind: "case", subject, arms, redirects: this.#redirects() };
  }

  #caseArm(): CaseArm {
    if (this.#isOp("(")) this.#take();
    const patterns: Word[] = [];
    for (;;) {
      if (this.#token.kind !== "word") this.#unexpected(")");
      patterns.push(this.#token.word);
      this.#take();
      if (!this.#isOp("|")) break;
      this.#take();
    }
    this.#expect(")");
    const body = this.#list([";;", "esac"]);
    if (this.#isOp(";;")) this.#take();
    else if (this.#keyword() !== "esac") this.#unexpected(";;");
    return { patterns, body };
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    while (this.#token.kind === "redirect") redirects.push(this.#redirect());
    return redirects;
  }

  #redirect(): Redirect {
    const token = this.#take();
    if (token.kind !== "redirect") this.#unexpected();
    const heredoc = token.heredoc;
    if (heredoc !== undefined) {
      // The body is filled in when the lexer passes the newline, after this redirect is built.
      return {
        fd: token.fd,
        op: token.op,
        get target(): Word {
          return heredoc.body;
        },
      };
    }
    if (this.#token.kind !== "word") this.#unexpected();
    const target = this.#token.word;
    this.#take();
    return { fd: token.fd, op: token.op, target };
  }

  #simple(): Node {
    const assigns: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    while (this.#token.kind === "word" || this.#token.kind === "redirect") {
      if (this.#token.kind === "redirect") {
        redirects.push(this.#redirect());
        continue;
      }
      const assign = words.length === 0 ? assignment(this.#token.word) : null;
      if (assign === null) words.push(this.#token.word);
      else assigns.push(assign);
      this.#take();
    }
    if (this.#isOp("(") && words.length === 1 && assigns.length === 0) {
      return this.#function(literal(words[0] ?? []));
    }
    if (assigns.length + words.length + redirects.length === 0) this.#unexpected();
    return { kind: "simple", assigns, words, redirects };
  }

  #function(name: string | null): Node {
    if (name === null || !/^[\w.-]+$/.test(name)) this.#unexpected();
    this.#take();
    this.#expect(")");
    this.#skipNewlines();
    return { kind: "function", name, body: this.#command() };
  }
}

/** `NAME=value` as a word that may be an assignment, else null. */
function assignment(word: Word): Assignment | null {
  const first = word[0];
  if (first === undefined || first.kind !== "text" || first.quoted) return null;
  const match = /^([A-Za-z_]\w*)=/.exec(first.text);
  if (match?.[1] === undefined) return null;
  const rest = first.text.slice(match[0].length);
  const value = rest === "" ? word.slice(1) : [{ ...first, text: rest }, ...word.slice(1)];
  return { name: match[1], value };
}
