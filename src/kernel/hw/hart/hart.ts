/**
 * A RISC-V hart in user mode: RV64GC with exact instruction budgets and precise faults. The kernel
 * gives it registers, an address space and a budget, and gets back why it stopped.
 *
 * The executor (execute.generated.ts) is quick and calls back here for what is rare: pages that the
 * TLB does not know, accesses across pages, code not yet decoded, cold instructions. Stores into
 * code are noticed by frame, so fence.i has nothing left to do. A translator to WebAssembly could
 * take over `run`: registers, memory and TLB are typed arrays that it could share.
 *
 * Source: RISC-V unprivileged ISA 20191213. Left out: more than one hart; misaligned atomics, which
 * fault as the specification allows.
 */
import type { FloatRegisters } from "../float-registers.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../memory.ts";
import type { Registers } from "../registers.ts";
import { CodeCache, ROW_SHIFT } from "./code-cache.ts";
import {
  ACCESS_FETCH,
  ACCESS_READ,
  ACCESS_WRITE,
  EXIT_FAULT,
  STORE_CODE,
  STORE_DONE,
  STORE_FAULT,
} from "./codes.ts";
import { COLD, type ColdInstruction } from "./cold.ts";
import { execute } from "./execute.generated.ts";
import { type Mmu, Tlb } from "./tlb.ts";

/** What code computes with: one task's registers. */
export interface HartContext {
  readonly regs: Registers;
  readonly fp: FloatRegisters;
}

const TWO_32 = 4294967296;

const addressOf = (lo: number, hi: number): number => (hi >>> 0) * TWO_32 + (lo >>> 0);

export class Hart {
  readonly memory: PhysicalMemory;
  readonly code: CodeCache;
  /** The running context's registers, as the executor sees them. */
  x: Int32Array = new Int32Array(0);
  fp!: FloatRegisters;
  /** Instructions that may still execute in this run. */
  budget = 0;
  /** Instructions executed since the machine was made, before the run in progress. */
  retired = 0;
  /** After EXIT_FAULT or EXIT_MISALIGNED: where, and which kind, ACCESS_*. */
  faultAddress = 0;
  faultAccess = 0;
  /** What lr reserved, as an address, or -1; any trap gives it up. */
  reservation = -1;
  /** Virtual nanoseconds, for the `time` counter. */
  nowNs: () => number = () => 0;
  #mmu!: Mmu;
  #tlb: Tlb = new Tlb();
  #given = 0;
  /** Counts changes of code anywhere; every TLB of an older count is stale. */
  #epoch = 0;
  readonly #bytes = new DataView(new ArrayBuffer(8));
  readonly #beyond: () => number;
  #pageLo = 0;
  #pageHi = 0;

  constructor(memory: PhysicalMemory) {
    this.memory = memory;
    this.code = new CodeCache(memory);
    this.#beyond = () => this.fetchHalf(this.#pageLo, this.#pageHi);
    memory.onCodeWrite = (frame) => this.#codeWritten(frame);
  }

  get ops(): Int32Array {
    return this.code.ops;
  }
  get offs(): Int32Array {
    return this.code.offs;
  }
  get entries(): Int32Array {
    return this.code.entries;
  }
  get tables(): Int32Array {
    return this.code.tables;
  }
  get tlb(): Int32Array {
    return this.#tlb.words;
  }

  /** Executes at most `budget` instructions. Answers why it stopped, EXIT_*; see `executed`. */
  run(context: HartContext, mmu: Mmu, budget: number): number {
    this.x = context.regs.halves;
    this.fp = context.fp;
    this.#mmu = mmu;
    mmu.tlb ??= new Tlb();
    this.#tlb = mmu.tlb;
    this.#sync();
    this.budget = budget;
    this.#given = budget;
    this.reservation = -1;
    const exit = execute(this);
    this.retired += this.executed;
    if (exit === EXIT_FAULT && this.faultAccess === ACCESS_FETCH)
      this.faultAddress = Math.max(this.faultAddress, context.regs.get(32));
    return exit;
  }

  /** Instructions that the last run executed. */
  get executed(): number {
    return this.#given - this.budget;
  }

  /** Instructions executed before the one in progress, given what the executor has left. */
  instretAt(budget: number): number {
    return this.retired + this.#given - budget;
  }

  /** The table of the page at `pageHi:pageLo` for fetching, or 0 for a fault. */
  fetchPage(pageLo: number, pageHi: number): number {
    const at = this.#translate(pageLo, pageHi, ACCESS_FETCH);
    if (at < 0) return 0;
    const frame = Math.floor(at / PAGE_SIZE);
    if (!this.memory.isCode(frame)) {
      this.memory.markCode(frame);
      // Whoever may write to the frame has to come through the slow way from now on.
      this.#epoch++;
      this.#sync();
    }
    this.#tlb.fill((pageHi << 20) | (pageLo >>> 12), at, ACCESS_FETCH);
    return this.code.tableOf(frame);
  }

  /** The halfword at the start of the next page, or -1 for a fault. */
  fetchHalf(pageLo: number, pageHi: number): number {
    const lo = (pageLo + PAGE_SIZE) | 0;
    const hi = lo === 0 ? (pageHi + 1) | 0 : pageHi;
    if (this.fetchPage(lo, hi) === 0) return -1;
    const at = this.#translate(lo, hi, ACCESS_FETCH);
    return this.memory.view.getUint16(at, true);
  }

