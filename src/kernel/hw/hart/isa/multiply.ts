/**
 * M: multiplication and division. Division by zero and overflow trap nowhere and have the results
 * that the specification names.
 *
 * Source: RISC-V unprivileged ISA, chapter "M"; table 7.1 for the special results.
 */
import { type IsaRow, MASK_FUNCT7, OPCODE } from "./row.ts";

const operation =
  (opcode: number) =>
  (name: string, funct3: number, run: string): IsaRow => ({
    name,
    syntax: "rd,rs1,rs2",
    match: (1 << 25) | (funct3 << 12) | opcode,
    mask: MASK_FUNCT7,
    run,
  });
const wide = operation(OPCODE.op);
const narrow = operation(OPCODE.op32);

const word = (value: string): string => `const low = ${value}; x[d] = low; x[d + 1] = low >> 31;`;

export const MULTIPLY_ROWS: readonly IsaRow[] = [
  // The high half of a product of two 32-bit halves is exact: a double errs by less than half a unit of it.
  wide(
    "mul",
    0,
    `const low = Math.imul(x[a], x[b]);
const product = (x[a] >>> 0) * (x[b] >>> 0);
const carried = ((product - (low >>> 0)) / 4294967296 + 0.5) >>> 0;
x[d + 1] = carried + Math.imul(x[a], x[b + 1]) + Math.imul(x[a + 1], x[b]); x[d] = low;`,
  ),
  wide("mulh", 1, "multiplyHigh(x, d, a, b, true, true);"),
  wide("mulhsu", 2, "multiplyHigh(x, d, a, b, true, false);"),
  wide("mulhu", 3, "multiplyHigh(x, d, a, b, false, false);"),
  wide("div", 4, "divide(x, d, a, b);"),
  wide("divu", 5, "divideUnsigned(x, d, a, b);"),
  wide("rem", 6, "remainder(x, d, a, b);"),
  wide("remu", 7, "remainderUnsigned(x, d, a, b);"),
  narrow("mulw", 0, word("Math.imul(x[a], x[b])")),
  narrow("divw", 4, word("x[b] === 0 ? -1 : (x[a] / x[b]) | 0")),
  narrow("divuw", 5, word("x[b] === 0 ? -1 : ((x[a] >>> 0) / (x[b] >>> 0)) | 0")),
  narrow("remw", 6, word("x[b] === 0 ? x[a] : (x[a] % x[b]) | 0")),
  narrow("remuw", 7, word("x[b] === 0 ? x[a] : ((x[a] >>> 0) % (x[b] >>> 0)) | 0")),
];
