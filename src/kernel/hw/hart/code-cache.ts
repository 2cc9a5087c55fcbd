/**
 * Decoded code, by physical frame, so that every process that runs a file shares it: blocks of
 * operations that end at a jump or with their page. Addresses inside are offsets in the page, so a
 * block serves wherever its frame is mapped, and links between blocks never leave the page.
 *
 * When the array is full everything is forgotten and decoded anew as it runs.
 */
import { PAGE_SIZE, type PhysicalMemory } from "../memory.ts";
import type { IsaRow } from "./isa/row.ts";
import { expandCompressed, findRow } from "./isa/table.ts";
import {
  CODE_STRADDLE,
  ENDING_WORDS,
  OPERATION_WORDS,
  rowIndex,
  writeFall,
  writeIllegal,
  writeOperation,
} from "./operations.ts";

/** Where the row's index begins in `offs`. */
export const ROW_SHIFT = 20;

/** Instructions in a block at most. */
const BLOCK_MAX = 64;
/** Words that one block may need: header, perhaps a check, instructions, ending. */
const BLOCK_WORDS = (BLOCK_MAX + 2) * OPERATION_WORDS + ENDING_WORDS;
/** Places in a page where an instruction may start. */
const ENTRIES = PAGE_SIZE / 2;
/** Words at first and at most. */
const WORDS_MIN = 1 << 14;
const WORDS_MAX = 1 << 22;
/** Where a block for one use is written. */
const SCRATCH = OPERATION_WORDS;
const FIRST = SCRATCH + BLOCK_WORDS + OPERATION_WORDS;

export class CodeCache {
  ops: Int32Array = new Int32Array(WORDS_MIN);
  /** By operation: its offset in the page, from bit 16 its size in bytes, from bit 20 its row in ISA. */
  offs: Int32Array = new Int32Array(WORDS_MIN / OPERATION_WORDS);
  /** By operation: the instruction as a 32-bit word. */
  raws: Int32Array = new Int32Array(WORDS_MIN / OPERATION_WORDS);
  /** By table and half the offset: where the block that starts there is in `ops`, or 0. */
  entries: Int32Array = new Int32Array(ENTRIES * 8);
  /** By frame: the base of its table in `entries`, or 0. */
  tables: Int32Array = new Int32Array(1024);
  readonly #frames: number[] = [0];
  readonly #memory: PhysicalMemory;
  #next = FIRST;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** The table of a frame, made if it has none. */
  tableOf(frame: number): number {
    while (frame >= this.tables.length) this.tables = doubled(this.tables);
    const known = this.tables[frame] as number;
    if (known !== 0) return known;
    const table = this.#frames.length * ENTRIES;
    this.#frames.push(frame);
    while (table + ENTRIES > this.entries.length) this.entries = doubled(this.entries);
    this.tables[frame] = table;
    return table;
  }

  /** Forgets what was decoded of a frame. */
  forgetFrame(frame: number): void {
    const table = this.tables[frame] ?? 0;
    if (table !== 0) this.entries.fill(0, table, table + ENTRIES);
  }

  forgetBlock(table: number, offset: number): void {
    this.entries[table + (offset >> 1)] = 0;
  }

  /**
   * Decodes the block at an offset of a table's frame; `beyond` reads the halfword after the page.
   * Answers its place, or 0 if everything was forgotten to make room.
   */
  decode(table: number, offset: number, beyond: () => number): number {
    if (this.#next + BLOCK_WORDS > this.ops.length && !this.#grow()) {
      this.#forgetAll();
      return 0;
    }
    const start = this.#next + OPERATION_WORDS;
    this.#next = this.#write(start, table, offset, BLOCK_MAX, beyond);
    this.entries[table + (offset >> 1)] = start;
    return start;
  }

  /** A block of at most `limit` instructions, good until the next one is asked for. */
  decodePart(table: number, offset: number, limit: number, beyond: () => number): number {
    const start = SCRATCH + OPERATION_WORDS;
    this.#write(start, table, offset, Math.min(limit, BLOCK_MAX), beyond);
    return start;
  }

  /** Writes a block's operations from `start` on, their number before it. Answers the next free place. */
  #write(
    start: number,
    table: number,
    offset: number,
    limit: number,
    beyond: () => number,
  ): number {
    const base = (this.#frames[table / ENTRIES] as number) * PAGE_SIZE;
    const { view } = this.#memory;
    let at = start;
    let count = 0;
    let ended = false;
    while (!ended && count < limit && offset < PAGE_SIZE) {
      const half = view.getUint16(base + offset, true);
      const isWide = (half & 3) === 3;
      if (isWide && offset === PAGE_SIZE - 2) {
        if (count > 0) break;
        at = this.#writeCheck(at, offset, beyond());
      }
      const second = offset === PAGE_SIZE - 2 ? (this.ops[at - OPERATION_WORDS + 1] as number) : 0;
      const word = isWide
        ? half |
          ((offset === PAGE_SIZE - 2 ? second : view.getUint16(base + offset + 2, true)) << 16)
        : expandCompressed(half);
      const size = isWide ? 4 : 2;
      ended = this.#writeOne(at, findRow(word), word, offset, size);
      at += OPERATION_WORDS;
      offset += size;
      count++;
    }
    if (ended) at += ENDING_WORDS - OPERATION_WORDS;
    else {
      writeFall(this.ops, at, offset);
      at += ENDING_WORDS;
    }
    this.ops[start - 1] = count;
    return at;
  }

  /** The instruction's second half is on another page: it is compared each time. */
  #writeCheck(at: number, offset: number, half: number): number {
    this.ops[at] = CODE_STRADDLE;
    this.ops[at + 1] = half;
    this.offs[at >> 2] = offset | (4 << 16);
    return at + OPERATION_WORDS;
  }

  #writeOne(
    at: number,
    row: IsaRow | undefined,
    word: number,
    offset: number,
    size: number,
  ): boolean {
    this.offs[at >> 2] =
      offset | (size << 16) | ((row === undefined ? 0 : rowIndex(row)) << ROW_SHIFT);
    this.raws[at >> 2] = word;
    return row === undefined
      ? writeIllegal(this.ops, at)
      : writeOperation(this.ops, at, row, word, offset, size);
  }

  #grow(): boolean {
    if (this.ops.length >= WORDS_MAX) return false;
    this.ops = doubled(this.ops);
    this.offs = doubled(this.offs);
    this.raws = doubled(this.raws);
    return true;
  }

  #forgetAll(): void {
    this.entries.fill(0);
    this.#next = FIRST;
  }
}

function doubled(words: Int32Array): Int32Array {
  const larger = new Int32Array(words.length * 2);
  larger.set(words);
  return larger;
}
