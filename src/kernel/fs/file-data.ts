/**
 * The bytes of a regular file: pages of physical memory, so that a mapping and a read see the same
 * ones. A page that was never written is a hole, which reads as zeros; one of a file that was on the
 * disk at boot stays there until somebody writes or maps it.
 *
 * Source: mm/shmem.c of Linux 6.1. A byte counts as used whether or not a page holds it.
 */
import { EFBIG, ENOSPC } from "../abi/errno.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "../hw/memory.ts";
import { FILE_SIZE_MAX_BYTES } from "../lib/limits.ts";
import {
  type MappingSpace,
  PAGE_BEYOND,
  PAGE_NO_MEMORY,
  type PageSource,
} from "../mm/page-source.ts";
import type { FileSpace } from "./space.ts";

const NOTHING = new Uint8Array(0);

export class FileData implements PageSource {
  /** Called when the last mapping of the file is gone. */
  onUnmapped: () => void = () => {};
  /** By page; 0 or nothing is a hole. */
  readonly #frames: number[] = [];
  /** Regions that show the file, by address space. */
  readonly #spaces: Map<MappingSpace, number> = new Map();
  #size = 0;
  /** What the disk has for pages without a frame. Many machines may share these bytes: never written. */
  #disk: Uint8Array = NOTHING;
  readonly #space: FileSpace;

  constructor(space: FileSpace) {
    this.#space = space;
  }

  get size(): number {
    return this.#size;
  }

  get isMapped(): boolean {
    return this.#spaces.size > 0;
  }

  /** What is there from `position`, at most `count` bytes: a copy. */
  read(position: number, count: number): Uint8Array {
    const { memory } = this.#space;
    const size = Math.max(0, Math.min(count, this.#size - position));
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; ) {
      const [index, offset, part] = piece(position + done, size - done);
      const frame = this.#frames[index] ?? 0;
      const at = (frame << PAGE_SHIFT) + offset;
      if (frame !== 0) bytes.set(memory.u8.subarray(at, at + part), done);
      else bytes.set(this.#disk.subarray(position + done, position + done + part), done);
      done += part;
    }
    return bytes;
  }

  /** Bytes written; fewer where the size limit cuts, -EFBIG or -ENOSPC where nothing fits. */
  write(position: number, bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    if (position >= FILE_SIZE_MAX_BYTES) return -EFBIG;
    const count = Math.min(bytes.length, FILE_SIZE_MAX_BYTES - position);
    if (position + count > this.#size) {
      const grown = this.resize(position + count);
      if (grown < 0) return grown;
    }
    const { memory } = this.#space;
    for (let done = 0; done < count; ) {
      const [index, offset, part] = piece(position + done, count - done);
      const frame = this.page(index, true);
      if (frame < 0) return done > 0 ? done : -ENOSPC;
      memory.writing(frame);
      memory.u8.set(bytes.subarray(done, done + part), (frame << PAGE_SHIFT) + offset);
      done += part;
    }
    return count;
  }

  /** The file is `bytes` from now on, which nobody may change. Returns 0 or a negative errno. */
  replace(bytes: Uint8Array): number {
    this.resize(0);
    const failed = this.resize(bytes.length);
    if (failed === 0) this.#disk = bytes;
    return failed;
  }

  /** Cuts or extends with zeros. */
  resize(size: number): number {
    if (size > FILE_SIZE_MAX_BYTES) return -EFBIG;
    if (!this.#space.takeBytes(size - this.#size)) return -ENOSPC;
    if (size < this.#size) this.#cut(size);
    this.#size = size;
    return 0;
  }

  page(index: number, make: boolean): number {
    if (index * PAGE_SIZE >= this.#size) return PAGE_BEYOND;
    const found = this.#frames[index] ?? 0;
    const start = index << PAGE_SHIFT;
    const isOnDisk = start < this.#disk.length;
    if (found !== 0 || !(make || isOnDisk)) return found;
    const { memory } = this.#space;
    const frame = memory.allocate();
    if (frame === 0) return PAGE_NO_MEMORY;
    if (isOnDisk) memory.u8.set(this.#disk.subarray(start, start + PAGE_SIZE), frame << PAGE_SHIFT);
    while (this.#frames.length < index) this.#frames.push(0);
    this.#frames[index] = frame;
    this.#changed();
    return frame;
  }

  attach(space: MappingSpace): void {
    this.#spaces.set(space, (this.#spaces.get(space) ?? 0) + 1);
  }

  detach(space: MappingSpace): void {
    const regions = (this.#spaces.get(space) ?? 0) - 1;
    if (regions > 0) {
      this.#spaces.set(space, regions);
      return;
    }
    this.#spaces.delete(space);
    if (this.#spaces.size === 0) this.onUnmapped();
  }

  #cut(size: number): void {
    this.#disk = this.#disk.subarray(0, size);
    const { memory } = this.#space;
    const kept = Math.ceil(size / PAGE_SIZE);
    for (const frame of this.#frames.splice(kept)) memory.release(frame);
    const last = this.#frames[kept - 1] ?? 0;
    if (last !== 0 && size % PAGE_SIZE !== 0) {
      memory.writing(last);
      memory.u8.fill(0, (last << PAGE_SHIFT) + (size % PAGE_SIZE), (last + 1) << PAGE_SHIFT);
    }
    this.#changed();
  }

  /** A page is another one now: whoever looked it up has to look again. */
  #changed(): void {
    for (const space of this.#spaces.keys()) space.generation++;
  }
}

/** Where a piece of `[position, position + count)` within one page lies: page, offset, size. */
function piece(position: number, count: number): [index: number, offset: number, size: number] {
  const offset = position % PAGE_SIZE;
  return [(position - offset) / PAGE_SIZE, offset, Math.min(count, PAGE_SIZE - offset)];
}
