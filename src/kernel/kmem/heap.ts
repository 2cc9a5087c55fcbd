/**
 * Kernel memory: a heap of 64-byte lines, in which every object knows its exact size, who made it and
 * who freed it. What KASAN finds with shadow memory, this finds with one record a line: use after
 * free, access past the end, double free. A freed object stays in quarantine before its lines serve again.
 *
 * Source: mm/slub.c and mm/kasan, 6.1. Left out: slab caches, page allocator, reclaim; when
 * the heap is full an allocation fails.
 */
import {
  KERNEL_ALLOCATION_MAX_BYTES,
  KERNEL_HEAP_MAX_BYTES,
  KERNEL_RESERVE_BYTES,
  KMALLOC_MAX_BYTES,
  QUARANTINE_MAX_BYTES,
} from "../lib/limits.ts";
import { formatAddress, KMEM_BASE } from "./address.ts";
import type { BoundStruct, Slot } from "./bound-struct.ts";
import { badAddress, KernelOops } from "./oops.ts";

const LINE_SIZE_BYTES = 64;
const LINE_SHIFT = 6;
const FIRST_HEAP_BYTES = 1 << 18;
/** What kmalloc(0) answers. Linux: ZERO_SIZE_PTR. */
const ZERO_SIZE_PTR = 16;
/** What unwritten kmalloc memory holds, and what freed memory holds. Linux: <linux/poison.h>. */
const POISON_INUSE = 0x5a;
const POISON_FREE = 0x6b;

/**
 * `bytes` is kmalloc memory; `module` is what a module brought along, and vanishes from the address
 * space when freed; `rodata` is the same, not writable; `bound` shows a core object.
 */
export type ObjectKind = "bytes" | "module" | "rodata" | "bound";

/** Who asked for memory on whose behalf. */
export interface Origin {
  /** The innermost module on the stack. */
  readonly owner: string;
  readonly site: string;
  readonly comm: string;
  readonly tid: number;
}

export class KmemObject {
  readonly address: number;
  readonly sizeBytes: number;
  readonly lineCount: number;
  readonly kind: ObjectKind;
  /** Who allocated it, or the struct it shows. */
  readonly tag: string;
  freed = false;
  freedBy = "";
  /** Known of what a module's code asked for. */
  origin: Origin | undefined = undefined;
  isReadOnly: boolean;
  /** Called after every store into the object. */
  onStore: (() => void) | undefined = undefined;
  struct: BoundStruct | undefined = undefined;
  core: object | undefined = undefined;
  /** Bound fields whose bytes no longer mean anything. */
  poisoned: Set<Slot> | undefined = undefined;
  /** The same core object seen as another struct. */
  next: KmemObject | undefined = undefined;

  constructor(
    address: number,
    sizeBytes: number,
    lineCount: number,
    kind: ObjectKind,
    tag: string,
  ) {
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.lineCount = lineCount;
    this.kind = kind;
    this.isReadOnly = kind === "rodata";
    this.tag = tag;
  }
}

/** A line that nobody owns follows each object, so that running off the end is seen. */
const linesOf = (sizeBytes: number): number =>
  ((sizeBytes + LINE_SIZE_BYTES - 1) >> LINE_SHIFT) + 1;

export class KmemHeap {
  protected u8s: Uint8Array = new Uint8Array(FIRST_HEAP_BYTES);
  protected i32s: Int32Array = new Int32Array(this.u8s.buffer);
  /** Of each line: how many of its bytes may be read and written with nothing to ask. */
  protected readable: Uint8Array = new Uint8Array(FIRST_HEAP_BYTES >> LINE_SHIFT);
  protected writable: Uint8Array = new Uint8Array(FIRST_HEAP_BYTES >> LINE_SHIFT);
  /** Bytes of the heap in use so far; the first line never is. */
  protected end: number = LINE_SIZE_BYTES;
  protected readonly owners: (KmemObject | undefined)[] = [undefined];
  #liveLines = 0;
  /** Where long work on memory is charged: the runtime's fuel, so that no loop of it is endless. */
  meter: { fuel: number } | undefined = undefined;
  readonly #quarantine: KmemObject[] = [];
  #quarantineHead = 0;
  #quarantineBytes = 0;
  readonly #recycled: Map<number, number[]> = new Map();

