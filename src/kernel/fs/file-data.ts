/**
 * The bytes of a regular file: one growable array. Holes are zeros that cost as much as data.
 */
import { EFBIG, ENOSPC } from "../abi/errno.ts";
import { FILE_SIZE_MAX_BYTES } from "../lib/limits.ts";
import type { FileSpace } from "./space.ts";

export class FileData {
  #bytes: Uint8Array = new Uint8Array(0);
  #size = 0;
  readonly #space: FileSpace;

  constructor(space: FileSpace) {
    this.#space = space;
  }

  get size(): number {
    return this.#size;
  }

  /** What is there from `position`, at most `count` bytes: a copy. */
  read(position: number, count: number): Uint8Array {
    return this.#bytes.slice(position, Math.min(position + count, this.#size));
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
    this.#bytes.set(count === bytes.length ? bytes : bytes.subarray(0, count), position);
    return count;
  }

  /** Cuts or extends with zeros. */
  resize(size: number): number {
    if (size > FILE_SIZE_MAX_BYTES) return -EFBIG;
    if (!this.#space.takeBytes(size - this.#size)) return -ENOSPC;
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, Math.min(this.#bytes.length * 2, 1 << 26), 64));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#size = size;
    return 0;
  }
}
