/**
 * What a mapping shows when it is not plain private memory: a file, or memory that processes share.
 *
 * Source: struct address_space of include/linux/fs.h, 6.1, as far as faults need it.
 */

/** A page that lies beyond the end of the file: SIGBUS. */
export const PAGE_BEYOND = -1;
/** Memory is full. */
export const PAGE_NO_MEMORY = -2;

/** Told, by its `generation` moving, that a page it may have looked up is another one now. */
export interface MappingSpace {
  generation: number;
}

export interface PageSource {
  /** The frame of page `index`, made if there is none and `make`; 0 for a hole, or PAGE_BEYOND, PAGE_NO_MEMORY. */
  page(index: number, make: boolean): number;
  /** A region of `space` shows this from now on. */
  attach(space: MappingSpace): void;
  /** One region of `space` less. */
  detach(space: MappingSpace): void;
}
