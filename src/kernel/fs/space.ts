/**
 * How much all files together may hold: the size= and nr_inodes= options of tmpfs.
 *
 * Left out: quotas, reserved blocks, block rounding; a byte costs a byte.
 */
import type { PhysicalMemory } from "../hw/memory.ts";
import { FILE_SYSTEM_INODES_MAX, FILE_SYSTEM_SIZE_MAX_BYTES } from "../lib/limits.ts";

export class FileSpace {
  usedBytes = 0;
  usedInodes = 0;
  /** Where the files' pages are. */
  readonly memory: PhysicalMemory;
  readonly #onLimit: (name: string, value: number) => void;

  constructor(memory: PhysicalMemory, onLimit: (name: string, value: number) => void) {
    this.memory = memory;
    this.#onLimit = onLimit;
  }

  /** Takes (or with a negative number gives back) bytes; false where the file system is full. */
  takeBytes(count: number): boolean {
    if (this.usedBytes + count > FILE_SYSTEM_SIZE_MAX_BYTES) {
      this.#onLimit("FILE_SYSTEM_SIZE_MAX_BYTES", this.usedBytes + count);
      return false;
    }
    this.usedBytes += count;
    return true;
  }

  takeInode(): boolean {
    if (this.usedInodes >= FILE_SYSTEM_INODES_MAX) {
      this.#onLimit("FILE_SYSTEM_INODES_MAX", this.usedInodes);
      return false;
    }
    this.usedInodes += 1;
    return true;
  }

  giveInode(): void {
    this.usedInodes -= 1;
  }
}
