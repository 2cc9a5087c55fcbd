/**
 * The translation cache of one address space: direct-mapped, four words an entry. The executor reads
 * it in line; here it is filled and emptied.
 *
 * A tag is the page number, `-1` for none. An entry may know a page for reading and not for writing.
 */
import { ACCESS_READ, ACCESS_WRITE, TLB_MASK } from "./codes.ts";

/** What the hart asks of an address space. Addresses are numbers below 2^38. */
export interface Mmu {
  /** Moves when a translation that was handed out may have become wrong. */
  readonly generation: number;
  /** The space's own cache, made by the hart when code of it first runs. */
  tlb: Tlb | undefined;
  /** Physical address of a byte for one kind of access, ACCESS_*; negative if there is none. */
  translate(addr: number, access: number): number;
}

export class Tlb {
  readonly words: Int32Array = new Int32Array((TLB_MASK + 1) * 4).fill(-1);
  /** The generations of space and code that the entries belong to. */
  generation = 0;
  epoch = 0;

  flush(): void {
    this.words.fill(-1);
  }

  /** Notes that `page` lies at physical address `base` for `access`. */
  fill(page: number, base: number, access: number): void {
    const { words } = this;
    const e = (page & TLB_MASK) << 2;
    if (words[e + 3] !== base || !this.#knows(e, page)) words.fill(-1, e, e + 3);
    words[e + 3] = base;
    if (access === ACCESS_READ) words[e] = page;
    else if (access === ACCESS_WRITE) words[e + 1] = page;
    else words[e + 2] = page;
  }

  /** Do all valid tags of the entry name this page? */
  #knows(e: number, page: number): boolean {
    const { words } = this;
    return [0, 1, 2].every((column) => words[e + column] === -1 || words[e + column] === page);
  }
}
