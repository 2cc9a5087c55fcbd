/**
 * One process's memory: regions (vmas) with permissions, and the pages behind them, filled in when
 * touched and shared copy-on-write between spaces.
 *
 * Source: mm/mmap.c and mm/memory.c of 6.1, as far as a program can tell; riscv64 Sv39 puts user
 * addresses below 2^38. Left out: pages shared with a file or between processes, mremap, huge pages,
 * swapping.
 */
import { EFAULT, ENOMEM } from "../abi/errno.ts";
import type { Mmu, Tlb } from "../hw/hart/tlb.ts";
import { PAGE_SHIFT, PAGE_SIZE, type PhysicalMemory } from "../hw/memory.ts";
import { assert } from "../lib/assert.ts";
import { digestWords } from "../lib/digest.ts";
import { decodeUtf8 } from "../lib/text.ts";

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;

/** First address past user space: 2^38, Sv39. */
export const USER_TOP = 0x4000000000;

/** A range of addresses `[start, end)` with one set of permissions. */
export interface Region {
  readonly start: number;
  end: number;
  readonly prot: number;
  /** What /proc/PID/maps prints: a path, `[heap]`, `[stack]` or nothing. */
  readonly name: string;
}

/** A user-mode access that the address space forbids: SIGSEGV for whoever made it. */
export class UserFault extends Error {
  readonly address: number;
  readonly write: boolean;
  /** Is there a region at all? Tells SEGV_ACCERR from SEGV_MAPERR. */
  readonly mapped: boolean;

  constructor(address: number, write: boolean, mapped: boolean) {
    super(`user fault at 0x${address.toString(16)}`);
    this.address = address;
    this.write = write;
    this.mapped = mapped;
  }
}

export class AddressSpace implements Mmu {
  /** In order of address; they never overlap. */
  readonly regions: Region[] = [];
  /** End of the heap, moved by brk(2), and where it began. */
  brk = 0;
  brkStart = 0;
  /** Where argv lies, for /proc/PID/cmdline: `[start, end)`. */
  argStart = 0;
  argEnd = 0;
  /** Tasks that run in this space. */
  users = 1;
  /** Moves when a translation that was handed out may have become wrong or too permissive. */
  generation = 0;
  tlb: Tlb | undefined;
  readonly #pages: Map<number, number> = new Map();
  readonly #memory: PhysicalMemory;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** Pages that hold something of this space's own, for VmRSS. */
  get residentPages(): number {
    return this.#pages.size;
  }

  /** Adds a region. Both ends are page-aligned and the range is free. */
  map(start: number, end: number, prot: number, name: string): void {
    assert(
      start % PAGE_SIZE === 0 && end % PAGE_SIZE === 0 && start < end,
      "mapping is page-aligned",
    );
    assert(!this.regions.some((r) => r.start < end && start < r.end), "mapping does not overlap");
    this.regions.push({ start, end, prot, name });
    this.regions.sort((a, b) => a.start - b.start);
  }

  /** The highest region with an address of `[start, end)`. */
  overlapping(start: number, end: number): Region | undefined {
    return this.regions.findLast((r) => r.start < end && start < r.end);
  }

  /** Removes whatever is mapped in `[start, end)`; both are page-aligned. */
  unmap(start: number, end: number): void {
    if (this.overlapping(start, end) === undefined) return;
    this.#cut(start, end);
    const kept = this.regions.filter((r) => r.start < start || r.end > end);
    this.regions.splice(0, this.regions.length, ...kept);
    this.#drop(start, end);
  }

  /** Gives `[start, end)` other permissions; false, and nothing done, where a page is not mapped. */
  protect(start: number, end: number, prot: number): boolean {
    if (!this.#covers(start, end)) return false;
    this.#cut(start, end);
    this.regions.forEach((r, i) => {
      if (r.start >= start && r.end <= end) this.regions[i] = { ...r, prot };
    });
    this.generation++;
    return true;
  }

  /** The pages of `[start, end)` read as zero again; false where one is not mapped. */
  discard(start: number, end: number): boolean {
    this.#drop(start, end);
    return this.#covers(start, end);
  }

  #covers(start: number, end: number): boolean {
    let at = start;
    for (const r of this.regions) if (r.start <= at && at < r.end) at = r.end;
    return at >= end;
  }

