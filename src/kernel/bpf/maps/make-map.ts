/**
 * BPF_MAP_CREATE: is the shape one that a map can have, and is there memory for it?
 *
 * Source: array_map_alloc_check and htab_map_alloc_check, 6.16. Memory comes from the kernel's heap,
 * whose largest piece is four megabytes; Linux's maps lie in vmalloc space and may be larger.
 */
import {
  BPF_F_NO_PREALLOC,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_HASH,
  MAX_BPF_STACK,
} from "../../abi/bpf.ts";
import { E2BIG, EINVAL, ENOMEM } from "../../abi/errno.ts";
import type { Kmem } from "../../kmem/kmem.ts";
import type { MapShape } from "../verifier/state.ts";
import { ArrayMap } from "./array-map.ts";
import { HashMap } from "./hash-map.ts";
import { type BpfMap, elementSize } from "./map.ts";

/** Linux: KMALLOC_MAX_SIZE, less the head of an element. */
const VALUE_SIZE_MAX = 4 * 1024 * 1024 - 64;
const STRUCT_SIZE_BYTES = 64;

function shapeProblem({ type, keySize, valueSize, maxEntries }: MapShape, flags: number): number {
  if (maxEntries === 0 || valueSize === 0) return -EINVAL;
  switch (type) {
    case BPF_MAP_TYPE_ARRAY:
      if (keySize !== 4 || flags !== 0) return -EINVAL;
      break;
    case BPF_MAP_TYPE_HASH:
      if (keySize === 0 || (flags & ~BPF_F_NO_PREALLOC) !== 0) return -EINVAL;
      if (keySize > MAX_BPF_STACK) return -E2BIG;
      break;
    default:
      return -EINVAL;
  }
  return valueSize > VALUE_SIZE_MAX ? -E2BIG : 0;
}

/** The map, or -errno. */
export function makeMap(memory: Kmem, shape: MapShape, flags: number): BpfMap | number {
  const problem = shapeProblem(shape, flags);
  if (problem !== 0) return problem;
  const size = elementSize(shape.valueSize) * shape.maxEntries;
  if (!memory.hasRoom(size)) return -ENOMEM;
  const values = memory.alloc(size, "bpf_map_area", 0);
  if (values === 0) return -ENOMEM;
  const address = memory.alloc(STRUCT_SIZE_BYTES, "bpf_map", 0);
  return shape.type === BPF_MAP_TYPE_ARRAY
    ? new ArrayMap(memory, shape, address, values)
    : new HashMap(memory, shape, address, values);
}