  /**
   * May code that can do without have so much? The rest is for the core, which cannot: many small objects
   * take up more lines than they have bytes, and lines that were freed serve only objects of their size.
   */
  hasRoom(sizeBytes: number): boolean {
    if (!(sizeBytes <= KMALLOC_MAX_BYTES)) return false;
    const lineCount = linesOf(sizeBytes);
    const taken = this.#liveLines + lineCount;
    if (taken << LINE_SHIFT > KERNEL_ALLOCATION_MAX_BYTES) return false;
    if ((this.#recycled.get(lineCount)?.length ?? 0) > 0) return true;
    return this.end + (lineCount << LINE_SHIFT) <= KERNEL_HEAP_MAX_BYTES - KERNEL_RESERVE_BYTES;
  }

  /** Memory for `sizeBytes`, each byte `fill`; 0 when there is none. `tag` names who asked. */
  alloc(sizeBytes: number, tag: string, fill: number = POISON_INUSE): number {
    if (sizeBytes === 0) return ZERO_SIZE_PTR;
    const object = this.allocObject(sizeBytes, tag, "bytes", fill);
    return object === undefined ? 0 : object.address;
  }

  /** An object of another kind than kmalloc's. Undefined when there is no memory. */
  allocObject(
    sizeBytes: number,
    tag: string,
    kind: ObjectKind,
    fill: number,
  ): KmemObject | undefined {
    if (!(sizeBytes > 0 && sizeBytes <= KMALLOC_MAX_BYTES)) return undefined;
    const size = Math.trunc(sizeBytes);
    const lineCount = linesOf(size);
    const used = lineCount - 1;
    const offset = this.#takeLines(lineCount);
    if (offset < 0) return undefined;
    const object = new KmemObject(KMEM_BASE + offset, size, lineCount, kind, tag);
    const first = offset >> LINE_SHIFT;
    for (let i = 0; i < used; i++) {
      const bytes = Math.min(LINE_SIZE_BYTES, size - i * LINE_SIZE_BYTES);
      this.owners[first + i] = object;
      this.readable[first + i] = kind === "bound" ? 0 : bytes;
      this.writable[first + i] = kind === "bound" || kind === "rodata" ? 0 : bytes;
    }
    this.charge(size);
    this.u8s.fill(fill, offset, offset + size);
    this.#liveLines += lineCount;
    return object;
  }

  /** Puts contents into an object that code cannot write. */
  initialize(object: KmemObject, bytes: Uint8Array): void {
    this.u8s.set(bytes.subarray(0, object.sizeBytes), object.address - KMEM_BASE);
  }

  /** Write-protects a live object, or lets code write to it again. */
  protect(object: KmemObject, isReadOnly: boolean): void {
    object.isReadOnly = isReadOnly;
    this.#openLines(object);
  }

  /** Tells `onStore` of every store into a live object. */
  watch(object: KmemObject, onStore: () => void): void {
    object.onStore = onStore;
    this.#openLines(object);
  }

  /** Lines that stores may go to without asking: not those of an object that somebody guards. */
  #openLines(object: KmemObject): void {
    const first = (object.address - KMEM_BASE) >> LINE_SHIFT;
    const isGuarded = object.isReadOnly || object.onStore !== undefined;
    for (let i = 0; i < object.lineCount - 1; i++) {
      const bytes = Math.min(LINE_SIZE_BYTES, object.sizeBytes - i * LINE_SIZE_BYTES);
      this.writable[first + i] = isGuarded || object.kind === "bound" ? 0 : bytes;
    }
  }

  /** kfree. `by` names the function that calls. */
  free(address: number, by: string): void {
    if (address === 0 || address === ZERO_SIZE_PTR) return;
    const object = this.objectCovering(address);
    if (object === undefined) throw badAddress(address);
    const at = `at addr ${formatAddress(address)}`;
    if (object.freed) {
      throw new KernelOops("double-free", address, "BUG: KASAN: double-free", historyOf(object));
    }
    if (object.address !== address || object.kind === "bound") {
      throw new KernelOops("invalid-free", address, "BUG: KASAN: invalid-free", [
        `Free ${at}, which is inside ${describeObject(object)}`,
      ]);
    }
    this.retire(object, by);
  }

  /** Ends an object's life: its lines stay owned, by a dead object, until quarantine is over. */
  retire(object: KmemObject, by: string): void {
    object.freed = true;
    object.freedBy = by;
    const offset = object.address - KMEM_BASE;
    const first = offset >> LINE_SHIFT;
    this.readable.fill(0, first, first + object.lineCount - 1);
    this.writable.fill(0, first, first + object.lineCount - 1);
    this.charge(object.sizeBytes);
    this.u8s.fill(POISON_FREE, offset, offset + object.sizeBytes);
    this.#liveLines -= object.lineCount;
    this.#quarantine.push(object);
    this.#quarantineBytes += object.lineCount << LINE_SHIFT;
    while (this.#quarantineBytes > QUARANTINE_MAX_BYTES) this.#recycleOldest();
  }

  /** The object, live or freed, that owns the line of `address`. */
  objectCovering(address: number): KmemObject | undefined {
    const offset = address - KMEM_BASE;
    return offset >= 0 && offset < this.end ? this.owners[offset >> LINE_SHIFT] : undefined;
  }

  /** Live memory that `owner` asked for and that neither memory nor `roots` lead to. */
  leaked(owner: string, roots: readonly number[]): readonly KmemObject[] {
    const live = [...new Set(this.owners)].filter((object) => object?.freed === false);
    const lost = new Set(live.filter((object) => object?.origin?.owner === owner));
    const reached = live.filter((object) => !lost.has(object));
    const reach = (address: number): void => {
      const object = this.objectCovering(address);
      if (lost.delete(object)) reached.push(object);
    };
    if (lost.size > 0) for (const root of roots) reach(root);
    for (const object of lost.size > 0 ? reached : []) {
      if (object === undefined) continue;
      const first = (object.address - KMEM_BASE) >> 2;
      for (let word = 0; word + 1 < object.sizeBytes >> 2; word += 2) {
        const low = (this.i32s[first + word] as number) >>> 0;
        reach((this.i32s[first + word + 1] as number) * 4294967296 + low);
      }
    }
    return [...lost].filter((object) => object !== undefined);
  }

  /** One step of fuel for each line. */
  protected charge(sizeBytes: number): void {
    if (this.meter !== undefined) this.meter.fuel -= sizeBytes >> LINE_SHIFT;
  }

  /** The live object that holds all of `size` bytes at `address`; otherwise an oops. */
  protected checked(address: number, size: number, isWrite: boolean): KmemObject {
    const object = this.objectCovering(address);
    if (
      object === undefined ||
      object.freed ||
      address + size > object.address + object.sizeBytes ||
      (isWrite && object.isReadOnly)
    ) {
      throw this.#fault(object, address, size, isWrite);
    }
    return object;
  }

  #fault(
    object: KmemObject | undefined,
    address: number,
    size: number,
    isWrite: boolean,
  ): KernelOops {
    // Off the end of the object before, into the line that nobody owns.
    const before = object ?? this.objectCovering(address - LINE_SIZE_BYTES);
    if (before === undefined || (object === undefined && before.freed)) return badAddress(address);
    if (before.freed && (before.kind === "module" || before.kind === "rodata")) {
      return badAddress(address);
    }
    const details = [accessLine(address, size, isWrite), ...historyOf(before)];
    if (before.freed) {
      return new KernelOops("use-after-free", address, "BUG: KASAN: slab-use-after-free", details);
    }
    if (address + size > before.address + before.sizeBytes) {
      return new KernelOops("out-of-bounds", address, "BUG: KASAN: slab-out-of-bounds", details);
    }
    const where = formatAddress(address);
    const message = `Unable to handle kernel write to read-only memory at virtual address ${where}`;
    return new KernelOops("read-only", address, message);
  }

  #takeLines(lineCount: number): number {
    const recycled = this.#recycled.get(lineCount)?.pop();
    if (recycled !== undefined) return recycled;
    const offset = this.end;
    const end = offset + (lineCount << LINE_SHIFT);
    if (end > KERNEL_HEAP_MAX_BYTES) return -1;
    if (end > this.u8s.length) this.#grow(end);
    for (let i = 0; i < lineCount; i++) this.owners.push(undefined);
    this.end = end;
    return offset;
  }

