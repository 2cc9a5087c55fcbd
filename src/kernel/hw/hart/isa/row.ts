/**
 * One row of the instruction table: an encoding, its assembly syntax and what it does. Decoder,
 * executor, disassembler and assembler are all read from the rows.
 *
 * Source: RISC-V unprivileged ISA, volume I, 20191213, chapter 24 (instruction listings); operand
 * names as in riscv-opcodes. Left out: vector, bit-manipulation and privileged instructions.
 */

/** Where an operand sits in the 32-bit word, and what it means. */
export type OperandKind =
  | "rd"
  | "rs1"
  | "rs2"
  | "fd"
  | "fs1"
  | "fs2"
  | "fs3"
  | "imm" // 12 bits, signed
  | "shamt" // 6 bits
  | "shamtw" // 5 bits
  | "soff" // a store's offset, 12 bits, signed
  | "boff" // a branch's, 13 bits, even
  | "joff" // jal's, 21 bits, even
  | "upper" // the upper 20 bits
  | "csr"
  | "uimm" // 5 bits, where rs1 would be
  | "rm";

export interface IsaRow {
  readonly name: string;
  /** Operands as assembly writes them: `rd,imm(rs1)`. */
  readonly syntax: string;
  /** The word's fixed bits, and which bits those are. */
  readonly match: number;
  readonly mask: number;
  /**
   * What it does, as a line of the executor over `d`, `a`, `b` (register indices) and `i` (the
   * immediate); see scripts/build-hart.ts for the words it may use. Absent: it is executed by
   * cold.ts, by name.
   */
  readonly run?: string;
}

/** Opcode fields, bits 6-0. */
export const OPCODE = {
  load: 0x03,
  loadFp: 0x07,
  miscMem: 0x0f,
  opImm: 0x13,
  auipc: 0x17,
  opImm32: 0x1b,
  store: 0x23,
  storeFp: 0x27,
  amo: 0x2f,
  op: 0x33,
  lui: 0x37,
  op32: 0x3b,
  madd: 0x43,
  msub: 0x47,
  nmsub: 0x4b,
  nmadd: 0x4f,
  opFp: 0x53,
  branch: 0x63,
  jalr: 0x67,
  jal: 0x6f,
  system: 0x73,
} as const;

/** Masks of the fields that identify: opcode; with funct3; with funct7 too; and so on. */
export const MASK_OPCODE = 0x7f;
export const MASK_FUNCT3 = 0x707f;
export const MASK_FUNCT7 = 0xfe00707f | 0;

const extract = (word: number, low: number, bits: number): number =>
  (word >>> low) & ((1 << bits) - 1);

/** An operand's value in a word: register number, or the immediate, signed where it is. */
export const OPERANDS: Readonly<Record<OperandKind, (word: number) => number>> = {
  rd: (w) => extract(w, 7, 5),
  rs1: (w) => extract(w, 15, 5),
  rs2: (w) => extract(w, 20, 5),
  fd: (w) => extract(w, 7, 5),
  fs1: (w) => extract(w, 15, 5),
  fs2: (w) => extract(w, 20, 5),
  fs3: (w) => extract(w, 27, 5),
  imm: (w) => w >> 20,
  shamt: (w) => extract(w, 20, 6),
  shamtw: (w) => extract(w, 20, 5),
  soff: (w) => ((w >> 25) << 5) | extract(w, 7, 5),
  boff: (w) =>
    ((w >> 31) << 12) |
    (extract(w, 7, 1) << 11) |
    (extract(w, 25, 6) << 5) |
    (extract(w, 8, 4) << 1),
  joff: (w) =>
    ((w >> 31) << 20) | (w & 0xff000) | (extract(w, 20, 1) << 11) | (extract(w, 21, 10) << 1),
  upper: (w) => w & -4096,
  csr: (w) => w >>> 20,
  uimm: (w) => extract(w, 15, 5),
  rm: (w) => extract(w, 12, 3),
};

/** The bits of an operand in its place. The value is in range; the assembler has checked that. */
export const ENCODERS: Readonly<Record<OperandKind, (value: number) => number>> = {
  rd: (v) => v << 7,
  rs1: (v) => v << 15,
  rs2: (v) => v << 20,
  fd: (v) => v << 7,
  fs1: (v) => v << 15,
  fs2: (v) => v << 20,
  fs3: (v) => v << 27,
  imm: (v) => v << 20,
  shamt: (v) => v << 20,
  shamtw: (v) => v << 20,
  soff: (v) => ((v >> 5) << 25) | (extract(v, 0, 5) << 7),
  boff: (v) =>
    ((v >> 12) << 31) |
    (extract(v, 11, 1) << 7) |
    (extract(v, 5, 6) << 25) |
    (extract(v, 1, 4) << 8),
  joff: (v) =>
    ((v >> 20) << 31) | (v & 0xff000) | (extract(v, 11, 1) << 20) | (extract(v, 1, 10) << 21),
  upper: (v) => v & -4096,
  csr: (v) => v << 20,
  uimm: (v) => v << 15,
  rm: (v) => v << 12,
};
