/**
 * Tristate numbers: what is known of each bit of a 64-bit word. A bit set in `mask` is unknown; the
 * others are as in `value`.
 *
 * Source: kernel/bpf/tnum.c, 6.16; Vishwanathan and others, "Sound, precise, and fast abstract
 * interpretation with tristate numbers" (2022), for the multiplication.
 */

export interface Tnum {
  readonly value: bigint;
  readonly mask: bigint;
}

export const U64_MAX: bigint = (1n << 64n) - 1n;

const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);

export const tnum = (value: bigint, mask: bigint): Tnum => ({ value, mask });

export const tnumConst = (value: bigint): Tnum => tnum(u64(value), 0n);

export const TNUM_UNKNOWN: Tnum = tnum(0n, U64_MAX);

/** All numbers from `min` to `max`: what their common upper bits say. */
export function tnumRange(min: bigint, max: bigint): Tnum {
  let unknown = 0n;
  for (let differs = min ^ max; differs !== 0n; differs >>= 1n) unknown = (unknown << 1n) | 1n;
  return tnum(min & ~unknown & U64_MAX, unknown);
}

export function tnumAdd(a: Tnum, b: Tnum): Tnum {
  const values = a.value + b.value;
  const carries = values + a.mask + b.mask;
  const mask = u64((carries ^ values) | a.mask | b.mask);
  return tnum(u64(values) & ~mask, mask);
}

export function tnumSub(a: Tnum, b: Tnum): Tnum {
  const difference = u64(a.value - b.value);
  const most = u64(difference + a.mask);
  const least = u64(difference - b.mask);
  const mask = (most ^ least) | a.mask | b.mask;
  return tnum(difference & ~mask, mask);
}

export function tnumAnd(a: Tnum, b: Tnum): Tnum {
  const value = a.value & b.value;
  return tnum(value, (a.value | a.mask) & (b.value | b.mask) & ~value);
}

export function tnumOr(a: Tnum, b: Tnum): Tnum {
  const value = a.value | b.value;
  return tnum(value, (a.mask | b.mask) & ~value);
}

export function tnumXor(a: Tnum, b: Tnum): Tnum {
  const mask = a.mask | b.mask;
  return tnum((a.value ^ b.value) & ~mask, mask);
}

export function tnumMul(first: Tnum, second: Tnum): Tnum {
  const known = u64(first.value * second.value);
  let unknown = tnum(0n, 0n);
  let [a, b] = [first, second];
  while (a.value !== 0n || a.mask !== 0n) {
    if ((a.value & 1n) === 1n) unknown = tnumAdd(unknown, tnum(0n, b.mask));
    else if ((a.mask & 1n) === 1n) unknown = tnumAdd(unknown, tnum(0n, b.value | b.mask));
    a = tnum(a.value >> 1n, a.mask >> 1n);
    b = tnum(u64(b.value << 1n), u64(b.mask << 1n));
  }
  return tnumAdd(tnumConst(known), unknown);
}

export const tnumLsh = (a: Tnum, by: bigint): Tnum => tnum(u64(a.value << by), u64(a.mask << by));

export const tnumRsh = (a: Tnum, by: bigint): Tnum => tnum(a.value >> by, a.mask >> by);

export function tnumArsh(a: Tnum, by: bigint): Tnum {
  const shift = (word: bigint): bigint => u64(BigInt.asIntN(64, word) >> by);
  // The sign may be unknown: then every bit that it is copied to is.
  const mask = shift(a.mask);
  return tnum(shift(a.value) & ~mask, mask);
}

export const tnumCast = (a: Tnum, bits: bigint): Tnum => {
  const kept = (1n << bits) - 1n;
  return tnum(a.value & kept, a.mask & kept);
};

/** What both say; undefined where they contradict each other. */
export function tnumIntersect(a: Tnum, b: Tnum): Tnum | undefined {
  if (((a.value ^ b.value) & ~a.mask & ~b.mask & U64_MAX) !== 0n) return undefined;
  const mask = a.mask & b.mask;
  return tnum((a.value | b.value) & ~mask, mask);
}

/** Is every number of `b` one of `a`? */
export const tnumIncludes = (a: Tnum, b: Tnum): boolean =>
  (b.mask & ~a.mask) === 0n && a.value === (b.value & ~a.mask);
