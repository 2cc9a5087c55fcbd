/**
 * RV64I: integer registers of 64 bits, kept as a low and a high half of 32 bits each.
 *
 * Source: RISC-V unprivileged ISA, chapters "RV32I" and "RV64I", and "Zifencei". fence needs nothing
 * where one hart executes in order; neither does fence.i, since stores into code are noticed.
 */
import { type IsaRow, MASK_FUNCT3, MASK_FUNCT7, MASK_OPCODE, OPCODE } from "./row.ts";

/** Text that sets rd to a pair of halves; the high one is computed before the low one is stored. */
const pair = (low: string, high: string): string =>
  `const low = ${low}; x[d + 1] = ${high}; x[d] = low;`;

/** Text that sets rd to a 32-bit value, sign-extended. */
const word = (value: string): string => `const low = ${value}; x[d] = low; x[d + 1] = low >> 31;`;

/** Text that sets rd to 0 or 1. */
const flag = (condition: string): string => `x[d] = ${condition} ? 1 : 0; x[d + 1] = 0;`;

const SUM = pair("(x[a] + x[b]) | 0", "x[a + 1] + x[b + 1] + (low >>> 0 < x[b] >>> 0 ? 1 : 0)");
const SUM_IMMEDIATE = pair(
  "(x[a] + i) | 0",
  "x[a + 1] + (i >> 31) + (low >>> 0 < i >>> 0 ? 1 : 0)",
);
const DIFFERENCE = pair(
  "(x[a] - x[b]) | 0",
  "x[a + 1] - x[b + 1] - (x[a] >>> 0 < x[b] >>> 0 ? 1 : 0)",
);

/** Comparisons of two registers, as conditions. */
const LESS = "x[a + 1] < x[b + 1] || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0)";
const LESS_UNSIGNED =
  "x[a + 1] >>> 0 < x[b + 1] >>> 0 || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0)";
const EQUAL = "x[a] === x[b] && x[a + 1] === x[b + 1]";

/** Shifts by `s`, 0 to 63. */
const SHIFT_LEFT = `const s = {s};
if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
else if (s < 32) { const low = x[a]; x[d + 1] = (x[a + 1] << s) | (low >>> (32 - s)); x[d] = low << s; }
else { x[d + 1] = x[a] << (s - 32); x[d] = 0; }`;
const shiftRight = (operator: ">>" | ">>>"): string => `const s = {s};
if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
else if (s < 32) { const high = x[a + 1]; x[d] = (x[a] >>> s) | (high << (32 - s)); x[d + 1] = high ${operator} s; }
else { const high = x[a + 1]; x[d] = high ${operator} (s - 32); x[d + 1] = ${operator === ">>" ? "high >> 31" : "0"}; }`;
const byRegister = (text: string): string => text.replace("{s}", "x[b] & 63");
const byImmediate = (text: string): string => text.replace("{s}", "i");

const register = (name: string, funct3: number, funct7: number, run: string): IsaRow => ({
  name,
  syntax: "rd,rs1,rs2",
  match: (funct7 << 25) | (funct3 << 12) | OPCODE.op,
  mask: MASK_FUNCT7,
  run,
});
const register32 = (name: string, funct3: number, funct7: number, run: string): IsaRow => ({
  ...register(name, funct3, funct7, run),
  match: (funct7 << 25) | (funct3 << 12) | OPCODE.op32,
});
const immediate = (name: string, funct3: number, run: string): IsaRow => ({
  name,
  syntax: "rd,rs1,imm",
  match: (funct3 << 12) | OPCODE.opImm,
  mask: MASK_FUNCT3,
  run,
});
const shift = (name: string, funct3: number, funct6: number, run: string): IsaRow => ({
  name,
  syntax: "rd,rs1,shamt",
  match: (funct6 << 26) | (funct3 << 12) | OPCODE.opImm,
  mask: 0xfc00707f | 0,
  run: byImmediate(run),
});
const shift32 = (name: string, funct3: number, funct7: number, run: string): IsaRow => ({
  name,
  syntax: "rd,rs1,shamtw",
  match: (funct7 << 25) | (funct3 << 12) | OPCODE.opImm32,
  mask: MASK_FUNCT7,
  run,
});
const load = (name: string, funct3: number, size: number, run: string): IsaRow => ({
  name,
  syntax: "rd,imm(rs1)",
  match: (funct3 << 12) | OPCODE.load,
  mask: MASK_FUNCT3,
  run: `LOAD(${size}, ${size === 8 ? "false" : funct3 < 4}) { ${run} }`,
});
const store = (name: string, funct3: number, size: number, run: string): IsaRow => ({
  name,
  syntax: "rs2,soff(rs1)",
  match: (funct3 << 12) | OPCODE.store,
  mask: MASK_FUNCT3,
  run: `STORE(${size}) { ${run} }`,
});
const branch = (name: string, funct3: number, condition: string): IsaRow => ({
  name,
  syntax: "rs1,rs2,boff",
  match: (funct3 << 12) | OPCODE.branch,
  mask: MASK_FUNCT3,
  run: `BRANCH(${condition})`,
});

