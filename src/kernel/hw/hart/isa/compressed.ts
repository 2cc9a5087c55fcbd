/**
 * C: 16-bit encodings. Each is another spelling of a 32-bit instruction, so a row here says which
 * halfwords it takes and which word they stand for.
 *
 * Source: RISC-V unprivileged ISA, chapter "C", tables 16.5 to 16.7, RV64 column.
 */
import { ENCODERS as E, OPCODE } from "./row.ts";

export interface CompressedRow {
  readonly name: string;
  readonly match: number;
  readonly mask: number;
  /** The 32-bit word, or 0 where the operands are reserved. */
  readonly expand: (half: number) => number;
}

const bits = (half: number, low: number, count: number): number =>
  (half >> low) & ((1 << count) - 1);
const signed = (value: number, width: number): number => (value << (32 - width)) >> (32 - width);

/** Registers: the full fields, and the three-bit ones that mean x8 to x15. */
const rd = (h: number): number => bits(h, 7, 5);
const rs2 = (h: number): number => bits(h, 2, 5);
const rdSmall = (h: number): number => bits(h, 2, 3) + 8;
const rs1Small = (h: number): number => bits(h, 7, 3) + 8;

/** Immediates, by the format's scattering of their bits. */
const imm6 = (h: number): number => signed((bits(h, 12, 1) << 5) | bits(h, 2, 5), 6);
const shamt = (h: number): number => (bits(h, 12, 1) << 5) | bits(h, 2, 5);
const offsetD = (h: number): number => (bits(h, 10, 3) << 3) | (bits(h, 5, 2) << 6);
const offsetW = (h: number): number =>
  (bits(h, 10, 3) << 3) | (bits(h, 6, 1) << 2) | (bits(h, 5, 1) << 6);
const offsetSpD = (h: number): number =>
  (bits(h, 12, 1) << 5) | (bits(h, 5, 2) << 3) | (bits(h, 2, 3) << 6);
const offsetSpW = (h: number): number =>
  (bits(h, 12, 1) << 5) | (bits(h, 4, 3) << 2) | (bits(h, 2, 2) << 6);
const storeSpD = (h: number): number => (bits(h, 10, 3) << 3) | (bits(h, 7, 3) << 6);
const storeSpW = (h: number): number => (bits(h, 9, 4) << 2) | (bits(h, 7, 2) << 6);
const addSpn = (h: number): number =>
  (bits(h, 11, 2) << 4) | (bits(h, 7, 4) << 6) | (bits(h, 6, 1) << 2) | (bits(h, 5, 1) << 3);
const addSp = (h: number): number =>
  signed(
    (bits(h, 12, 1) << 9) |
      (bits(h, 6, 1) << 4) |
      (bits(h, 5, 1) << 6) |
      (bits(h, 3, 2) << 7) |
      (bits(h, 2, 1) << 5),
    10,
  );
const jumpOffset = (h: number): number =>
  signed(
    (bits(h, 12, 1) << 11) |
      (bits(h, 11, 1) << 4) |
      (bits(h, 9, 2) << 8) |
      (bits(h, 8, 1) << 10) |
      (bits(h, 7, 1) << 6) |
      (bits(h, 6, 1) << 7) |
      (bits(h, 3, 3) << 1) |
      (bits(h, 2, 1) << 5),
    12,
  );
const branchOffset = (h: number): number =>
  signed(
    (bits(h, 12, 1) << 8) |
      (bits(h, 10, 2) << 3) |
      (bits(h, 5, 2) << 6) |
      (bits(h, 3, 2) << 1) |
      (bits(h, 2, 1) << 5),
    9,
  );

/** 32-bit words from parts. */
const wordI = (opcode: number, funct3: number, d: number, a: number, imm: number): number =>
  opcode | (funct3 << 12) | E.rd(d) | E.rs1(a) | E.imm(imm);
const wordS = (opcode: number, funct3: number, a: number, b: number, imm: number): number =>
  opcode | (funct3 << 12) | E.rs1(a) | E.rs2(b) | E.soff(imm);
const wordR = (opcode: number, funct3: number, funct7: number, d: number, b: number): number =>
  opcode | (funct3 << 12) | (funct7 << 25) | E.rd(d) | E.rs1(d) | E.rs2(b);
const wordB = (funct3: number, a: number, offset: number): number =>
  OPCODE.branch | (funct3 << 12) | E.rs1(a) | E.boff(offset);

const SP = 2;
const QUADRANT = 0xe003;

const arithmetic = (name: string, match: number, word: (h: number) => number): CompressedRow => ({
  name,
  match,
  mask: 0xfc63,
  expand: word,
});

