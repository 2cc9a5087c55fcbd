/**
 * One process's memory: regions with permissions, and the pages behind them. Pages of its own are
 * filled in when touched and shared copy-on-write between spaces; others belong to a file or to
 * memory that processes share, and are looked up where they are.
 *
 * Source: mm/mmap.c, mm/mremap.c and mm/memory.c of 6.1, as far as a program can tell; riscv64 Sv39
 * puts user addresses below 2^38. Left out: huge pages, swapping, locking in memory.
 */
import { EFAULT, ENOMEM } from "../abi/errno.ts";
import type { Mmu, Tlb } from "../hw/hart/tlb.ts";
import { PAGE_SHIFT, PAGE_SIZE, type PhysicalMemory } from "../hw/memory.ts";
import { assert } from "../lib/assert.ts";
import { digestWords } from "../lib/digest.ts";
import { COPY_MAX_BYTES } from "../lib/limits.ts";
import { decodeUtf8 } from "../lib/text.ts";
import { PAGE_BEYOND } from "./page-source.ts";
import { type Backing, partOf, type Region, RegionList } from "./region.ts";

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;

/** First address past user space: 2^38, Sv39. */
export const USER_TOP = 0x4000000000;

/**
 * Why an access failed: nothing is mapped, it is not permitted, the file ends before the page, or
 * memory is full.
 */
export type FaultKind = "unmapped" | "denied" | "beyond" | "full";

/** A user-mode access that failed: a signal for whoever made it. */
export class UserFault extends Error {
  readonly address: number;
  readonly write: boolean;
  readonly kind: FaultKind;

  constructor(address: number, write: boolean, kind: FaultKind) {
    super(`user fault at 0x${address.toString(16)}`);
    this.address = address;
    this.write = write;
    this.kind = kind;
  }
}

export class AddressSpace implements Mmu {
  /** End of the heap, moved by brk(2), and where it began. */
  brk = 0;
  /** The auxiliary vector that its program was given. */
  auxv: Uint8Array = new Uint8Array(0);
  brkStart = 0;
  /** Where argv lies, for /proc/PID/cmdline: `[start, end)`. */
  argStart = 0;
  argEnd = 0;
  /** Tasks that run in this space. */
  users = 1;
  /** Moves when a translation that was handed out may have become wrong or too permissive. */
  generation = 0;
  tlb: Tlb | undefined;
  readonly #regions: RegionList = new RegionList();
  /** Pages of its own: frames by page number. */
  readonly #pages: Map<number, number> = new Map();
  readonly #memory: PhysicalMemory;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** In order of address; they never overlap. */
  get regions(): readonly Region[] {
    return this.#regions.all;
  }

  /** Pages that hold something of this space's own, for VmRSS. */
  get residentPages(): number {
    return this.#pages.size;
  }

  /** Adds a region. Both ends are page-aligned and the range is free. */
  map(start: number, end: number, prot: number, name: string, backing?: Backing): void {
    assert(
      start % PAGE_SIZE === 0 && end % PAGE_SIZE === 0 && start < end,
      "mapping is page-aligned",
    );
    this.#add({ start, end, prot, name, backing });
    this.#merge(start, end);
  }

  regionAt(addr: number): Region | undefined {
    return this.#regions.at(addr);
  }

  /** The highest region with an address of `[start, end)`. */
  overlapping(start: number, end: number): Region | undefined {
    return this.#regions.overlapping(start, end);
  }

  /** access_ok(): could `size` bytes from `addr` on be user memory at all? */
  isUserRange(addr: number, size: number): boolean {
    return addr >= 0 && size >= 0 && addr + size <= USER_TOP;
  }

  /** Is every page of `[start, end)` mapped? */
  covers(start: number, end: number): boolean {
    return this.#regions.firstGap(start, end) === end;
  }