export const BASE_ROWS: readonly IsaRow[] = [
  { name: "lui", syntax: "rd,upper", match: OPCODE.lui, mask: MASK_OPCODE, run: word("i") },
  { name: "auipc", syntax: "rd,upper", match: OPCODE.auipc, mask: MASK_OPCODE, run: "PC_PLUS(i)" },
  { name: "jal", syntax: "rd,joff", match: OPCODE.jal, mask: MASK_OPCODE, run: "PC_PLUS(i) JUMP" },
  {
    name: "jalr",
    syntax: "rd,imm(rs1)",
    match: OPCODE.jalr,
    mask: MASK_FUNCT3,
    run: "JUMP_REGISTER",
  },
  branch("beq", 0, EQUAL),
  branch("bne", 1, "x[a] !== x[b] || x[a + 1] !== x[b + 1]"),
  branch("blt", 4, LESS),
  branch("bge", 5, `!(${LESS})`),
  branch("bltu", 6, LESS_UNSIGNED),
  branch("bgeu", 7, `!(${LESS_UNSIGNED})`),
  load("lb", 0, 1, word("view.getInt8(at)")),
  load("lh", 1, 2, word("view.getInt16(at, true)")),
  load("lw", 2, 4, word("view.getInt32(at, true)")),
  load("ld", 3, 8, "x[d] = view.getInt32(at, true); x[d + 1] = view.getInt32(at + 4, true);"),
  load("lbu", 4, 1, "x[d] = view.getUint8(at); x[d + 1] = 0;"),
  load("lhu", 5, 2, "x[d] = view.getUint16(at, true); x[d + 1] = 0;"),
  load("lwu", 6, 4, "x[d] = view.getInt32(at, true); x[d + 1] = 0;"),
  store("sb", 0, 1, "view.setInt8(at, x[b]);"),
  store("sh", 1, 2, "view.setInt16(at, x[b], true);"),
  store("sw", 2, 4, "view.setInt32(at, x[b], true);"),
  store("sd", 3, 8, "view.setInt32(at, x[b], true); view.setInt32(at + 4, x[b + 1], true);"),
  immediate("addi", 0, SUM_IMMEDIATE),
  immediate(
    "slti",
    2,
    flag("x[a + 1] < i >> 31 || (x[a + 1] === i >> 31 && x[a] >>> 0 < i >>> 0)"),
  ),
  immediate(
    "sltiu",
    3,
    flag("x[a + 1] >>> 0 < i >> 31 >>> 0 || (x[a + 1] === i >> 31 && x[a] >>> 0 < i >>> 0)"),
  ),
  immediate("xori", 4, "x[d + 1] = x[a + 1] ^ (i >> 31); x[d] = x[a] ^ i;"),
  immediate("ori", 6, "x[d + 1] = x[a + 1] | (i >> 31); x[d] = x[a] | i;"),
  immediate("andi", 7, "x[d + 1] = x[a + 1] & (i >> 31); x[d] = x[a] & i;"),
  shift("slli", 1, 0x00, SHIFT_LEFT),
  shift("srli", 5, 0x00, shiftRight(">>>")),
  shift("srai", 5, 0x10, shiftRight(">>")),
  register("add", 0, 0x00, SUM),
  register("sub", 0, 0x20, DIFFERENCE),
  register("sll", 1, 0x00, byRegister(SHIFT_LEFT)),
  register("slt", 2, 0x00, flag(LESS)),
  register("sltu", 3, 0x00, flag(LESS_UNSIGNED)),
  register("xor", 4, 0x00, "x[d + 1] = x[a + 1] ^ x[b + 1]; x[d] = x[a] ^ x[b];"),
  register("srl", 5, 0x00, byRegister(shiftRight(">>>"))),
  register("sra", 5, 0x20, byRegister(shiftRight(">>"))),
  register("or", 6, 0x00, "x[d + 1] = x[a + 1] | x[b + 1]; x[d] = x[a] | x[b];"),
  register("and", 7, 0x00, "x[d + 1] = x[a + 1] & x[b + 1]; x[d] = x[a] & x[b];"),
  { ...immediate("addiw", 0, word("(x[a] + i) | 0")), match: OPCODE.opImm32 },
  shift32("slliw", 1, 0x00, word("x[a] << i")),
  shift32("srliw", 5, 0x00, word("(x[a] >>> i) | 0")),
  shift32("sraiw", 5, 0x20, word("x[a] >> i")),
  register32("addw", 0, 0x00, word("(x[a] + x[b]) | 0")),
  register32("subw", 0, 0x20, word("(x[a] - x[b]) | 0")),
  register32("sllw", 1, 0x00, word("x[a] << (x[b] & 31)")),
  register32("srlw", 5, 0x00, word("(x[a] >>> (x[b] & 31)) | 0")),
  register32("sraw", 5, 0x20, word("x[a] >> (x[b] & 31)")),
  { name: "fence", syntax: "", match: OPCODE.miscMem, mask: MASK_FUNCT3, run: "" },
  { name: "fence.i", syntax: "", match: 0x100f, mask: MASK_FUNCT3, run: "" },
  { name: "ecall", syntax: "", match: 0x73, mask: -1, run: "ENVIRONMENT_CALL" },
  { name: "ebreak", syntax: "", match: 0x100073, mask: -1, run: "BREAKPOINT" },
];
