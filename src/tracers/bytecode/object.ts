/**
 * A bytecode object as a loader takes it: what `clang -target bpf` puts into sections of an ELF file,
 * and what our assembler makes from text. Types, relocations and line numbers are in BTF and
 * .BTF.ext as they are there.
 *
 * Left out: global data and its maps, functions that programs share.
 */

export interface ObjectMap {
  readonly name: string;
  /** BPF_MAP_TYPE_*. */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
}

export interface ObjectProgram {
  /** Its function's name. */
  readonly name: string;
  /** Where it hangs, in libbpf's words: `tracepoint/sched/sched_switch`, `tp_btf/NAME`, `kprobe/NAME`. */
  readonly section: string;
  readonly code: Uint8Array;
  /** Wide loads of a map's descriptor: slot, and the map's name. */
  readonly mapUses: readonly { readonly slot: number; readonly map: string }[];
}

export interface BpfObject {
  readonly license: string;
  readonly maps: readonly ObjectMap[];
  readonly programs: readonly ObjectProgram[];
  /** Types that the object speaks of. */
  readonly btf: Uint8Array;
  /** Relocations and line numbers, by section. */
  readonly btfExt: Uint8Array;
}
