/**
 * Random RV64GC programs: registers loaded from a table, a sequence of instructions that cannot
 * leave it, registers stored to a table that the program writes to its standard output.
 */

import {
  ENCODERS,
  type IsaRow,
  OPCODE,
  type OperandKind,
} from "../../src/kernel/hw/hart/isa/row.ts";
import { expandCompressed, ISA } from "../../src/kernel/hw/hart/isa/table.ts";
import { buildElf } from "./elf-builder.ts";

export const CODE = 0x10000;
export const DATA = 0x40000;
const DATA_SIZE = 0x3000;
/** x31 holds the data's middle, x30 is scratch for loops; both are never written at random. */
const BASE_REGISTER = 31;
const LOOP_REGISTER = 30;

const E = ENCODERS;
const addi = (d: number, a: number, imm: number): number =>
  OPCODE.opImm | E.rd(d) | E.rs1(a) | E.imm(imm);
const lui = (d: number, value: number): number => OPCODE.lui | E.rd(d) | value;
const load = (d: number, a: number, offset: number): number =>
  OPCODE.load | (3 << 12) | E.rd(d) | E.rs1(a) | E.imm(offset);
const store = (b: number, a: number, offset: number): number =>
  OPCODE.store | (3 << 12) | E.rs2(b) | E.rs1(a) | E.soff(offset);
const loadFloat = (d: number, a: number, offset: number): number =>
  load(d, a, offset) | OPCODE.loadFp;
const storeFloat = (b: number, a: number, offset: number): number =>
  store(b, a, offset) | OPCODE.storeFp;

/** mulberry32. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Instructions whose effect is a function of the registers and the data alone. */
const isPlain = (row: IsaRow): boolean =>
  !["ecall", "ebreak", "jal", "jalr", "auipc"].includes(row.name) &&
  !row.name.startsWith("csr") &&
  !row.name.startsWith("lr.") &&
  !row.name.startsWith("sc.") &&
  !row.syntax.includes("boff");
const PLAIN = ISA.filter(isPlain);
const BRANCHES = ISA.filter((row) => row.syntax.includes("boff"));

type Draw = (below: number) => number;

const isMemory = (row: IsaRow): boolean => row.syntax.includes("(rs1)");

function operandOf(kind: OperandKind, row: IsaRow, draw: Draw): number {
  const inMemory = isMemory(row);
  switch (kind) {
    case "rd":
      return draw(30);
    case "rs1":
      return inMemory ? BASE_REGISTER : draw(32);
    case "imm":
    case "soff":
      return draw(4096) - 2048;
    case "shamt":
      return draw(64);
    case "shamtw":
      return draw(32);
    case "upper":
      return (draw(1 << 20) << 12) | 0;
    case "rm":
      return [0, 1, 2, 3, 4, 7][draw(6)] as number;
    default:
      return draw(32);
  }
}

function plain(draw: Draw): number {
  const row = PLAIN[draw(PLAIN.length)] as IsaRow;
  let word = row.match;
  for (const kind of (row.syntax.match(/[a-z0-9]+/g) ?? []) as OperandKind[])
    word |= E[kind](operandOf(kind, row, draw));
  return word;
}

/** A branch forward over `distance` bytes. */
function branch(draw: Draw, distance: number): number {
  const row = BRANCHES[draw(BRANCHES.length)] as IsaRow;
  return row.match | E.rs1(draw(30)) | E.rs2(draw(30)) | E.boff(distance);
}

/** A 16-bit instruction that expands to a plain one without memory, or undefined. */
function compressed(draw: Draw): number | undefined {
  const half = draw(65536);
  if ((half & 3) === 3) return undefined;
  const word = expandCompressed(half);
  const opcode = word & 0x7f;
  const target = (word >> 7) & 31;
  const isHarmless = [OPCODE.opImm, OPCODE.op, OPCODE.op32, OPCODE.opImm32, OPCODE.lui].some(
    (known) => known === opcode,
  );
  return isHarmless && target < 30 ? half : undefined;
}

