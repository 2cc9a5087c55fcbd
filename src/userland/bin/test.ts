/**
 * test and `[`: questions about files, strings and numbers, answered by the exit status.
 *
 * Source: POSIX.1-2017, XCU `test`; `-a` and `-o` as GNU has them.
 */
import {
  R_OK,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  W_OK,
  X_OK,
} from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

const TYPES: Readonly<Record<string, number>> = {
  "-f": S_IFREG,
  "-d": S_IFDIR,
  "-b": S_IFBLK,
  "-c": S_IFCHR,
  "-p": S_IFIFO,
};
const ACCESS: Readonly<Record<string, number>> = { "-r": R_OK, "-w": W_OK, "-x": X_OK };

const BINARY: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "-eq": (a, b) => Number(a) === Number(b),
  "-ne": (a, b) => Number(a) !== Number(b),
  "-lt": (a, b) => Number(a) < Number(b),
  "-le": (a, b) => Number(a) <= Number(b),
  "-gt": (a, b) => Number(a) > Number(b),
  "-ge": (a, b) => Number(a) >= Number(b),
};

/** 0 true, 1 false, 2 a mistake in the expression. `argv[0]` is `test` or `[`. */
export function* evaluateTest(p: Proc, argv: readonly string[]): UserCall {
  const name = argv[0] ?? "test";
  const operands = argv.slice(1);
  if (name.endsWith("[") && operands.pop() !== "]") {
    yield* p.error(`${name}: missing ]\n`);
    return 2;
  }
  const parser = new TestExpression(p, operands);
  const value = operands.length === 0 ? false : yield* parser.or();
  if (parser.problem === null && !parser.atEnd) parser.problem = "too many arguments";
  if (parser.problem === null) return value ? 0 : 1;
  yield* p.error(`${name}: ${parser.problem}\n`);
  return 2;
}

class TestExpression {
  problem: string | null = null;
  readonly #p: Proc;
  readonly #words: readonly string[];
  #at = 0;

  constructor(p: Proc, words: readonly string[]) {
    this.#p = p;
    this.#words = words;
  }

  get atEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  *or(): UserCall<boolean> {
    let value = yield* this.#and();
    while (this.#words[this.#at] === "-o") {
      this.#at += 1;
      value = (yield* this.#and()) || value;
    }
    return value;
  }

  *#and(): UserCall<boolean> {
    let value = yield* this.#primary();
    while (this.#words[this.#at] === "-a") {
      this.#at += 1;
      value = (yield* this.#primary()) && value;
    }
    return value;
  }

  *#primary(): UserCall<boolean> {
    const [first, second, third] = this.#words.slice(this.#at, this.#at + 3);
    if (first === undefined) {
      this.problem = "argument expected";
      return false;
    }
    const binary = second === undefined ? undefined : BINARY[second];
    if (binary !== undefined && second !== undefined && third !== undefined) {
      this.#at += 3;
      return this.#compare(first, second, third, binary);
    }
    if (first === "!") {
      this.#at += 1;
      return !(yield* this.#primary());
    }
    if (first === "(") return yield* this.#parenthesis();
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      this.#at += 2;
      return yield* this.#unary(first, second);
    }
    this.#at += 1;
    return first !== "";
  }

  *#parenthesis(): UserCall<boolean> {
    this.#at += 1;
    const value = yield* this.or();
    if (this.#words[this.#at++] !== ")") this.problem = "closing paren expected";
    return value;
  }

  #compare(
    left: string,
    operator: string,
    right: string,
    binary: (a: string, b: string) => boolean,
  ): boolean {
    if (operator.startsWith("-")) {
      const wrong = [left, right].find((text) => !/^\s*[-+]?\d+\s*$/.test(text));
      if (wrong !== undefined) this.problem = `${wrong}: bad number`;
    }
    return binary(left, right);
  }

  *#unary(operator: string, operand: string): UserCall<boolean> {
    if (operator === "-n") return operand !== "";
    if (operator === "-z") return operand === "";
    if (operator === "-t") return yield* this.#p.sys.isatty(Number(operand));
    const access = ACCESS[operator];
    if (access !== undefined) return (yield* this.#p.sys.access(operand, access)) === 0;
    const links = operator === "-L" || operator === "-h";
    const stat = yield* links ? this.#p.sys.lstat(operand) : this.#p.sys.stat(operand);
    if (typeof stat === "number") return false;
    if (links) return (stat.st_mode & S_IFMT) === S_IFLNK;
    if (operator === "-e") return true;
    if (operator === "-s") return stat.st_size > 0;
    const type = TYPES[operator];
    if (type === undefined) this.problem = `${operator}: unknown operand`;
    return (stat.st_mode & S_IFMT) === type;
  }
}

export const TEST: ProgramImage = defineProgram("test", (p) => evaluateTest(p, p.argv));
