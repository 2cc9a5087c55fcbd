/**
 * The shell's syntax tree. It is plain data, so that a subshell can receive it as JSON in its
 * memory: a TypeScript program has no fork(2) that would carry the parsed tree along.
 *
 * Source: POSIX.1-2017, XCU chapter 2 "Shell Command Language", grammar of section 2.10.
 */

/** `${name OP word}`. */
export type ParamOp = ":-" | "-" | ":=" | "=" | ":?" | "?" | ":+" | "+" | "#" | "##" | "%" | "%%";

/** A piece of a word. `quoted` pieces are neither split nor globbed. */
export type WordPart =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: "param";
      readonly name: string;
      readonly op?: ParamOp;
      readonly word?: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: "length"; readonly name: string; readonly quoted: boolean }
  | { readonly kind: "command"; readonly script: string; readonly quoted: boolean }
  | { readonly kind: "arith"; readonly word: Word; readonly quoted: boolean };

export type Word = readonly WordPart[];

export type RedirectOp = "<" | ">" | ">>" | ">|" | "<>" | "<&" | ">&" | "<<";

export interface Redirect {
  readonly fd: number;
  readonly op: RedirectOp;
  /** File name, descriptor number or `-`; for `<<` the text itself. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface SimpleCommand {
  readonly kind: "simple";
  readonly assigns: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** One `and-or` of a list with its separator, and its source text for job messages. */
export interface ListItem {
  readonly node: Node;
  readonly background: boolean;
  readonly text: string;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly ListItem[];
}

export interface CaseArm {
  readonly patterns: readonly Word[];
  readonly body: List;
}

export type Node =
  | SimpleCommand
  | List
  | { readonly kind: "pipeline"; readonly negate: boolean; readonly stages: readonly Node[] }
  | {
      readonly kind: "and-or";
      readonly op: "&&" | "||";
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: "group"; readonly body: List; readonly redirects: readonly Redirect[] }
  | { readonly kind: "subshell"; readonly body: List; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: "if";
      readonly condition: List;
      readonly then: List;
      readonly otherwise: Node | null;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "while";
      readonly until: boolean;
      readonly condition: List;
      readonly body: List;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "for";
      readonly name: string;
      /** null means `"$@"`. */
      readonly words: readonly Word[] | null;
      readonly body: List;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "case";
      readonly subject: Word;
      readonly arms: readonly CaseArm[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: "function"; readonly name: string; readonly body: Node };
