/**
 * The slow path of loads and stores: bound fields, and accesses that cover a part of a field, cross
 * fields or are not aligned. Those are put together byte by byte from whatever covers each byte, so
 * that a module built for another layout reads exactly what it would read on real hardware.
 */
import { assert } from "../lib/assert.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import type { BoundStruct, FieldValue, Slot } from "./bound-struct.ts";
import type { KmemObject } from "./heap.ts";

const HIGH_WORD = 4294967296;

export class BoundAccess {
  /** How many objects have poisoned fields. */
  poisonedCount = 0;
  readonly #addressOf: (struct: string, core: object) => number;

  constructor(addressOf: (struct: string, core: object) => number) {
    this.#addressOf = addressOf;
  }

  /** The object is gone, and its poison with it. */
  forget(object: KmemObject): void {
    object.poisoned = undefined;
    this.poisonedCount--;
  }

  /** `size` bytes at `at` inside `object`, whose own bytes begin at `offset` of `heap`. */
  load(object: KmemObject, heap: Uint8Array, offset: number, at: number, size: number): number {
    const { struct, core } = object;
    if (struct === undefined || (struct.plainRun[at] as number) >= size) {
      return assemble(heap, offset + at, size);
    }
    const slot = struct.starts[at];
    if (slot?.size === size && !slot.isText && object.poisoned === undefined) {
      return truncate(this.#encode(slot, core as object), size);
    }
    const bytes = new Uint8Array(8);
    for (let i = 0; i < size; i++) bytes[i] = this.#byteAt(object, struct, heap, offset, at + i);
    return assemble(bytes, 0, size);
  }

  store(
    object: KmemObject,
    heap: Uint8Array,
    offset: number,
    at: number,
    size: number,
    value: number,
  ): void {
    const { struct } = object;
    for (let i = 0; i < size; ) {
      const slot = struct?.covers[at + i];
      if (slot === undefined) {
        heap[offset + at + i] = byteOf(value, i);
        i++;
        continue;
      }
      // The part of the field that the store does not touch keeps what it shows now.
      const merged = this.#bytesOf(object, slot, heap, offset);
      for (; i < size && at + i < slot.offset + slot.size; i++) {
        merged[at + i - slot.offset] = byteOf(value, i);
      }
      this.#write(object, slot, merged, heap, offset);
    }
  }

  #write(
    object: KmemObject,
    slot: Slot,
    bytes: Uint8Array,
    heap: Uint8Array,
    offset: number,
  ): void {
    heap.set(bytes, offset + slot.offset);
    const taken = this.#offer(object.core as object, slot, bytes);
    if (taken && object.poisoned?.delete(slot) === true) {
      if (object.poisoned.size === 0) this.forget(object);
    } else if (!taken) {
      if (object.poisoned === undefined) {
        object.poisoned = new Set();
        this.poisonedCount++;
      }
      object.poisoned.add(slot);
    }
  }

  /** Does the core take the new bytes? Writing what is already there changes nothing. */
  #offer(core: object, slot: Slot, bytes: Uint8Array): boolean {
    if (slot.isText) {
      const text = encodedText(slot, core);
      if (bytes.every((byte, i) => byte === text[i])) return true;
      return slot.set?.(core, textOf(bytes), slot.index) === true;
    }
    const value = assemble(bytes, 0, slot.size);
    if (value === truncate(this.#encode(slot, core), slot.size)) return true;
    return slot.set?.(core, value, slot.index) === true;
  }

  #byteAt(
    object: KmemObject,
    struct: BoundStruct,
    heap: Uint8Array,
    offset: number,
    at: number,
  ): number {
    const slot = struct.covers[at];
    if (slot === undefined) return heap[offset + at] as number;
    return this.#bytesOf(object, slot, heap, offset)[at - slot.offset] as number;
  }

  #bytesOf(object: KmemObject, slot: Slot, heap: Uint8Array, offset: number): Uint8Array {
    if (object.poisoned?.has(slot) === true) {
      return heap.slice(offset + slot.offset, offset + slot.offset + slot.size);
    }
    const core = object.core as object;
    if (slot.isText) return encodedText(slot, core);
    const value = this.#encode(slot, core);
    return Uint8Array.from({ length: slot.size }, (_, i) => byteOf(value, i));
  }

  #encode(slot: Slot, core: object): number {
    const value: FieldValue = slot.get(core, slot.index);
    if (typeof value === "number") return value;
    if (value === null || value === undefined || value === false) return 0;
    if (value === true) return 1;
    assert(typeof value === "object", `${slot.name} is bound to text but is no char array`);
    assert(slot.target !== undefined, `${slot.name} is bound to an object but is no pointer`);
    return this.#addressOf(slot.target, value);
  }
}

/** A char array as strncpy fills it: cut to leave a NUL, zeros after the text. */
function encodedText(slot: Slot, core: object): Uint8Array {
  const bytes = new Uint8Array(slot.size);
  bytes.set(encodeUtf8(String(slot.get(core, slot.index) ?? "")).subarray(0, slot.size - 1));
  return bytes;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Byte `index` of a 64-bit two's complement number. */
function byteOf(value: number, index: number): number {
  if (index < 4) return (value >>> (8 * index)) & 255;
  return (Math.floor(value / HIGH_WORD) >>> (8 * (index - 4))) & 255;
}

/** Little-endian; unsigned up to four bytes, signed for eight. */
function assemble(bytes: Uint8Array, at: number, size: number): number {
  let low = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i--) low = low * 256 + (bytes[at + i] as number);
  if (size <= 4) return low;
  let high = 0;
  for (let i = size - 1; i >= 4; i--) high = (high << 8) | (bytes[at + i] as number);
  return high * HIGH_WORD + low;
}

function truncate(value: number, size: number): number {
  return size === 8 ? value : size === 4 ? value >>> 0 : size === 2 ? value & 0xffff : value & 0xff;
}
