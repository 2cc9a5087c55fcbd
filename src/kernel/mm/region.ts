/**
 * The regions (vmas) of one address space: ranges of addresses with one set of permissions and one
 * thing behind them, in order, never overlapping.
 *
 * Source: mm/mmap.c of 6.1. Neighbours that differ in nothing become one, as mremap and /proc/PID/maps
 * can tell.
 */
import { assert } from "../lib/assert.ts";
import type { PageSource } from "./page-source.ts";

/** What a region shows other than memory of its own. */
export interface Backing {
  readonly source: PageSource;
  /** Where in the source the region starts, in bytes. */
  readonly offset: number;
  /** Do stores go to the source, or to copies? */
  readonly shared: boolean;
}

/** A range of addresses `[start, end)`. */
export interface Region {
  readonly start: number;
  end: number;
  readonly prot: number;
  /** What /proc/PID/maps prints: a path, `[heap]`, `[stack]` or nothing. */
  readonly name: string;
  readonly backing?: Backing | undefined;
}

/** A part of a region, or the region elsewhere: `start` is where `from` of it goes. */
export const partOf = (whole: Region, from: number, to: number, start: number = from): Region => ({
  ...whole,
  start,
  end: start + to - from,
  backing: whole.backing && {
    ...whole.backing,
    offset: whole.backing.offset + from - whole.start,
  },
});

const continues = (a: Region, b: Region): boolean =>
  a.end === b.start &&
  a.prot === b.prot &&
  a.name === b.name &&
  a.backing?.source === b.backing?.source &&
  a.backing?.shared === b.backing?.shared &&
  (a.backing === undefined || a.backing.offset + a.end - a.start === b.backing?.offset);

export class RegionList {
  readonly all: Region[] = [];

  /** The region with this address. */
  at(addr: number): Region | undefined {
    const region = this.all[this.#indexPast(addr)];
    return region !== undefined && region.start <= addr ? region : undefined;
  }

  /** The highest region with an address of `[start, end)`. */
  overlapping(start: number, end: number): Region | undefined {
    const next = this.#indexPast(end - 1);
    const here = this.all[next];
    if (here !== undefined && here.start < end) return here;
    const below = this.all[next - 1];
    return below !== undefined && below.end > start ? below : undefined;
  }

  /** All regions with an address of `[start, end)`, lowest first. */
  within(start: number, end: number): readonly Region[] {
    const found: Region[] = [];
    for (let i = this.#indexPast(start); i < this.all.length; i++) {
      const region = this.all[i] as Region;
      if (region.start >= end) break;
      found.push(region);
    }
    return found;
  }

  /** Where, from `start` on, the first address is that no region has; at most `end`. */
  firstGap(start: number, end: number): number {
    let at = start;
    for (const region of this.within(start, end)) {
      if (region.start > at) break;
      at = region.end;
    }
    return Math.min(at, end);
  }

  add(region: Region): void {
    assert(this.overlapping(region.start, region.end) === undefined, "mapping does not overlap");
    this.all.splice(this.#indexPast(region.start), 0, region);
  }

  remove(region: Region): void {
    this.all.splice(this.all.indexOf(region), 1);
  }

  replace(old: Region, by: Region): void {
    this.all[this.all.indexOf(old)] = by;
  }

  /** Joins what differs in nothing, around `[start, end)`. Answers the regions that are no more. */
  merge(start: number, end: number): readonly Region[] {
    const joined: Region[] = [];
    let i = Math.max(0, this.#indexPast(start) - 1);
    while (i + 1 < this.all.length && (this.all[i] as Region).start <= end) {
      const a = this.all[i] as Region;
      const b = this.all[i + 1] as Region;
      if (continues(a, b)) {
        a.end = b.end;
        this.all.splice(i + 1, 1);
        joined.push(b);
      } else i++;
    }
    return joined;
  }

  /** Index of the first region that ends past `addr`. */
  #indexPast(addr: number): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle] as Region).end > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
