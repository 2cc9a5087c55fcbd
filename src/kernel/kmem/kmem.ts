/**
 * The kernel's address space as code sees it: loads and stores at addresses. An object is either
 * bytes, or a core object shown in the running release's layout, one field at a time (see
 * `bound-struct.ts`). Numbers are exact to 2^53; 64-bit loads are signed, but for `u64`.
 *
 * A store that a bound field cannot take poisons the field: the store itself succeeds, as it does on
 * real hardware, and the core's next use of the object is the oops (`checkPoison`).
 *
 * Left out: user memory, which is not mapped into the kernel (copy_from_user reads it).
 */
import { assert } from "../lib/assert.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import { formatAddress, KMEM_BASE } from "./address.ts";
import { BoundAccess } from "./bound-access.ts";
import { type Bindings, type BoundStruct, buildBoundStruct } from "./bound-struct.ts";
import { KmemHeap, type KmemObject } from "./heap.ts";
import type { Layouts } from "./layout.ts";
import { badAddress, KernelOops } from "./oops.ts";

const HIGH_WORD = 4294967296;

export class Kmem extends KmemHeap {
  readonly layouts: Layouts;
  readonly #structs: Map<string, BoundStruct> = new Map();
  readonly #byCore: Map<object, KmemObject> = new Map();
  readonly #bound: BoundAccess;

  constructor(layouts: Layouts) {
    super();
    this.layouts = layouts;
    this.#bound = new BoundAccess((struct, core) => this.addressOf(struct, core));
  }

  // Loads. The inlined test is "inside one line, and the line has nothing special about it".