  /** Makes region boundaries at both ends. */
  #cut(start: number, end: number): void {
    for (const at of [start, end]) {
      const i = this.regions.findIndex((r) => r.start < at && at < r.end);
      if (i < 0) continue;
      const whole = this.regions[i] as Region;
      this.regions.splice(i, 1, { ...whole, end: at }, { ...whole, start: at });
    }
  }

  regionAt(addr: number): Region | undefined {
    return this.regions.find((region) => addr >= region.start && addr < region.end);
  }

  /** brk(2): moves the end of the heap and returns it; where it cannot, returns the old end. */
  setBrk(end: number): number {
    if (end < this.brkStart || end >= USER_TOP) return this.brk;
    const top = Math.ceil(end / PAGE_SIZE) * PAGE_SIZE;
    const heap = this.regions.find((r) => r.name === "[heap]");
    const floor = heap?.start ?? this.brkStart;
    if (this.regions.some((r) => r !== heap && r.start < top && floor < r.end)) return this.brk;
    if (heap !== undefined) {
      this.#drop(top, heap.end);
      heap.end = Math.max(top, heap.start + PAGE_SIZE);
    } else if (top > floor) {
      this.map(floor, top, PROT_READ | PROT_WRITE, "[heap]");
    }
    this.brk = end;
    return end;
  }

  /** A copy that shares all pages until one side writes. */
  clone(): AddressSpace {
    const copy = new AddressSpace(this.#memory);
    this.generation++;
    for (const region of this.regions) copy.regions.push({ ...region });
    copy.brk = this.brk;
    copy.brkStart = this.brkStart;
    copy.argStart = this.argStart;
    copy.argEnd = this.argEnd;
    for (const [page, frame] of this.#pages) {
      this.#memory.hold(frame);
      copy.#pages.set(page, frame);
    }
    return copy;
  }

  /** Digest of all pages and where they lie, 32 bits. */
  digest(): number {
    let digest = 0;
    for (const page of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const frame = this.#pages.get(page) as number;
      digest =
        (Math.imul(digest ^ page, 0x01000193) ^ digestWords(this.#memory.frameWords(frame))) >>> 0;
    }
    return digest;
  }

  /** Gives all pages back and returns a digest of what they held. */
  destroy(): number {
    const digest = this.digest();
    for (const frame of this.#pages.values()) this.#memory.release(frame);
    this.#pages.clear();
    return digest;
  }

  /** Copies memory out. Returns -EFAULT where a byte is not readable. */
  copyIn(addr: number, size: number): Uint8Array | number {
    const bytes = new Uint8Array(size);
    return this.#each(addr, size, false, (at, offset, count) => {
      bytes.set(this.#memory.u8.subarray(at, at + count), offset);
    })
      ? bytes
      : -EFAULT;
  }

  /** Copies into memory. Returns 0, or -EFAULT where a byte is not writable (what came before it is written). */
  copyOut(addr: number, bytes: Uint8Array): number {
    return this.#each(addr, bytes.length, true, (at, offset, count) => {
      this.#memory.u8.set(bytes.subarray(offset, offset + count), at);
    })
      ? 0
      : -EFAULT;
  }

  /** A NUL-terminated string of at most `max` bytes; -EFAULT, or undefined when no NUL was found. */
  copyInString(addr: number, max: number): string | number | undefined {
    const bytes: number[] = [];
    for (let i = 0; i < max; i++) {
      const at = this.locate(addr + i, false);
      if (at < 0) return -EFAULT;
      const byte = this.#memory.u8[at] as number;
      if (byte === 0) return decodeUtf8(bytes);
      bytes.push(byte);
    }
    return undefined;
  }

  /**
   * ptrace's and the loader's way in: reads and writes whatever is mapped, permissions aside.
   * Returns 0 or -EFAULT.
   */
  poke(addr: number, bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      const at = this.locate(addr + i, true, true);
      if (at < 0) return -EFAULT;
      this.#memory.u8[at] = bytes[i] as number;
    }
    return 0;
  }

  /** ptrace's way to read: whatever is mapped. */
  peek(addr: number, size: number): Uint8Array | number {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      const at = this.locate(addr + i, false, true);
      if (at < 0) return -EFAULT;
      bytes[i] = this.#memory.u8[at] as number;
    }
    return bytes;
  }

  /** Physical address of a user byte, bringing its page in; -EFAULT or -ENOMEM otherwise. */
  locate(addr: number, write: boolean, force = false): number {
    return this.translate(addr, write ? PROT_WRITE : PROT_READ, force);
  }

  /** The same for one kind of access: PROT_READ, PROT_WRITE or PROT_EXEC. */
  translate(addr: number, access: number, force = false): number {
    const page = Math.floor(addr / PAGE_SIZE);
    const region = this.regionAt(addr);
    if (region === undefined) return -EFAULT;
    if (!force && (region.prot & access) === 0) return -EFAULT;
    const write = access === PROT_WRITE;
    let frame = this.#pages.get(page) ?? 0;
    if (write && (frame === 0 || this.#memory.isShared(frame)))
      frame = this.#privateCopy(page, frame);
    if (write) {
      if (frame === 0) return -ENOMEM;
      this.#memory.writing(frame);
    }
    return (frame << PAGE_SHIFT) + (addr % PAGE_SIZE);
  }

  #privateCopy(page: number, old: number): number {
    const frame = this.#memory.allocate();
    if (frame === 0) return 0;
    if (old !== 0) {
      this.#memory.frameWords(frame).set(this.#memory.frameWords(old));
      this.#memory.release(old);
    }
    this.#pages.set(page, frame);
    this.generation++;
    return frame;
  }

  #drop(start: number, end: number): void {
    this.generation++;
    const first = start / PAGE_SIZE;
    const last = end / PAGE_SIZE;
    const pages =
      last - first < this.#pages.size
        ? Array.from({ length: last - first }, (_, i) => first + i)
        : [...this.#pages.keys()].filter((page) => page >= first && page < last);
    for (const page of pages) {
      const frame = this.#pages.get(page);
      if (frame !== undefined) this.#memory.release(frame);
      this.#pages.delete(page);
    }
  }

  #each(
    addr: number,
    size: number,
    write: boolean,
    visit: (at: number, offset: number, count: number) => void,
  ): boolean {
    for (let offset = 0; offset < size; ) {
      const at = this.locate(addr + offset, write);
      if (at < 0) return false;
      const count = Math.min(size - offset, PAGE_SIZE - (at % PAGE_SIZE));
      visit(at, offset, count);
      offset += count;
    }
    return true;
  }
}
