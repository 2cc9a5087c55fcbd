/**
 * BPF_MAP_TYPE_ARRAY: every element exists from the start, zeroed, and none can be deleted. The key
 * is a 32-bit index.
 *
 * Source: kernel/bpf/arraymap.c, 6.16.
 */

import { BPF_EXIST, BPF_NOEXIST } from "../../abi/bpf.ts";
import { E2BIG, EEXIST, EINVAL, ENOENT } from "../../abi/errno.ts";
import type { Kmem } from "../../kmem/kmem.ts";
import type { MapShape } from "../verifier/state.ts";
import { type BpfMap, elementSize } from "./map.ts";

export class ArrayMap implements BpfMap {
  readonly shape: MapShape;
  readonly address: number;
  readonly #memory: Kmem;
  readonly #values: number;

  /** `values` is where its elements lie. */
  constructor(memory: Kmem, shape: MapShape, address: number, values: number) {
    this.#memory = memory;
    this.shape = shape;
    this.address = address;
    this.#values = values;
  }

  lookup(key: Uint8Array): number {
    const index = indexOf(key);
    return index < this.shape.maxEntries ? this.#at(index) : 0;
  }

  update(key: Uint8Array, value: Uint8Array, flags: number): number {
    if (flags > BPF_EXIST) return -EINVAL;
    const index = indexOf(key);
    if (index >= this.shape.maxEntries) return -E2BIG;
    if (flags === BPF_NOEXIST) return -EEXIST;
    this.#memory.writeBytes(this.#at(index), value);
    return 0;
  }

  delete(key: Uint8Array): number {
    return indexOf(key) < this.shape.maxEntries ? -EINVAL : -ENOENT;
  }

  next(key: Uint8Array | undefined): Uint8Array | undefined {
    const index = key === undefined ? -1 : indexOf(key);
    const following = index >= this.shape.maxEntries ? 0 : index + 1;
    if (following >= this.shape.maxEntries) return undefined;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, following, true);
    return bytes;
  }

  free(): void {
    this.#memory.free(this.#values, "array_map_free");
    this.#memory.free(this.address, "array_map_free");
  }

  #at(index: number): number {
    return this.#values + index * elementSize(this.shape.valueSize);
  }
}

const indexOf = (key: Uint8Array): number =>
  new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0, true);
