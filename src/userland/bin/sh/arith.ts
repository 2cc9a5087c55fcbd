/**
 * `$((...))`: C's integer expressions over shell variables.
 *
 * Source: POSIX.1-2017, XCU 2.6.4. Left out: assignment operators, ++, --, and 64-bit wrap-around
 * (values are exact to 2^53).
 */

/** The value, or null when the text is no expression. */
export function evaluate(text: string, lookup: (name: string) => string): number | null {
  const tokens = text.match(/0x[\da-fA-F]+|\d+|[A-Za-z_]\w*|<<|>>|<=|>=|==|!=|&&|\|\||\S/g) ?? [];
  const parser = new Arithmetic(tokens, lookup);
  const value = tokens.length === 0 ? 0 : parser.ternary();
  return parser.failed || !parser.atEnd ? null : value;
}

/** Binary operators, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "||": (a, b) => Number(a !== 0 || b !== 0),
  "&&": (a, b) => Number(a !== 0 && b !== 0),
  "|": (a, b) => Number(BigInt(a) | BigInt(b)),
  "^": (a, b) => Number(BigInt(a) ^ BigInt(b)),
  "&": (a, b) => Number(BigInt(a) & BigInt(b)),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "<": (a, b) => Number(a < b),
  ">": (a, b) => Number(a > b),
  "<=": (a, b) => Number(a <= b),
  ">=": (a, b) => Number(a >= b),
  "<<": (a, b) => a * 2 ** b,
  ">>": (a, b) => Math.floor(a / 2 ** b),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => Math.trunc(a / b),
  "%": (a, b) => a % b,
};

class Arithmetic {
  failed = false;
  readonly #tokens: readonly string[];
  readonly #lookup: (name: string) => string;
  #at = 0;

  constructor(tokens: readonly string[], lookup: (name: string) => string) {
    this.#tokens = tokens;
    this.#lookup = lookup;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  ternary(): number {
    const condition = this.#binary(0);
    if (this.#tokens[this.#at] !== "?") return condition;
    this.#at += 1;
    const yes = this.ternary();
    if (this.#tokens[this.#at++] !== ":") this.failed = true;
    const no = this.ternary();
    return condition !== 0 ? yes : no;
  }

  #binary(level: number): number {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      if (!operators.includes(operator)) return left;
      this.#at += 1;
      const right = this.#binary(level + 1);
      if ((operator === "/" || operator === "%") && right === 0) this.failed = true;
      else left = OPERATIONS[operator]?.(left, right) ?? 0;
    }
  }

  #unary(): number {
    const token = this.#tokens[this.#at++];
    if (token === "-") return -this.#unary();
    if (token === "+") return this.#unary();
    if (token === "!") return Number(this.#unary() === 0);
    if (token === "~") return -this.#unary() - 1;
    if (token === "(") {
      const value = this.ternary();
      if (this.#tokens[this.#at++] !== ")") this.failed = true;
      return value;
    }
    if (token === undefined) this.failed = true;
    return this.#operand(token ?? "0");
  }

  #operand(token: string): number {
    const text = /^[A-Za-z_]/.test(token) ? this.#lookup(token) || "0" : token;
    const value = /^-?0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    if (!Number.isSafeInteger(value)) this.failed = true;
    return this.failed ? 0 : value;
  }
}