  /** Removes whatever is mapped in `[start, end)`; both are page-aligned. */
  unmap(start: number, end: number): void {
    this.#cut(start, end);
    for (const region of this.#regions.within(start, end)) this.#remove(region);
    this.#drop(start, end);
  }

  /** Gives `[start, end)` other permissions, up to the first hole; false if there is one. */
  protect(start: number, end: number, prot: number): boolean {
    const covered = this.#regions.firstGap(start, end);
    this.#cut(start, covered);
    for (const region of this.#regions.within(start, covered))
      this.#regions.replace(region, { ...region, prot });
    this.#merge(start, covered);
    this.generation++;
    return covered === end;
  }

  /** Forgets pages of its own in `[start, end)`, which read as at first; false where one is not mapped. */
  discard(start: number, end: number): boolean {
    this.#drop(start, end);
    return this.covers(start, end);
  }

  /** Makes the region that ends at `end` larger or, for what was cut off, leaves it. The room is free. */
  extend(region: Region, end: number): void {
    this.map(region.end, end, region.prot, region.name, partOf(region, region.end, end).backing);
  }

  /** Moves `[start, end)`, which lies in one region, to `to`, where nothing is. */
  move(start: number, end: number, to: number): void {
    this.#cut(start, end);
    const moved: [number, number][] = [];
    for (const [page, frame] of this.#pages)
      if (page * PAGE_SIZE >= start && page * PAGE_SIZE < end) moved.push([page, frame]);
    const region = this.#regions.at(start) as Region;
    this.#add(partOf(region, start, end, to));
    this.#remove(region);
    for (const [page] of moved) this.#pages.delete(page);
    for (const [page, frame] of moved) this.#pages.set(page + (to - start) / PAGE_SIZE, frame);
    this.#merge(to, to + end - start);
    this.generation++;
  }

  /** Is anything in memory behind the page of `addr`? For mincore(2). */
  isResident(addr: number): boolean {
    if (this.#pages.has(Math.floor(addr / PAGE_SIZE))) return true;
    const region = this.#regions.at(addr);
    return region?.backing !== undefined && this.#sourcePage(region, addr, false) > 0;
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
    for (const region of this.regions) copy.#add({ ...region });
    copy.brk = this.brk;
    copy.auxv = this.auxv;
    copy.brkStart = this.brkStart;
    copy.argStart = this.argStart;
    copy.argEnd = this.argEnd;
    for (const [page, frame] of this.#pages) {
      this.#memory.hold(frame);
      copy.#pages.set(page, frame);
    }
    return copy;
  }

  /** Digest of all pages of its own and where they lie, 32 bits. */
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
    for (const region of [...this.regions]) this.#remove(region);
    return digest;
  }

  /** Copies memory out. Returns -EFAULT where a byte is not readable. */
  copyIn(addr: number, size: number): Uint8Array | number {
    return this.#read(addr, size, false);
  }

  /** Copies into memory. Returns 0, or -EFAULT where a byte is not writable (what came before it is written). */
  copyOut(addr: number, bytes: Uint8Array): number {
    return this.#write(addr, bytes, false);
  }

  /** A NUL-terminated string of at most `max` bytes; -EFAULT, or undefined when no NUL was found. */
  copyInString(addr: number, max: number): string | number | undefined {
    const bytes: number[] = [];
    while (bytes.length < max) {
      const at = this.locate(addr + bytes.length, false);
      if (at < 0) return -EFAULT;
      const { u8 } = this.#memory;
      const end = at + Math.min(max - bytes.length, PAGE_SIZE - (at % PAGE_SIZE));
      for (let i = at; i < end; i++) {
        if (u8[i] === 0) return decodeUtf8(bytes);
        bytes.push(u8[i] as number);
      }
    }
    return undefined;
  }

  /**
   * ptrace's and the loader's way in: reads and writes whatever is mapped, permissions aside.
   * Returns 0 or -EFAULT.
   */
  poke(addr: number, bytes: Uint8Array): number {
    return this.#write(addr, bytes, true);
  }

  /** ptrace's way to read: whatever is mapped. */
  peek(addr: number, size: number): Uint8Array | number {
    return this.#read(addr, size, true);
  }

  /** Physical address of a user byte, bringing its page in; -EFAULT or -ENOMEM otherwise. */
  locate(addr: number, write: boolean, force = false): number {
    return this.translate(addr, write ? PROT_WRITE : PROT_READ, force);
  }

  /** The same for one kind of access: PROT_READ, PROT_WRITE or PROT_EXEC. */
  translate(addr: number, access: number, force = false): number {
    const region = this.#regions.at(addr);
    if (region === undefined) return -EFAULT;
    if (!force && (region.prot & access) === 0) return -EFAULT;
    const frame = this.#frame(region, addr, access === PROT_WRITE);
    return frame < 0 ? frame : (frame << PAGE_SHIFT) + (addr % PAGE_SIZE);
  }

  /** Why an access that `translate` refused is refused. */
  faultKind(addr: number, access: number): FaultKind {
    const region = this.#regions.at(addr);
    if (region === undefined) return "unmapped";
    if ((region.prot & access) === 0) return "denied";
    const page = region.backing === undefined ? 0 : this.#sourcePage(region, addr, false);
    return page === PAGE_BEYOND ? "beyond" : "full";
  }

  /** The frame behind an address, ready for the access; -EFAULT or -ENOMEM. */
  #frame(region: Region, addr: number, write: boolean): number {
    const page = Math.floor(addr / PAGE_SIZE);
    const { backing } = region;
    let frame = this.#pages.get(page) ?? 0;
    let isOwn = true;
    if (backing !== undefined) {
      const source = this.#sourcePage(region, addr, backing.shared);
      if (source < 0) return source === PAGE_BEYOND ? -EFAULT : -ENOMEM;
      isOwn = backing.shared || frame !== 0;
      if (backing.shared || frame === 0) frame = source;
    }
    if (!write) return frame;
    const isShared = backing?.shared === true;
    if (!isShared && (!isOwn || frame === 0 || this.#memory.isShared(frame)))
      frame = this.#privateCopy(page, frame, isOwn);
    if (frame === 0) return -ENOMEM;
    this.#memory.writing(frame);
    return frame;
  }

  #sourcePage({ start, backing }: Region, addr: number, make: boolean): number {
    const { source, offset } = backing as Backing;
    return source.page(Math.floor((offset + addr - start) / PAGE_SIZE), make);
  }

  /** A page of its own with what `old` holds; `isOwn` gives that one back. */
  #privateCopy(page: number, old: number, isOwn: boolean): number {
    const frame = this.#memory.allocate();
    if (frame === 0) return 0;
    if (old !== 0) {
      this.#memory.frameWords(frame).set(this.#memory.frameWords(old));
      if (isOwn) this.#memory.release(old);
    }
    this.#pages.set(page, frame);
    this.generation++;
    return frame;
  }

  #add(region: Region): void {
    this.#regions.add(region);
    region.backing?.source.attach(this);
  }

  #remove(region: Region): void {
    this.#regions.remove(region);
    region.backing?.source.detach(this);
  }