  u8(address: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) < (this.readable[at >> 6] as number)) {
      return this.u8s[at | 0] as number;
    }
    return this.#load(address, 1);
  }

  i8(address: number): number {
    return (this.u8(address) << 24) >> 24;
  }

  u16(address: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 2 <= (this.readable[at >> 6] as number)) {
      return (this.u8s[at | 0] as number) | ((this.u8s[(at + 1) | 0] as number) << 8);
    }
    return this.#load(address, 2);
  }

  i16(address: number): number {
    return (this.u16(address) << 16) >> 16;
  }

  i32(address: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 4 <= (this.readable[at >> 6] as number)) {
      if ((at & 3) === 0) return this.i32s[at >> 2] as number;
    }
    return this.#load(address, 4) | 0;
  }

  u32(address: number): number {
    return this.i32(address) >>> 0;
  }

  i64(address: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 8 <= (this.readable[at >> 6] as number)) {
      if ((at & 3) === 0) {
        const word = at >> 2;
        const low = (this.i32s[word] as number) >>> 0;
        return (this.i32s[word + 1] as number) * HIGH_WORD + low;
      }
    }
    return this.#load(address, 8);
  }

  u64(address: number): number {
    const value = this.i64(address);
    return value < 0 ? value + HIGH_WORD * HIGH_WORD : value;
  }

  /** C's _Bool: one byte, 0 or 1. */
  bool(address: number): number {
    return this.u8(address) === 0 ? 0 : 1;
  }

  // Stores answer the value, as an assignment does.

  store8(address: number, value: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) < (this.writable[at >> 6] as number)) {
      this.u8s[at | 0] = value;
    } else this.#store(address, 1, value);
    return value;
  }

  store16(address: number, value: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 2 <= (this.writable[at >> 6] as number)) {
      this.u8s[at | 0] = value;
      this.u8s[(at + 1) | 0] = value >> 8;
    } else this.#store(address, 2, value);
    return value;
  }

  store32(address: number, value: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 4 <= (this.writable[at >> 6] as number)) {
      if ((at & 3) === 0) {
        this.i32s[at >> 2] = value;
        return value;
      }
    }
    this.#store(address, 4, value);
    return value;
  }

  store64(address: number, value: number): number {
    const at = address - KMEM_BASE;
    if (at >= 0 && at < this.end && (at & 63) + 8 <= (this.writable[at >> 6] as number)) {
      if ((at & 3) === 0) {
        const word = at >> 2;
        this.i32s[word] = value;
        this.i32s[word + 1] = Math.floor(value / HIGH_WORD);
        return value;
      }
    }
    this.#store(address, 8, value);
    return value;
  }

  // Bytes and strings.

  /** Copies `size` bytes out. They must all be in one object. */
  readBytes(address: number, size: number): Uint8Array {
    if (size === 0) return new Uint8Array(0);
    const object = this.checked(address, asSize(size), false);
    this.charge(size);
    const at = address - KMEM_BASE;
    if (object.struct === undefined) return this.u8s.slice(at, at + size);
    return Uint8Array.from({ length: size }, (_, i) => this.u8(address + i));
  }

  /** Could `size` bytes at `address` be read without an oops? */
  isMapped(address: number, size: number): boolean {
    const object = this.objectCovering(address);
    return (
      object !== undefined &&
      !object.freed &&
      address >= object.address &&
      address + size <= object.address + object.sizeBytes
    );
  }

  /** An oops unless `size` bytes may be written at `address`, all in one object. */
  checkRange(address: number, size: number): void {
    if (size !== 0) this.checked(address, asSize(size), true);
  }

  /** Copies bytes in, to one object. */
  writeBytes(address: number, bytes: ArrayLike<number>): void {
    if (bytes.length === 0) return;
    const object = this.checked(address, bytes.length, true);
    this.charge(bytes.length);
    if (object.struct === undefined) this.u8s.set(bytes, address - KMEM_BASE);
    else for (let i = 0; i < bytes.length; i++) this.store8(address + i, bytes[i] as number);
    object.onStore?.();
  }

  /** memset, inside one object. */
  fillBytes(address: number, value: number, size: number): void {
    if (size === 0) return;
    const object = this.checked(address, asSize(size), true);
    this.charge(size);
    const at = address - KMEM_BASE;
    if (object.struct === undefined) this.u8s.fill(value, at, at + size);
    else for (let i = 0; i < size; i++) this.store8(address + i, value);
    object.onStore?.();
  }

  /** The string at `address`, up to its NUL or to `maxBytes`. */
  readCString(address: number, maxBytes: number = 4096): string {
    const bytes: number[] = [];
    while (bytes.length < maxBytes) {
      const byte = this.u8(address + bytes.length);
      if (byte === 0) break;
      bytes.push(byte);
    }
    this.charge(bytes.length * 16);
    return decodeUtf8(bytes);
  }

  /** strlcpy: at most `sizeBytes`, the closing NUL included. Answers the bytes before the NUL. */
  writeCString(address: number, text: string, sizeBytes: number): number {
    if (sizeBytes <= 0) return 0;
    const bytes = encodeUtf8(text).subarray(0, sizeBytes - 1);
    this.writeBytes(address, bytes);
    this.store8(address + bytes.length, 0);
    return bytes.length;
  }

  // Core objects.

  /**
   * Connects fields of the running layout of struct `name` to core objects. Answers what is wrong
   * with it, one sentence each: a binding of a field that the struct does not have.
   */
  bindStruct<C extends object>(name: string, bindings: Bindings<C>): string[] {
    const layout = this.layouts[name];
    if (layout === undefined) return [`no header defines struct ${name}`];
    const built = buildBoundStruct(layout, this.layouts, bindings as Bindings<object>);
    this.#structs.set(name, built.struct);
    return built.unknown.map((field) => `struct ${name} has no field ${field} that can be bound`);
  }

  /** Is struct `name` a view of core objects? */
  isBound(name: string): boolean {
    return this.#structs.has(name);
  }

  /** Where `core` is, seen as struct `structName`: always the same address while it lives. */
  addressOf(structName: string, core: object): number {
    let object = this.#byCore.get(core);
    while (object !== undefined) {
      if (object.tag === structName) return object.address;
      object = object.next;
    }
    return this.#showCore(structName, core);
  }

  /** The core object at `address`, which must be a live `structName`: else an oops. */
  objectAt(structName: string, address: number): object {
    const object = this.objectCovering(address);
    if (object?.tag === structName && object.core !== undefined && object.address === address) {
      return object.core;
    }
    this.checked(address, 1, false);
    throw badAddress(address, [`There is no ${structName} at ${formatAddress(address)}`]);
  }

  /** The same, for a value that may well be nonsense. */
  peekObject(structName: string, address: number): object | undefined {
    const object = this.objectCovering(address);
    if (object?.tag !== structName || object.address !== address) return undefined;
    return object.core;
  }

  /** The core has freed `core`: every view of it becomes freed memory. */
  release(core: object, by: string): void {
    let object = this.#byCore.get(core);
    if (object === undefined) return;
    this.#byCore.delete(core);
    for (; object !== undefined; object = object.next) {
      object.core = undefined;
      if (object.poisoned !== undefined) this.#bound.forget(object);
      this.retire(object, by);
    }
  }

  /** To be called where the core is about to use what modules can write. */
  checkPoison(core: object): void {
    if (this.#bound.poisonedCount === 0) return;
    for (let object = this.#byCore.get(core); object !== undefined; object = object.next) {
      const slot = object.poisoned?.values().next().value;
      if (slot === undefined) continue;
      const address = object.address + slot.offset;
      const value = this.#load(address, Math.min(slot.size, 8));
      if (slot.isPointer) throw badAddress(value, [`Read from ${slot.name}`]);
      const message = `kernel BUG: ${slot.name} at ${formatAddress(address)} was overwritten`;
      throw new KernelOops("corruption", address, `${message} with ${value}`);
    }
  }

  #showCore(structName: string, core: object): number {
    const struct = this.#structs.get(structName);
    assert(struct !== undefined, `struct ${structName} is not bound`);
    const object = this.allocObject(struct.size, structName, "bound", 0);
    assert(object !== undefined, "kernel heap is full of core objects");
    object.struct = struct;
    object.core = core;
    object.next = this.#byCore.get(core);
    this.#byCore.set(core, object);
    return object.address;
  }

  #load(address: number, size: number): number {
    const object = this.checked(address, size, false);
    return this.#bound.load(
      object,
      this.u8s,
      object.address - KMEM_BASE,
      address - object.address,
      size,
    );
  }

  #store(address: number, size: number, value: number): void {
    const object = this.checked(address, size, true);
    const offset = object.address - KMEM_BASE;
    this.#bound.store(object, this.u8s, offset, address - object.address, size, value);
    object.onStore?.();
  }
}

/** A size_t: what is negative as a signed number is far more than any object holds. */
function asSize(size: number): number {
  return size >= 0 ? size : Number.MAX_SAFE_INTEGER;
}