/** Rows with narrower masks come first where encodings overlap. */
export const COMPRESSED_ROWS: readonly CompressedRow[] = [
  {
    name: "c.addi4spn",
    match: 0x0000,
    mask: QUADRANT,
    expand: (h) => (addSpn(h) === 0 ? 0 : wordI(OPCODE.opImm, 0, rdSmall(h), SP, addSpn(h))),
  },
  {
    name: "c.fld",
    match: 0x2000,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.loadFp, 3, rdSmall(h), rs1Small(h), offsetD(h)),
  },
  {
    name: "c.lw",
    match: 0x4000,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.load, 2, rdSmall(h), rs1Small(h), offsetW(h)),
  },
  {
    name: "c.ld",
    match: 0x6000,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.load, 3, rdSmall(h), rs1Small(h), offsetD(h)),
  },
  {
    name: "c.fsd",
    match: 0xa000,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.storeFp, 3, rs1Small(h), rdSmall(h), offsetD(h)),
  },
  {
    name: "c.sw",
    match: 0xc000,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.store, 2, rs1Small(h), rdSmall(h), offsetW(h)),
  },
  {
    name: "c.sd",
    match: 0xe000,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.store, 3, rs1Small(h), rdSmall(h), offsetD(h)),
  },
  {
    name: "c.addi",
    match: 0x0001,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.opImm, 0, rd(h), rd(h), imm6(h)),
  },
  {
    name: "c.addiw",
    match: 0x2001,
    mask: QUADRANT,
    expand: (h) => (rd(h) === 0 ? 0 : wordI(OPCODE.opImm32, 0, rd(h), rd(h), imm6(h))),
  },
  {
    name: "c.li",
    match: 0x4001,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.opImm, 0, rd(h), 0, imm6(h)),
  },
  {
    name: "c.addi16sp",
    match: 0x6101,
    mask: 0xef83,
    expand: (h) => (addSp(h) === 0 ? 0 : wordI(OPCODE.opImm, 0, SP, SP, addSp(h))),
  },
  {
    name: "c.lui",
    match: 0x6001,
    mask: QUADRANT,
    expand: (h) => (imm6(h) === 0 ? 0 : OPCODE.lui | E.rd(rd(h)) | (imm6(h) << 12)),
  },
  arithmeticImmediate("c.srli", 0x8001, (h) =>
    wordI(OPCODE.opImm, 5, rs1Small(h), rs1Small(h), shamt(h)),
  ),
  arithmeticImmediate("c.srai", 0x8401, (h) =>
    wordI(OPCODE.opImm, 5, rs1Small(h), rs1Small(h), shamt(h) | 0x400),
  ),
  arithmeticImmediate("c.andi", 0x8801, (h) =>
    wordI(OPCODE.opImm, 7, rs1Small(h), rs1Small(h), imm6(h)),
  ),
  arithmetic("c.sub", 0x8c01, (h) => wordR(OPCODE.op, 0, 0x20, rs1Small(h), rdSmall(h))),
  arithmetic("c.xor", 0x8c21, (h) => wordR(OPCODE.op, 4, 0, rs1Small(h), rdSmall(h))),
  arithmetic("c.or", 0x8c41, (h) => wordR(OPCODE.op, 6, 0, rs1Small(h), rdSmall(h))),
  arithmetic("c.and", 0x8c61, (h) => wordR(OPCODE.op, 7, 0, rs1Small(h), rdSmall(h))),
  arithmetic("c.subw", 0x9c01, (h) => wordR(OPCODE.op32, 0, 0x20, rs1Small(h), rdSmall(h))),
  arithmetic("c.addw", 0x9c21, (h) => wordR(OPCODE.op32, 0, 0, rs1Small(h), rdSmall(h))),
  {
    name: "c.j",
    match: 0xa001,
    mask: QUADRANT,
    expand: (h) => OPCODE.jal | E.joff(jumpOffset(h)),
  },
  {
    name: "c.beqz",
    match: 0xc001,
    mask: QUADRANT,
    expand: (h) => wordB(0, rs1Small(h), branchOffset(h)),
  },
  {
    name: "c.bnez",
    match: 0xe001,
    mask: QUADRANT,
    expand: (h) => wordB(1, rs1Small(h), branchOffset(h)),
  },
  {
    name: "c.slli",
    match: 0x0002,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.opImm, 1, rd(h), rd(h), shamt(h)),
  },
  {
    name: "c.fldsp",
    match: 0x2002,
    mask: QUADRANT,
    expand: (h) => wordI(OPCODE.loadFp, 3, rd(h), SP, offsetSpD(h)),
  },
  {
    name: "c.lwsp",
    match: 0x4002,
    mask: QUADRANT,
    expand: (h) => (rd(h) === 0 ? 0 : wordI(OPCODE.load, 2, rd(h), SP, offsetSpW(h))),
  },
  {
    name: "c.ldsp",
    match: 0x6002,
    mask: QUADRANT,
    expand: (h) => (rd(h) === 0 ? 0 : wordI(OPCODE.load, 3, rd(h), SP, offsetSpD(h))),
  },
  { name: "c.ebreak", match: 0x9002, mask: 0xffff, expand: () => 0x100073 },
  {
    name: "c.jr",
    match: 0x8002,
    mask: 0xf07f,
    expand: (h) => (rd(h) === 0 ? 0 : wordI(OPCODE.jalr, 0, 0, rd(h), 0)),
  },
  {
    name: "c.jalr",
    match: 0x9002,
    mask: 0xf07f,
    expand: (h) => wordI(OPCODE.jalr, 0, 1, rd(h), 0),
  },
  {
    name: "c.mv",
    match: 0x8002,
    mask: 0xf003,
    expand: (h) => OPCODE.op | E.rd(rd(h)) | E.rs2(rs2(h)),
  },
  {
    name: "c.add",
    match: 0x9002,
    mask: 0xf003,
    expand: (h) => OPCODE.op | E.rd(rd(h)) | E.rs1(rd(h)) | E.rs2(rs2(h)),
  },
  {
    name: "c.fsdsp",
    match: 0xa002,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.storeFp, 3, SP, rs2(h), storeSpD(h)),
  },
  {
    name: "c.swsp",
    match: 0xc002,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.store, 2, SP, rs2(h), storeSpW(h)),
  },
  {
    name: "c.sdsp",
    match: 0xe002,
    mask: QUADRANT,
    expand: (h) => wordS(OPCODE.store, 3, SP, rs2(h), storeSpD(h)),
  },
];

function arithmeticImmediate(
  name: string,
  match: number,
  expand: (half: number) => number,
): CompressedRow {
  return { name, match, mask: 0xec03, expand };
}