const INTERESTING = [
  0n,
  1n,
  -1n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
  0x3ff0000000000000n,
  0x7ff0000000000000n,
  0x7ff0000000000001n,
  0x0010000000000000n,
  1n << 52n,
  0xffffffff3f800000n,
  0xffffffff7f800000n,
  0xffffffff00800000n,
  0xffffffff7f7fffffn,
];

function value(draw: Draw): bigint {
  const pick = draw(4);
  if (pick === 0) return INTERESTING[draw(INTERESTING.length)] as bigint;
  const wide = (BigInt(draw(0x100000000)) << 32n) | BigInt(draw(0x100000000));
  if (pick === 1) return wide | (0xffffffffn << 32n);
  // Doubles near 1, so that sums and products neither vanish nor overflow.
  if (pick === 2) return (wide & 0x801fffffffffffffn) | 0x3fe0000000000000n;
  return wide;
}

function sequence(draw: Draw, length: number): number[] {
  const halves: number[] = [];
  const split = (word: number): number[] => [word & 0xffff, (word >>> 16) & 0xffff];
  const push = (word: number): void => void halves.push(...split(word));
  // The same code several times, so that blocks are linked and the quick ways are warm.
  push(addi(LOOP_REGISTER, 0, 4));
  const start = halves.length;
  for (let i = 0; i < length; i++) {
    const skipped = Array.from({ length: 1 + draw(4) }, () => {
      const half = draw(3) === 0 ? compressed(draw) : undefined;
      return half === undefined ? split(plain(draw)) : [half];
    }).flat();
    if (draw(3) === 0) push(branch(draw, 4 + skipped.length * 2));
    halves.push(...skipped);
  }
  push(addi(LOOP_REGISTER, LOOP_REGISTER, -1));
  const back = (start - halves.length) * 2;
  push(addi(0, 0, 0));
  push(OPCODE.branch | (0 << 12) | E.rs1(LOOP_REGISTER) | E.rs2(0) | E.boff(8));
  push(OPCODE.jal | E.joff(back - 8));
  return halves;
}

/** The program of a seed as an ELF image. */
export function randomProgram(seed: number, length = 120): Uint8Array {
  const draw = random(seed);
  const words: number[] = [lui(BASE_REGISTER, DATA + 0x1000)];
  for (let i = 0; i < 32; i++) words.push(loadFloat(i, BASE_REGISTER, i * 8 - 2048));
  for (let i = 1; i < 31; i++) words.push(load(i, BASE_REGISTER, i * 8 - 1024));
  // fsrmi: instructions with the dynamic rounding mode use another one in every program.
  words.push(0x00205073 | ((seed % 5) << 15));
  const halves = words.flatMap((word) => [word & 0xffff, (word >>> 16) & 0xffff]);
  halves.push(...sequence(draw, length));
  const after: number[] = [];
  for (let i = 1; i < 31; i++) after.push(store(i, BASE_REGISTER, i * 8 - 1024));
  for (let i = 0; i < 32; i++) after.push(storeFloat(i, BASE_REGISTER, i * 8 - 2048));
  after.push(
    0x003022f3, // frcsr t0
    store(5, BASE_REGISTER, -512),
    addi(10, 0, 1),
    lui(11, DATA),
    lui(12, DATA_SIZE),
    addi(17, 0, 64),
    0x73,
    addi(10, 0, 0),
    addi(17, 0, 93),
    0x73,
  );
  halves.push(...after.flatMap((word) => [word & 0xffff, (word >>> 16) & 0xffff]));
  const data = new Uint8Array(DATA_SIZE);
  const view = new DataView(data.buffer);
  for (let i = 0; i < DATA_SIZE; i += 8) view.setBigInt64(i, BigInt.asIntN(64, value(draw)), true);
  return buildElf(CODE, [
    { vaddr: CODE, bytes: new Uint8Array(new Uint16Array(halves).buffer), flags: 5 },
    { vaddr: DATA, bytes: data, flags: 6 },
  ]);
}
