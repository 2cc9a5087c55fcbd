/**
 * Conditional compilation. C has it in directives; here they stand in comments of their own line, and
 * what is not compiled is blanked out before TypeScript sees it:
 *
 *     //#if defined(CONFIG_SMP) && LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 36)
 *     //#elif __has_include("linux/utrace")
 *     //#else
 *     //#endif
 *
 * Source: C11 6.10.1, 6.10.5, and C23's __has_include; include/linux/kconfig.h (IS_ENABLED);
 * include/generated/uapi/linux/version.h. Left out: #define and #include, arithmetic.
 */
import type { MessageKey } from "./messages.ts";

/** What the build defines: options by name, numbers, and which headers there are. */
export interface Definitions {
  readonly macros: Readonly<Record<string, boolean | number | string>>;
  readonly hasHeader: (path: string) => boolean;
}

export interface PreprocessError {
  readonly line: number;
  readonly key: MessageKey;
  readonly args: readonly string[];
}

export interface Preprocessed {
  /** As many lines as before; those that are not compiled are empty. */
  readonly text: string;
  readonly errors: readonly PreprocessError[];
}

/** include/generated/uapi/linux/version.h; the last number has had a byte since 2.6. */
export const kernelVersion = (version: number, patchlevel: number, sublevel: number): number =>
  version * 65536 + patchlevel * 256 + Math.min(sublevel, 255);

/** LINUX_VERSION_CODE of a version as people write it: `3.15-rc2` counts as 3.15.0. */
export function versionCode(version: string): number {
  const [, a = 0, b = 0, c = 0] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return kernelVersion(Number(a), Number(b), Number(c));
}

const DIRECTIVE = /^\s*\/\/#\s*(\w+)\s*(.*)$/;
const TOKEN = /"[^"]*"|<[\w/.-]+>|\w+|&&|\|\||[<>=!]=|[<>!(),]|\S/g;
const NESTING_MAX = 32;

class BadCondition extends Error {}

/** Evaluates one condition; an unknown name is 0, as in C. */
class Condition {
  readonly #words: readonly string[];
  readonly #definitions: Definitions;
  #at = 0;

  constructor(text: string, definitions: Definitions) {
    this.#words = text.match(TOKEN) ?? [];
    this.#definitions = definitions;
  }

