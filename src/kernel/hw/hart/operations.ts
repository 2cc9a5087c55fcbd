/**
 * Decoded instructions: four words each, `[code, d, a, b or immediate]`, in one array that the
 * executor walks. An instruction that ends a block has four more: the links to the blocks that may
 * follow, 0 while unknown, and the offsets in the page where those begin.
 *
 * Register operands are indices of low halves (twice the number). Writing x0 goes to a spare place.
 */
import { type IsaRow, OPERANDS, type OperandKind } from "./isa/row.ts";
import { ISA } from "./isa/table.ts";

/** One case of the executor's switch. */
export interface HotOperation {
  readonly name: string;
  readonly run: string;
  /** Is there a value register where others have rd? */
  readonly isStore: boolean;
}

const internal = (name: string, run: string): HotOperation => ({ name, run, isStore: false });

/** Operations that are no instructions, or frequent special cases of one. */
const INTERNAL: readonly HotOperation[] = [
  internal("illegal", "ILLEGAL"),
  internal("cold", "COLD"),
  internal("fall into the next block", "FALL"),
  internal("instruction across two pages", "STRADDLE"),
  internal("li", "x[d] = i; x[d + 1] = i >> 31;"),
  internal("mv", "const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low;"),
  internal("nop", ""),
];
export const CODE_ILLEGAL = 0;
export const CODE_COLD = 1;
export const CODE_FALL = 2;
export const CODE_STRADDLE = 3;
const CODE_LI = 4;
const CODE_MV = 5;
const CODE_NOP = 6;

/** The operations of the executor; a decoded instruction's code is its index here. */
export const HOT: readonly HotOperation[] = [
  ...INTERNAL,
  ...ISA.filter((row) => row.run !== undefined && row.run !== "").map((row) => ({
    name: row.name,
    run: row.run as string,
    isStore: row.syntax.includes("soff"),
  })),
];

/** Words of an operation, and of one that ends a block. */
export const OPERATION_WORDS = 4;
export const ENDING_WORDS = 8;

/** What decoding needs to know of a row, worked out once. */
interface Plan {
  readonly index: number;
  readonly code: number;
  readonly kinds: ReadonlySet<string>;
  readonly ends: boolean;
}

const ENDINGS: ReadonlySet<string> = new Set(["jal", "jalr", "ecall", "ebreak"]);

const PLANS: ReadonlyMap<IsaRow, Plan> = new Map(
  ISA.map((row, index) => {
    const hot = HOT.findIndex(
      (operation, at) => at >= INTERNAL.length && operation.name === row.name,
    );
    const kinds = new Set(row.syntax.match(/[a-z0-9]+/g) ?? []);
    const code = row.run === "" ? CODE_NOP : row.run === undefined ? CODE_COLD : hot;
    return [row, { index, code, kinds, ends: ENDINGS.has(row.name) || kinds.has("boff") }];
  }),
);

/** A row's place in ISA. */
export const rowIndex = (row: IsaRow): number => (PLANS.get(row) as Plan).index;

/** Where a write to x0 goes: a register that nobody reads. */
const NOWHERE = 66;

const FIRST: readonly OperandKind[] = ["rs1", "fs1"];
const SECOND: readonly OperandKind[] = ["rs2", "fs2", "imm", "shamt", "shamtw", "upper"];

function destination(kinds: ReadonlySet<string>, word: number): number {
  if (kinds.has("fd")) return OPERANDS.fd(word) * 2;
  return kinds.has("rd") && OPERANDS.rd(word) !== 0 ? OPERANDS.rd(word) * 2 : NOWHERE;
}

function operand(
  candidates: readonly OperandKind[],
  kinds: ReadonlySet<string>,
  word: number,
): number {
  const kind = candidates.find((candidate) => kinds.has(candidate));
  if (kind === undefined) return 0;
  return /^[rf]s/.test(kind) ? OPERANDS[kind](word) * 2 : OPERANDS[kind](word);
}

/** Is the word's rounding mode reserved, or one that the executor has no quick way for? */
const isReservedRounding = (rm: number): boolean => rm === 5 || rm === 6;
const isQuickRounding = (rm: number): boolean => rm === 0 || rm === 7;

/**
 * Writes the operation of one instruction at `ops[at]`. `offset` is its place in the page, `size`
 * its length in bytes. Answers whether it ends the block.
 */
export function writeOperation(
  ops: Int32Array,
  at: number,
  row: IsaRow,
  word: number,
  offset: number,
  size: number,
): boolean {
  const { code, kinds, ends } = PLANS.get(row) as Plan;
  const rounding = kinds.has("rm") ? OPERANDS.rm(word) : 0;
  if (isReservedRounding(rounding)) return writeIllegal(ops, at);
  if (code === CODE_COLD || !isQuickRounding(rounding)) {
    ops[at] = CODE_COLD;
    return false;
  }
  ops[at] = code;
  ops[at + 1] = destination(kinds, word);
  ops[at + 2] = operand(FIRST, kinds, word);
  ops[at + 3] = operand(SECOND, kinds, word);
  if (kinds.has("soff")) {
    ops[at + 1] = OPERANDS.rs2(word) * 2;
    ops[at + 3] = OPERANDS.soff(word);
  }
  if (row.name === "auipc") ops[at + 3] = OPERANDS.upper(word) + offset;
  if (row.name === "addi") simplify(ops, at);
  if (ends) writeEnding(ops, at, row, word, offset, size);
  return ends;
}

/** addi from x0 loads a constant; addi of 0 copies. */
function simplify(ops: Int32Array, at: number): void {
  if (ops[at + 2] === 0) ops[at] = CODE_LI;
  else if (ops[at + 3] === 0) ops[at] = CODE_MV;
}

function writeEnding(
  ops: Int32Array,
  at: number,
  row: IsaRow,
  word: number,
  offset: number,
  size: number,
): void {
  ops[at + 4] = 0;
  ops[at + 5] = 0;
  ops[at + 7] = offset + size;
  if (row.syntax.includes("boff")) ops[at + 6] = offset + OPERANDS.boff(word);
  if (row.name === "jal") {
    ops[at + 3] = offset + size;
    ops[at + 6] = offset + OPERANDS.joff(word);
  }
  if (row.name === "jalr") ops[at + 4] = offset + size;
}

export function writeIllegal(ops: Int32Array, at: number): true {
  ops[at] = CODE_ILLEGAL;
  return true;
}

/** The end of a block that no jump ends: what comes next begins at `offset`. */
export function writeFall(ops: Int32Array, at: number, offset: number): void {
  ops[at] = CODE_FALL;
  ops[at + 4] = 0;
  ops[at + 6] = offset;
}