  #merge(start: number, end: number): void {
    for (const gone of this.#regions.merge(start, end)) gone.backing?.source.detach(this);
  }

  /** Makes region boundaries at both ends. */
  #cut(start: number, end: number): void {
    for (const at of [start, end]) {
      const whole = this.#regions.at(at);
      if (whole === undefined || whole.start === at) continue;
      this.#regions.replace(whole, partOf(whole, whole.start, at));
      this.#add(partOf(whole, at, whole.end));
    }
  }

  /** Gives back pages of its own. */
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

  #read(addr: number, size: number, force: boolean): Uint8Array | number {
    // A size is whatever a program says: nothing is made for what cannot be there.
    if (!(size >= 0 && size <= COPY_MAX_BYTES) || !this.isUserRange(addr, size)) return -EFAULT;
    const bytes = new Uint8Array(size);
    for (let offset = 0; offset < size; ) {
      const at = this.locate(addr + offset, false, force);
      if (at < 0) return -EFAULT;
      const count = Math.min(size - offset, PAGE_SIZE - (at % PAGE_SIZE));
      bytes.set(this.#memory.u8.subarray(at, at + count), offset);
      offset += count;
    }
    return bytes;
  }

  #write(addr: number, bytes: Uint8Array, force: boolean): number {
    for (let offset = 0; offset < bytes.length; ) {
      const at = this.locate(addr + offset, true, force);
      if (at < 0) return -EFAULT;
      const count = Math.min(bytes.length - offset, PAGE_SIZE - (at % PAGE_SIZE));
      this.#memory.u8.set(bytes.subarray(offset, offset + count), at);
      offset += count;
    }
    return 0;
  }
}
