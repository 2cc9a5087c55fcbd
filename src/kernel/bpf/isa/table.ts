/**
 * The instruction set: what an instruction is, read off the rows. Printer, assembler, verifier and
 * machine all start from `decode`.
 *
 * Source: RFC 9669, conformance groups base64, divmul64 and atomic64 with their 32-bit parts; the
 * words of refusals are kernel/bpf/verifier.c's, 6.16. Left out: legacy packet access; calls between
 * the functions of a program, and callbacks; map values and variables as immediates.
 */
import {
  BPF_ALU,
  BPF_ALU64,
  BPF_ATOMIC,
  BPF_JMP,
  BPF_JMP32,
  BPF_LDX,
  BPF_MEM,
  BPF_MEMSX,
  BPF_PSEUDO_MAP_FD,
  BPF_ST,
  BPF_STX,
  BPF_X,
} from "../../abi/bpf.ts";
import { ARITHMETIC_ROWS, type ArithmeticRow } from "./arithmetic.ts";
import { BYTE_SWAP_ROWS, type ByteSwapRow } from "./byte-swap.ts";
import { classOf, type Instruction, LDDW } from "./instruction.ts";
import { CALL, EXIT, JUMP_ALWAYS, JUMP_ROWS, type JumpRow } from "./jump.ts";
import { ATOMIC_ROWS, type AtomicRow, SIZE_ROWS, type SizeRow } from "./memory.ts";

/** Where the second operand comes from. */
export type OperandSource = "imm" | "register";

export type Operation =
  | {
      readonly kind: "arithmetic";
      readonly row: ArithmeticRow;
      readonly is64: boolean;
      readonly from: OperandSource;
    }
  | { readonly kind: "swap"; readonly row: ByteSwapRow; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "wide" }
  | { readonly kind: "load"; readonly size: SizeRow; readonly signed: boolean }
  | { readonly kind: "store"; readonly size: SizeRow; readonly from: OperandSource }
  | { readonly kind: "atomic"; readonly row: AtomicRow; readonly size: SizeRow }
  | {
      readonly kind: "jump";
      readonly row: JumpRow;
      readonly is64: boolean;
      readonly from: OperandSource;
    }
  | { readonly kind: "goto"; readonly isLong: boolean }
  | { readonly kind: "call" }
  | { readonly kind: "exit" };

/** What `insn` is, or why it is nothing. */
export function decode(insn: Instruction): Operation | string {
  if (insn.dst > 10 || insn.src > 10) return `R${Math.max(insn.dst, insn.src)} is invalid`;
  switch (classOf(insn.code)) {
    case BPF_ALU:
    case BPF_ALU64:
      return decodeArithmetic(insn);
    case BPF_JMP:
    case BPF_JMP32:
      return decodeJump(insn);
    case BPF_LDX:
    case BPF_ST:
    case BPF_STX:
      return decodeMemory(insn);
    default:
      return decodeWide(insn);
  }
}

const unknown = ({ code }: Instruction): string =>
  `unknown opcode ${code.toString(16).padStart(2, "0")}`;

const sourceOf = (code: number): OperandSource => ((code & BPF_X) === 0 ? "imm" : "register");

function decodeArithmetic(insn: Instruction): Operation | string {
  const { code, src, off, imm } = insn;
  const swap = BYTE_SWAP_ROWS.find((row) => row.code === code);
  if (swap !== undefined) {
    if (src !== 0 || off !== 0 || (imm !== 16 && imm !== 32 && imm !== 64))
      return "BPF_END uses reserved fields";
    return { kind: "swap", row: swap, bits: imm };
  }
  const named = ARITHMETIC_ROWS.filter((row) => row.code === (code & 0xf0));
  if (named.length === 0) return unknown(insn);
  const is64 = classOf(code) === BPF_ALU64;
  const from = sourceOf(code);
  const row = named.find((each) => each.off === off);
  const isFit =
    row !== undefined &&
    (is64 || row.run32 !== undefined) &&
    (from === "register" ? imm === 0 : src === 0) &&
    (row.registerOnly !== true || from === "register") &&
    (row.unary !== true || (from === "imm" && imm === 0));
  if (!isFit) return `${named[0]?.name === "mov" ? "BPF_MOV" : "BPF_ALU"} uses reserved fields`;
  return { kind: "arithmetic", row, is64, from };
}

function decodeJump(insn: Instruction): Operation | string {
  const { code, src, imm } = insn;
  const is64 = classOf(code) === BPF_JMP;
  const from = sourceOf(code);
  const row = JUMP_ROWS.find((each) => each.code === (code & 0xf0));
  if (row === undefined) return from === "register" ? unknown(insn) : decodePlain(insn, is64);
  if (from === "register" ? imm !== 0 : src !== 0) return "BPF_JMP uses reserved fields";
  return { kind: "jump", row, is64, from };
}

/** The jumps without a condition. */
function decodePlain(insn: Instruction, is64: boolean): Operation | string {
  const { code, dst, src, off, imm } = insn;
  const operation = code & 0xf0;
  if (operation === JUMP_ALWAYS) {
    if (dst !== 0 || src !== 0 || (is64 ? imm : off) !== 0) return "BPF_JA uses reserved fields";
    return { kind: "goto", isLong: !is64 };
  }
  if (!is64) return unknown(insn);
  if (operation === CALL) {
    return dst !== 0 || src !== 0 || off !== 0 ? "BPF_CALL uses reserved fields" : { kind: "call" };
  }
  if (operation !== EXIT) return unknown(insn);
  const isFit = dst === 0 && src === 0 && off === 0 && imm === 0;
  return isFit ? { kind: "exit" } : "BPF_EXIT uses reserved fields";
}

function decodeMemory(insn: Instruction): Operation | string {
  const { code, src, imm } = insn;
  const size = SIZE_ROWS.find((row) => row.code === (code & 0x18));
  const mode = code & 0xe0;
  const kind = classOf(code);
  if (size === undefined) return unknown(insn);
  if (kind === BPF_LDX) return decodeLoad(insn, size, mode);
  if (mode === BPF_MEM) {
    if (kind === BPF_ST)
      return src !== 0 ? "BPF_ST uses reserved fields" : { kind: "store", size, from: "imm" };
    return imm !== 0 ? "BPF_STX uses reserved fields" : { kind: "store", size, from: "register" };
  }
  if (kind !== BPF_STX || mode !== BPF_ATOMIC) return unknown(insn);
  const row = ATOMIC_ROWS.find((each) => each.imm === imm);
  if (row === undefined || size.bytes < 4)
    return `BPF_ATOMIC uses invalid atomic opcode ${(imm & 0xff).toString(16).padStart(2, "0")}`;
  return { kind: "atomic", row, size };
}

function decodeLoad(insn: Instruction, size: SizeRow, mode: number): Operation | string {
  if (insn.imm !== 0) return "BPF_LDX uses reserved fields";
  if (mode === BPF_MEM) return { kind: "load", size, signed: false };
  const isSigned = mode === BPF_MEMSX && size.loadSigned !== undefined;
  return isSigned ? { kind: "load", size, signed: true } : unknown(insn);
}

function decodeWide(insn: Instruction): Operation | string {
  if (insn.code !== LDDW) return unknown(insn);
  const isFit = insn.off === 0 && (insn.src === 0 || insn.src === BPF_PSEUDO_MAP_FD);
  return isFit ? { kind: "wide" } : "BPF_LD_IMM64 uses reserved fields";
}
