/**
 * Conditional jumps: each test once, for 64 and 32 bits, for an immediate and for a register.
 *
 * A test is an expression of the executor (scripts/build-bpf.ts) over `x`, `d` and `s`.
 *
 * Source: RFC 9669, section 4.3.
 */

export interface JumpRow {
  readonly name: string;
  /** The upper four bits of the opcode. */
  readonly code: number;
  /** As assembly writes it. */
  readonly symbol: string;
  readonly test64: string;
  readonly test32: string;
}

const EQUAL = "x[d] === x[s] && x[d + 1] === x[s + 1]";

/** By the upper halves, and if those are equal by the lower ones, which are always unsigned. */
const ordered = (sign: "" | " >>> 0", operator: string): string => {
  const [a, b] = sign === "" ? ["x[d + 1]", "x[s + 1]"] : ["x[d + 1] >>> 0", "x[s + 1] >>> 0"];
  return `x[d + 1] === x[s + 1] ? x[d] >>> 0 ${operator} x[s] >>> 0 : ${a} ${operator} ${b}`;
};

const row = (
  name: string,
  code: number,
  symbol: string,
  test64: string,
  test32: string,
): JumpRow => ({
  name,
  code,
  symbol,
  test64,
  test32,
});

const unsigned = (name: string, code: number, operator: string): JumpRow =>
  row(name, code, operator, ordered(" >>> 0", operator), `x[d] >>> 0 ${operator} x[s] >>> 0`);

const signed = (name: string, code: number, operator: string): JumpRow =>
  row(name, code, `s${operator}`, ordered("", operator), `x[d] ${operator} x[s]`);

export const JUMP_ROWS: readonly JumpRow[] = [
  row("jeq", 0x10, "==", EQUAL, "x[d] === x[s]"),
  unsigned("jgt", 0x20, ">"),
  unsigned("jge", 0x30, ">="),
  row("jset", 0x40, "&", "((x[d] & x[s]) | (x[d + 1] & x[s + 1])) !== 0", "(x[d] & x[s]) !== 0"),
  row("jne", 0x50, "!=", `!(${EQUAL})`, "x[d] !== x[s]"),
  signed("jsgt", 0x60, ">"),
  signed("jsge", 0x70, ">="),
  unsigned("jlt", 0xa0, "<"),
  unsigned("jle", 0xb0, "<="),
  signed("jslt", 0xc0, "<"),
  signed("jsle", 0xd0, "<="),
];

/** The jumps that ask nothing, and the two ways out. */
export const JUMP_ALWAYS = 0x00;
export const CALL = 0x80;
export const EXIT = 0x90;
