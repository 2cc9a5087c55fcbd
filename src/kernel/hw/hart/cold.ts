/**
 * Instructions that are rare or long: atomics, counters and control registers, and floating point
 * wherever the executor's quick way cannot promise the exact result and flags.
 *
 * Source: RISC-V unprivileged ISA, chapters "A", "F", "D", "Zicsr". `time` counts 10 MHz, as QEMU's
 * virt board does; `cycle` counts instructions.
 */

import {
  ACCESS_WRITE,
  COLD_CODE,
  COLD_DONE,
  EXIT_FAULT,
  EXIT_ILLEGAL,
  EXIT_MISALIGNED,
  STORE_CODE,
  STORE_FAULT,
} from "./codes.ts";
import { FLOAT_INSTRUCTIONS } from "./cold-float.ts";
import type { Hart } from "./hart.ts";
import { ATOMIC_ROWS } from "./isa/atomic.ts";
import { OPERANDS as O } from "./isa/row.ts";
import { ISA } from "./isa/table.ts";

/** Executes one word; `budget` is what is left before it. Answers COLD_* or EXIT_*. */
export type ColdInstruction = (hart: Hart, word: number, budget: number) => number;

const setHalves = (hart: Hart, rd: number, low: number, high: number): void => {
  if (rd === 0) return;
  hart.x[rd * 2] = low;
  hart.x[rd * 2 + 1] = high;
};

/** Is the address in rs1 a multiple of `size`? If not, the fault is noted. */
function isAligned(hart: Hart, word: number, size: number): boolean {
  const a = O.rs1(word) * 2;
  if (((hart.x[a] as number) & (size - 1)) === 0) return true;
  noteAddress(hart, a);
  return false;
}

function noteAddress(hart: Hart, a: number): void {
  hart.faultAddress =
    ((hart.x[a + 1] as number) >>> 0) * 4294967296 + ((hart.x[a] as number) >>> 0);
  hart.faultAccess = ACCESS_WRITE;
}

const afterStore = (stored: number): number =>
  stored === STORE_FAULT ? EXIT_FAULT : stored === STORE_CODE ? COLD_CODE : COLD_DONE;

const addressIn = (hart: Hart, a: number): number =>
  (hart.x[a + 1] as number) * 4294967296 + ((hart.x[a] as number) >>> 0);

const loadReserved =
  (size: number): ColdInstruction =>
  (hart, word) => {
    if (!isAligned(hart, word, size)) return EXIT_MISALIGNED;
    const a = O.rs1(word) * 2;
    const { x } = hart;
    if (!hart.readBytes(x[a] as number, x[a + 1] as number, size)) return EXIT_FAULT;
    hart.reservation = addressIn(hart, a);
    setHalves(hart, O.rd(word), hart.readLow, size === 8 ? hart.readHigh : hart.readLow >> 31);
    return COLD_DONE;
  };

const storeConditional =
  (size: number): ColdInstruction =>
  (hart, word) => {
    if (!isAligned(hart, word, size)) return EXIT_MISALIGNED;
    const a = O.rs1(word) * 2;
    const b = O.rs2(word) * 2;
    const { x } = hart;
    const isReserved = hart.reservation === addressIn(hart, a);
    hart.reservation = -1;
    if (!isReserved) {
      setHalves(hart, O.rd(word), 1, 0);
      return COLD_DONE;
    }
    const stored = hart.store(x[a] as number, x[a + 1] as number, size, b);
    if (stored !== STORE_FAULT) setHalves(hart, O.rd(word), 0, 0);
    return afterStore(stored);
  };

/** What each operation makes of the value in memory and the one in rs2, signed 64-bit. */
const ATOMIC: Readonly<Record<string, (memory: bigint, register: bigint) => bigint>> = {
  amoadd: (m, r) => m + r,
  amoswap: (_m, r) => r,
  amoxor: (m, r) => m ^ r,
  amoor: (m, r) => m | r,
  amoand: (m, r) => m & r,
  amomin: (m, r) => (m < r ? m : r),
  amomax: (m, r) => (m > r ? m : r),
  amominu: (m, r) => (BigInt.asUintN(64, m) < BigInt.asUintN(64, r) ? m : r),
  amomaxu: (m, r) => (BigInt.asUintN(64, m) > BigInt.asUintN(64, r) ? m : r),
};