  value(): number {
    const value = this.#or(0);
    if (this.#at < this.#words.length) throw new BadCondition();
    return value;
  }

  #accept(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  #expect(word: string): void {
    if (!this.#accept(word)) throw new BadCondition();
  }

  #or(depth: number): number {
    if (depth > NESTING_MAX) throw new BadCondition();
    let value = this.#and(depth);
    while (this.#accept("||")) value = Number(this.#and(depth) !== 0 || value !== 0);
    return value;
  }

  #and(depth: number): number {
    let value = this.#comparison(depth);
    while (this.#accept("&&")) value = Number(this.#comparison(depth) !== 0 && value !== 0);
    return value;
  }

  #comparison(depth: number): number {
    const left = this.#unary(depth);
    if (this.#accept(">=")) return Number(left >= this.#unary(depth));
    if (this.#accept("<=")) return Number(left <= this.#unary(depth));
    if (this.#accept("==")) return Number(left === this.#unary(depth));
    if (this.#accept("!=")) return Number(left !== this.#unary(depth));
    if (this.#accept(">")) return Number(left > this.#unary(depth));
    if (this.#accept("<")) return Number(left < this.#unary(depth));
    return left;
  }

  #unary(depth: number): number {
    let isNegated = false;
    let value: number;
    while (this.#accept("!")) isNegated = !isNegated;
    if (this.#accept("(")) {
      value = this.#or(depth + 1);
      this.#expect(")");
    } else value = this.#operand();
    return isNegated ? Number(value === 0) : value;
  }

  #operand(): number {
    const word = this.#words[this.#at++] ?? "";
    if (/^\d+$/.test(word)) return Number(word);
    if (!/^[A-Za-z_]\w*$/.test(word)) throw new BadCondition();
    switch (word) {
      case "defined":
        return this.#defined();
      case "IS_ENABLED":
        return Number(this.#numberOf(this.#argument()) !== 0);
      case "__has_include":
        return Number(this.#definitions.hasHeader(this.#argument().replace(/^["<]|[">]$/g, "")));
      case "KERNEL_VERSION": {
        const [a = 0, b = 0, c = 0] = this.#numbers();
        return kernelVersion(a, b, c);
      }
      default:
        return this.#numberOf(word);
    }
  }

  #defined(): number {
    const isBare = this.#words[this.#at] !== "(";
    const name = isBare ? (this.#words[this.#at++] ?? "") : this.#argument();
    const value = this.#macro(name);
    return Number(value !== undefined && value !== false);
  }

  /** A module that is not there is not defined; `=n` is not written. */
  #numberOf(name: string): number {
    const value = this.#macro(name);
    return typeof value === "number" ? value : Number(value === true);
  }

  #macro(name: string): boolean | number | string | undefined {
    const { macros } = this.#definitions;
    return Object.hasOwn(macros, name) ? macros[name] : undefined;
  }

  #argument(): string {
    this.#expect("(");
    const word = this.#words[this.#at++] ?? "";
    this.#expect(")");
    return word;
  }

  #numbers(): readonly number[] {
    this.#expect("(");
    const numbers: number[] = [];
    do {
      const word = this.#words[this.#at++] ?? "";
      if (!/^\d+$/.test(word)) throw new BadCondition();
      numbers.push(Number(word));
    } while (this.#accept(","));
    this.#expect(")");
    return numbers;
  }
}

/** One #if up to its #endif. */
interface Block {
  readonly line: number;
  /** Whether the lines around it are compiled. */
  readonly isOuter: boolean;
  isTaken: boolean;
  wasTaken: boolean;
  hasElse: boolean;
}

class Preprocessor {
  readonly errors: PreprocessError[] = [];
  readonly #definitions: Definitions;
  readonly #blocks: Block[] = [];

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  get #isCompiled(): boolean {
    const block = this.#blocks.at(-1);
    return block === undefined || (block.isOuter && block.isTaken);
  }

  /** A line as it is left. */
  line(text: string, number: number): string {
    const match = DIRECTIVE.exec(text);
    if (match === null) return this.#isCompiled ? text : "";
    this.#directive(match[1] ?? "", (match[2] ?? "").trim(), number);
    return "";
  }

  end(): void {
    for (const { line } of this.#blocks) this.#error(line, "unterminatedIf");
  }

  #directive(word: string, rest: string, line: number): void {
    if (word === "if" || word === "ifdef" || word === "ifndef") {
      const isOuter = this.#isCompiled;
      const isTaken = isOuter && this.#holds(word, rest, line);
      this.#blocks.push({ line, isOuter, isTaken, wasTaken: isTaken, hasElse: false });
      return;
    }
    const block = this.#blocks.at(-1);
    if (word === "error") {
      if (this.#isCompiled) this.#error(line, "errorDirective", rest);
    } else if (word !== "elif" && word !== "else" && word !== "endif") {
      if (this.#isCompiled) this.#error(line, "badDirective", word);
    } else if (block === undefined || (word !== "endif" && block.hasElse))
      this.#error(line, "withoutIf", word);
    else if (word === "endif") this.#blocks.pop();
    else {
      const isWanted = !block.wasTaken && block.isOuter;
      block.isTaken = isWanted && (word === "else" || this.#holds("if", rest, line));
      block.wasTaken ||= block.isTaken;
      block.hasElse = word === "else";
    }
  }

  #holds(word: string, rest: string, line: number): boolean {
    const text = word === "if" ? rest : `${word === "ifdef" ? "" : "!"}defined(${rest})`;
    try {
      return new Condition(text, this.#definitions).value() !== 0;
    } catch (error) {
      if (!(error instanceof BadCondition)) throw error;
      this.#error(line, "badCondition", rest);
      return false;
    }
  }

  #error(line: number, key: MessageKey, ...args: readonly string[]): void {
    this.errors.push({ line, key, args });
  }
}

/** Are there lines in it that are for some builds only? */
export const hasConditions = (text: string): boolean => /^\s*\/\/#\s*if/m.test(text);

export function preprocess(text: string, definitions: Definitions): Preprocessed {
  if (!text.includes("//#")) return { text, errors: [] };
  const preprocessor = new Preprocessor(definitions);
  const lines = text.split("\n").map((line, index) => preprocessor.line(line, index + 1));
  preprocessor.end();
  return { text: lines.join("\n"), errors: preprocessor.errors };
}
