/**
 * What descriptors of bpf(2) stand for: maps, programs, BTF, links. Each lives as long as somebody
 * refers to it: a descriptor, a program that uses a map, a link that holds a program.
 *
 * Source: kernel/bpf/syscall.c (bpf_map_put, bpf_prog_put, bpf_link_put), 6.16. Left out: pinning.
 */
import type { Btf } from "../btf/btf.ts";
import type { Instruction } from "../isa/instruction.ts";
import type { BpfMap } from "../maps/map.ts";
import type { BpfMachine } from "../vm/machine.ts";

abstract class Counted {
  #references = 1;

  hold(): this {
    this.#references++;
    return this;
  }

  put(): void {
    if (--this.#references === 0) this.free();
  }

  protected abstract free(): void;
}

export class MapObject extends Counted {
  readonly id: number;
  readonly map: BpfMap;
  readonly flags: number;
  readonly #onFree: (map: BpfMap) => void;

  constructor(id: number, map: BpfMap, flags: number, onFree: (map: BpfMap) => void) {
    super();
    this.id = id;
    this.map = map;
    this.flags = flags;
    this.#onFree = onFree;
  }

  protected override free(): void {
    this.#onFree(this.map);
  }
}

export interface ProgramParts {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  readonly insns: readonly Instruction[];
  readonly machine: BpfMachine;
  readonly maps: readonly MapObject[];
  /** How far it reads into its context. */
  readonly contextEnd: number;
  /** The tracepoint whose arguments it was verified for; empty if it was for none. */
  readonly tracepoint: string;
}

export class ProgramObject extends Counted {
  readonly parts: ProgramParts;

  constructor(parts: ProgramParts) {
    super();
    this.parts = parts;
  }

  protected override free(): void {
    for (const map of this.parts.maps) map.put();
  }
}

export class BtfObject {
  readonly btf: Btf;
  readonly bytes: Uint8Array;

  constructor(btf: Btf, bytes: Uint8Array) {
    this.btf = btf;
    this.bytes = bytes;
  }
}

/** How a program hangs: numbers that the tree knows (kernel/trace/bpf_trace). */
export const HOW = { event: 1, arguments: 2, function: 3 } as const;
export type How = (typeof HOW)[keyof typeof HOW];

/** A program that hangs somewhere. */
export class LinkObject {
  /** What the tree knows it by. */
  readonly address: number;
  readonly program: ProgramObject;
  readonly how: How;
  readonly what: string;
  /** Where `what` lies; the tree may keep that address, as a kprobe does. */
  readonly whatAddress: number;
  /** Taken off: it runs no more, whether or not the tree has let go of it yet. */
  gone = false;

  constructor(
    address: number,
    program: ProgramObject,
    how: How,
    what: string,
    whatAddress: number,
  ) {
    this.address = address;
    this.whatAddress = whatAddress;
    this.program = program;
    this.how = how;
    this.what = what;
  }
}

/** An event of perf_event_open(2) that a program may be hung on. */
export class PerfEvent {
  readonly how: How;
  readonly what: string;
  /** Bytes of the record that a program may read. */
  readonly sizeBytes: number;
  link: LinkObject | undefined = undefined;

  constructor(how: How, what: string, sizeBytes: number) {
    this.how = how;
    this.what = what;
    this.sizeBytes = sizeBytes;
  }
}