const bigOf = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low >>> 0);
const lowOf = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** Both values are sign-extended: that keeps the order of unsigned words too. */
const readModifyWrite =
  (name: string, size: number): ColdInstruction =>
  (hart, word) => {
    if (!isAligned(hart, word, size)) return EXIT_MISALIGNED;
    const a = O.rs1(word) * 2;
    const b = O.rs2(word) * 2;
    const { x } = hart;
    const lo = x[a] as number;
    const hi = x[a + 1] as number;
    if (!hart.readBytes(lo, hi, size)) {
      hart.faultAccess = ACCESS_WRITE;
      return EXIT_FAULT;
    }
    const low = hart.readLow;
    const high = size === 8 ? hart.readHigh : low >> 31;
    const registerHigh = size === 8 ? (x[b + 1] as number) : (x[b] as number) >> 31;
    const operation = ATOMIC[name] as (memory: bigint, register: bigint) => bigint;
    const result = operation(bigOf(low, high), bigOf(x[b] as number, registerHigh));
    const stored = hart.writeHalves(lo, hi, size, lowOf(result), lowOf(result >> 32n));
    if (stored !== STORE_FAULT) setHalves(hart, O.rd(word), low, high);
    return afterStore(stored);
  };

function atomicInstruction(name: string): ColdInstruction {
  const [operation, width] = name.split(".") as [string, string];
  const size = width === "d" ? 8 : 4;
  if (operation === "lr") return loadReserved(size);
  if (operation === "sc") return storeConditional(size);
  return readModifyWrite(operation, size);
}

const CSR_FFLAGS = 1;
const CSR_FRM = 2;
const CSR_FCSR = 3;
const CSR_CYCLE = 0xc00;
const CSR_TIME = 0xc01;
const CSR_INSTRET = 0xc02;
/** Nanoseconds of one tick of `time`. */
const TIME_TICK_NS = 100;

/** A control register's value, or undefined if there is none. */
function readCsr(hart: Hart, csr: number, budget: number): number | undefined {
  const { fcsr } = hart.fp;
  if (csr === CSR_FFLAGS) return fcsr & 31;
  if (csr === CSR_FRM) return fcsr >> 5;
  if (csr === CSR_FCSR) return fcsr;
  if (csr === CSR_CYCLE || csr === CSR_INSTRET) return hart.instretAt(budget);
  if (csr === CSR_TIME) return Math.floor(hart.nowNs() / TIME_TICK_NS);
  return undefined;
}

function writeCsr(hart: Hart, csr: number, value: number): boolean {
  const { fp } = hart;
  if (csr === CSR_FFLAGS) fp.fcsr = (fp.fcsr & ~31) | (value & 31);
  else if (csr === CSR_FRM) fp.fcsr = (fp.fcsr & 31) | ((value & 7) << 5);
  else if (csr === CSR_FCSR) fp.fcsr = value & 0xff;
  else return false;
  return true;
}

/** csrrw, csrrs, csrrc and their immediate forms. */
const csrInstruction =
  (name: string): ColdInstruction =>
  (hart, word, budget) => {
    const csr = O.csr(word);
    const old = readCsr(hart, csr, budget);
    if (old === undefined) return EXIT_ILLEGAL;
    const source = O.rs1(word);
    const value = name.endsWith("i") ? source : (hart.x[source * 2] as number);
    const kind = name[4];
    // Setting or clearing nothing does not write, so that counters can be read.
    if (kind === "w" || source !== 0) {
      const written = kind === "w" ? value : kind === "s" ? old | value : old & ~value;
      if (!writeCsr(hart, csr, written)) return EXIT_ILLEGAL;
    }
    setHalves(hart, O.rd(word), old, Math.floor(old / 4294967296));
    return COLD_DONE;
  };

const never: ColdInstruction = () => EXIT_ILLEGAL;

function coldInstruction(name: string): ColdInstruction {
  if (ATOMIC_ROWS.some((row) => row.name === name)) return atomicInstruction(name);
  if (name.startsWith("csr")) return csrInstruction(name);
  return FLOAT_INSTRUCTIONS[name] ?? never;
}

/** By index in ISA. */
export const COLD: readonly ColdInstruction[] = ISA.map((row) => coldInstruction(row.name));