  decode(table: number, pageLo: number, pageHi: number, offset: number): number {
    this.#pageLo = pageLo;
    this.#pageHi = pageHi;
    return this.code.decode(table, offset, this.#beyond);
  }

  decodePart(table: number, pageLo: number, pageHi: number, offset: number, limit: number): number {
    this.#pageLo = pageLo;
    this.#pageHi = pageHi;
    return this.code.decodePart(table, offset, limit, this.#beyond);
  }

  forget(table: number, offset: number): void {
    this.code.forgetBlock(table, offset);
  }

  /** The slow way of a load into an integer register; false for a fault. */
  load(lo: number, hi: number, size: number, isSigned: boolean, d: number): boolean {
    if (!this.readBytes(lo, hi, size)) return false;
    const bytes = this.#bytes;
    const { x } = this;
    const shift = 32 - size * 8;
    const low = bytes.getInt32(0, true);
    if (size === 8) {
      x[d] = low;
      x[d + 1] = bytes.getInt32(4, true);
    } else {
      x[d] = isSigned ? (low << shift) >> shift : (low << shift) >>> shift;
      x[d + 1] = isSigned ? (x[d] as number) >> 31 : 0;
    }
    return true;
  }

  loadFloat(lo: number, hi: number, size: number, d: number): boolean {
    if (!this.readBytes(lo, hi, size)) return false;
    this.fp.bits[d] = this.#bytes.getInt32(0, true);
    this.fp.bits[d + 1] = size === 8 ? this.#bytes.getInt32(4, true) : -1;
    return true;
  }

  store(lo: number, hi: number, size: number, b: number): number {
    return this.writeHalves(lo, hi, size, this.x[b] as number, this.x[b + 1] as number);
  }

  storeFloat(lo: number, hi: number, size: number, b: number): number {
    const { bits } = this.fp;
    return this.writeHalves(lo, hi, size, bits[b] as number, bits[b + 1] as number);
  }

  /** Executes a cold instruction: COLD_DONE, COLD_CODE or an EXIT_*. */
  cold(ip: number, budget: number): number {
    const row = (this.offs[ip >> 2] as number) >> ROW_SHIFT;
    const instruction = COLD[row] as ColdInstruction;
    return instruction(this, this.code.raws[ip >> 2] as number, budget);
  }

  /** Reads `size` bytes into the scratch view; false for a fault. */
  readBytes(lo: number, hi: number, size: number): boolean {
    const inPage = PAGE_SIZE - (lo & (PAGE_SIZE - 1));
    const first = this.#translate(lo, hi, ACCESS_READ);
    if (first < 0) return false;
    const near = Math.min(size, inPage);
    let second = 0;
    if (near < size) {
      const next = (lo + near) | 0;
      second = this.#translate(next, next === 0 ? (hi + 1) | 0 : hi, ACCESS_READ);
      if (second < 0) return false;
    }
    const { u8 } = this.memory;
    for (let i = 0; i < size; i++)
      this.#bytes.setUint8(i, u8[i < near ? first + i : second + i - near] as number);
    return true;
  }

  /** The halves that `readBytes` read. */
  get readLow(): number {
    return this.#bytes.getInt32(0, true);
  }
  get readHigh(): number {
    return this.#bytes.getInt32(4, true);
  }

  /** Writes the low `size` bytes of a pair of halves, all or nothing: STORE_*. */
  writeHalves(lo: number, hi: number, size: number, low: number, high: number): number {
    const epoch = this.#epoch;
    const { generation } = this.#mmu;
    const near = Math.min(size, PAGE_SIZE - (lo & (PAGE_SIZE - 1)));
    let first = this.#translate(lo, hi, ACCESS_WRITE);
    if (first < 0) return STORE_FAULT;
    let second = 0;
    if (near < size) {
      const next = (lo + near) | 0;
      second = this.#translate(next, next === 0 ? (hi + 1) | 0 : hi, ACCESS_WRITE);
      if (second < 0) return STORE_FAULT;
      first = this.#translate(lo, hi, ACCESS_WRITE);
    }
    const bytes = this.#bytes;
    bytes.setInt32(0, low, true);
    bytes.setInt32(4, high, true);
    const { u8 } = this.memory;
    for (let i = 0; i < size; i++) u8[i < near ? first + i : second + i - near] = bytes.getUint8(i);
    // A page that moved may be the one that executes, as well as one whose code was written.
    return epoch !== this.#epoch || generation !== this.#mmu.generation ? STORE_CODE : STORE_DONE;
  }

  /** Physical address for one access, noted in the TLB unless code has to be watched; -1 and the fault. */
  #translate(lo: number, hi: number, access: number): number {
    const addr = addressOf(lo, hi);
    const at = hi >>> 6 === 0 ? this.#mmu.translate(addr, access) : -1;
    this.#sync();
    if (at < 0) {
      this.faultAddress = addr;
      this.faultAccess = access;
      return -1;
    }
    if (access !== ACCESS_FETCH)
      this.#tlb.fill((hi << 20) | (lo >>> 12), at - (lo & (PAGE_SIZE - 1)), access);
    return at;
  }

  /** Drops translations that the space or a change of code made stale. */
  #sync(): void {
    const tlb = this.#tlb;
    const { generation } = this.#mmu;
    if (tlb.generation === generation && tlb.epoch === this.#epoch) return;
    tlb.flush();
    tlb.generation = generation;
    tlb.epoch = this.#epoch;
  }

  #codeWritten(frame: number): void {
    this.code.forgetFrame(frame);
    this.#epoch++;
  }
}