  #recycleOldest(): void {
    const object = this.#quarantine[this.#quarantineHead++] as KmemObject;
    this.#quarantineBytes -= object.lineCount << LINE_SHIFT;
    const offset = object.address - KMEM_BASE;
    this.owners.fill(undefined, offset >> LINE_SHIFT, (offset >> LINE_SHIFT) + object.lineCount);
    const bin = this.#recycled.get(object.lineCount);
    if (bin === undefined) this.#recycled.set(object.lineCount, [offset]);
    else bin.push(offset);
    if (this.#quarantineHead < 1024) return;
    this.#quarantine.splice(0, this.#quarantineHead);
    this.#quarantineHead = 0;
  }

  #grow(needed: number): void {
    let size = this.u8s.length;
    while (size < needed) size *= 2;
    const u8 = new Uint8Array(size);
    u8.set(this.u8s);
    this.u8s = u8;
    this.i32s = new Int32Array(u8.buffer);
    const readable = new Uint8Array(size >> LINE_SHIFT);
    readable.set(this.readable);
    this.readable = readable;
    const writable = new Uint8Array(size >> LINE_SHIFT);
    writable.set(this.writable);
    this.writable = writable;
  }
}

function accessLine(address: number, size: number, isWrite: boolean): string {
  return `${isWrite ? "Write" : "Read"} of size ${size} at addr ${formatAddress(address)}`;
}

function describeObject(object: KmemObject): string {
  const size = `${object.sizeBytes}-byte object`;
  return `the ${size} at ${formatAddress(object.address)} (${object.tag})`;
}

function historyOf(object: KmemObject): string[] {
  const lines = [`The buggy address belongs to ${describeObject(object)}`];
  if (object.freed) lines.push(`Freed by ${object.freedBy}`);
  return lines;
}
