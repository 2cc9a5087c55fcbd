/**
 * Arithmetic rows: each operation once, for 64 and for 32 bits, for an immediate and for a register.
 *
 * What an operation does is a line of the executor (scripts/build-bpf.ts) over `x`, the registers as
 * halves, and `d` and `s`, indices of the low halves of destination and operand. Immediates lie in
 * slots behind the registers, so that an operation does not know the difference.
 *
 * Source: RFC 9669, sections 4.1 and 4.2 (division by zero gives zero, modulo by zero leaves the
 * destination; shifts use the low 6 or 5 bits).
 */

export interface ArithmeticRow {
  /** RFC 9669's name, in lower case. */
  readonly name: string;
  /** The upper four bits of the opcode. */
  readonly code: number;
  /** What the offset field must hold. */
  readonly off: number;
  /** As assembly writes it, between destination and source: `+=`, or `= (s8)`. */
  readonly symbol: string;
  readonly run64: string;
  /** Undefined: there is no such instruction. */
  readonly run32: string | undefined;
  /** No operand: `r1 = -r1`. */
  readonly unary?: true;
  /** The operand is always a register. */
  readonly registerOnly?: true;
}

/** The low 32 bits are that, the upper ones zero. */
const word = (value: string): string => `x[d] = ${value}; x[d + 1] = 0;`;

const halves = (operator: string): string =>
  `x[d] ${operator}= x[s]; x[d + 1] ${operator}= x[s + 1];`;

/** Division by a function of the hart's, which here gives zero where there is nothing to divide by. */
const divided = (by: string): string =>
  `if ((x[s] | x[s + 1]) === 0) { ${word("0")} } else ${by}(x, d, d, s);`;

/** A shift by `by`, in a form for 1 to 31 and one for 32 to 63. */
const shifted = (short: string, long: string): string =>
  `const by = x[s] & 63, low = x[d], high = x[d + 1];
if (by >= 32) { ${long} } else if (by > 0) { ${short} }`;

/** Moves `bits` low bits, sign-extended. */
const extended = (bits: number): string => `(x[s] << ${32 - bits}) >> ${32 - bits}`;

type Rest = Partial<Pick<ArithmeticRow, "off" | "unary" | "registerOnly">>;

const row = (
  name: string,
  code: number,
  symbol: string,
  run64: string,
  run32: string | undefined,
  rest: Rest = {},
): ArithmeticRow => ({ name, code, off: 0, symbol, run64, run32, ...rest });

const extend = (bits: number): ArithmeticRow =>
  row(
    `movsx${bits}`,
    0xb0,
    `= (s${bits})`,
    `const low = ${extended(bits)}; x[d] = low; x[d + 1] = low >> 31;`,
    bits === 32 ? undefined : word(extended(bits)),
    { off: bits, registerOnly: true },
  );

const ADD = `const low = (x[d] >>> 0) + (x[s] >>> 0);
x[d + 1] = x[d + 1] + x[s + 1] + (low >= 4294967296 ? 1 : 0); x[d] = low;`;

const SUB = `const low = (x[d] >>> 0) - (x[s] >>> 0);
x[d + 1] = x[d + 1] - x[s + 1] - (low < 0 ? 1 : 0); x[d] = low;`;

/** The product of the low halves is rounded as a double; its low half says by how much. */
const MUL = `const a = x[d] >>> 0, b = x[s] >>> 0, low = Math.imul(a, b);
const cross = (Math.imul(x[d + 1], b) + Math.imul(a, x[s + 1])) | 0;
x[d] = low; x[d + 1] = Math.floor((a * b - (low >>> 0)) / 4294967296 + 0.5) + cross;`;

export const ARITHMETIC_ROWS: readonly ArithmeticRow[] = [
  row("add", 0x00, "+=", ADD, word("x[d] + x[s]")),
  row("sub", 0x10, "-=", SUB, word("x[d] - x[s]")),
  row("mul", 0x20, "*=", MUL, word("Math.imul(x[d], x[s])")),
  row(
    "div",
    0x30,
    "/=",
    divided("divideUnsigned"),
    word("x[s] === 0 ? 0 : (x[d] >>> 0) / (x[s] >>> 0)"),
  ),
  row("sdiv", 0x30, "s/=", divided("divide"), word("x[s] === 0 ? 0 : x[d] / x[s]"), { off: 1 }),
  row("or", 0x40, "|=", halves("|"), word("x[d] | x[s]")),
  row("and", 0x50, "&=", halves("&"), word("x[d] & x[s]")),
  row(
    "lsh",
    0x60,
    "<<=",
    shifted(
      "x[d + 1] = (high << by) | (low >>> (32 - by)); x[d] = low << by;",
      "x[d + 1] = low << (by - 32); x[d] = 0;",
    ),
    word("x[d] << x[s]"),
  ),
  row(
    "rsh",
    0x70,
    ">>=",
    shifted(
      "x[d] = (low >>> by) | (high << (32 - by)); x[d + 1] = high >>> by;",
      "x[d] = high >>> (by - 32); x[d + 1] = 0;",
    ),
    word("x[d] >>> x[s]"),
  ),
  row(
    "neg",
    0x80,
    "-",
    "x[d + 1] = -x[d + 1] - (x[d] === 0 ? 0 : 1); x[d] = -x[d];",
    word("-x[d]"),
    { unary: true },
  ),
  row(
    "mod",
    0x90,
    "%=",
    "remainderUnsigned(x, d, d, s);",
    word("x[s] === 0 ? x[d] : (x[d] >>> 0) % (x[s] >>> 0)"),
  ),
  row("smod", 0x90, "s%=", "remainder(x, d, d, s);", word("x[s] === 0 ? x[d] : x[d] % x[s]"), {
    off: 1,
  }),
  row("xor", 0xa0, "^=", halves("^"), word("x[d] ^ x[s]")),
  row("mov", 0xb0, "=", "x[d + 1] = x[s + 1]; x[d] = x[s];", word("x[s]")),
  extend(8),
  extend(16),
  extend(32),
  row(
    "arsh",
    0xc0,
    "s>>=",
    shifted(
      "x[d] = (low >>> by) | (high << (32 - by)); x[d + 1] = high >> by;",
      "x[d] = high >> (by - 32); x[d + 1] = high >> 31;",
    ),
    word("x[d] >> x[s]"),
  ),
];
