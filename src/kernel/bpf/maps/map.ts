/**
 * A map: values at kernel addresses, found by a key. A pointer that a program gets from a lookup is
 * the value's own address, so that a program, the system call and a helper see the same bytes.
 *
 * Source: include/linux/bpf.h (struct bpf_map_ops), 6.16. Left out: per-CPU maps, least-recently-used
 * ones, maps of maps, maps of programs.
 */
import type { MapShape } from "../verifier/state.ts";

export interface BpfMap {
  readonly shape: MapShape;
  /** Of struct bpf_map: what a program's wide load holds. */
  readonly address: number;
  /** Where the value for `key` is; 0 if there is none. */
  lookup(key: Uint8Array): number;
  /** Takes the value in; 0 or -errno. `flags` are BPF_ANY, BPF_NOEXIST, BPF_EXIST. */
  update(key: Uint8Array, value: Uint8Array, flags: number): number;
  /** 0 or -errno. */
  delete(key: Uint8Array): number;
  /** The key after `key`; the first one after undefined, or after a key that is not there. */
  next(key: Uint8Array | undefined): Uint8Array | undefined;
  /** Gives its memory back. */
  free(): void;
}

/** Values begin at multiples of eight. */
export const elementSize = (valueSize: number): number => (valueSize + 7) & ~7;
