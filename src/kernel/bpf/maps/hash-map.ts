/**
 * BPF_MAP_TYPE_HASH: elements come and go; memory for all of them is taken when the map is made. Keys
 * are told in the order in which they came, Linux's order is that of its buckets.
 *
 * A program may hold a pointer to an element that is deleted meanwhile: it goes on pointing into the
 * map, perhaps at the next element that is put there, as in Linux.
 *
 * Source: kernel/bpf/hashtab.c, 6.16.
 */
import { BPF_EXIST, BPF_NOEXIST } from "../../abi/bpf.ts";
import { E2BIG, EEXIST, EINVAL, ENOENT } from "../../abi/errno.ts";
import type { Kmem } from "../../kmem/kmem.ts";
import type { MapShape } from "../verifier/state.ts";
import { type BpfMap, elementSize } from "./map.ts";

export class HashMap implements BpfMap {
  readonly shape: MapShape;
  readonly address: number;
  readonly #memory: Kmem;
  readonly #values: number;
  /** Key, a character a byte, to the number of its element. */
  readonly #elements: Map<string, number> = new Map();
  readonly #free: number[] = [];
  #used = 0;

  constructor(memory: Kmem, shape: MapShape, address: number, values: number) {
    this.#memory = memory;
    this.shape = shape;
    this.address = address;
    this.#values = values;
  }

  lookup(key: Uint8Array): number {
    const element = this.#elements.get(textOf(key));
    return element === undefined ? 0 : this.#at(element);
  }

  update(key: Uint8Array, value: Uint8Array, flags: number): number {
    if (flags > BPF_EXIST) return -EINVAL;
    const text = textOf(key);
    const known = this.#elements.get(text);
    if (known !== undefined && flags === BPF_NOEXIST) return -EEXIST;
    if (known === undefined && flags === BPF_EXIST) return -ENOENT;
    const element = known ?? this.#take();
    if (element === undefined) return -E2BIG;
    this.#elements.set(text, element);
    this.#memory.writeBytes(this.#at(element), value);
    return 0;
  }

  delete(key: Uint8Array): number {
    const text = textOf(key);
    const element = this.#elements.get(text);
    if (element === undefined) return -ENOENT;
    this.#elements.delete(text);
    this.#free.push(element);
    return 0;
  }

  next(key: Uint8Array | undefined): Uint8Array | undefined {
    const wanted = key === undefined ? undefined : textOf(key);
    const isThere = wanted !== undefined && this.#elements.has(wanted);
    let found = !isThere;
    for (const text of this.#elements.keys()) {
      if (found) return bytesOf(text);
      found = text === wanted;
    }
    return undefined;
  }

  free(): void {
    this.#memory.free(this.#values, "htab_map_free");
    this.#memory.free(this.address, "htab_map_free");
  }

  #take(): number | undefined {
    const recycled = this.#free.pop();
    if (recycled !== undefined) return recycled;
    return this.#used < this.shape.maxEntries ? this.#used++ : undefined;
  }

  #at(element: number): number {
    return this.#values + element * elementSize(this.shape.valueSize);
  }
}

const textOf = (key: Uint8Array): string => String.fromCharCode(...key);

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
