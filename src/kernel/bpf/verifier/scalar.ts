/**
 * What the verifier knows of a number in a register: its bits, and its bounds read without and with
 * sign. Every operation answers a scalar that holds for all numbers its operands may be.
 *
 * Source: kernel/bpf/verifier.c (reg_bounds_sync, adjust_scalar_min_max_vals), 6.16. Left out:
 * bounds of the lower 32 bits apart: a 32-bit operation works on its operands cut to 32 bits.
 */
import {
  TNUM_UNKNOWN,
  type Tnum,
  tnum,
  tnumAdd,
  tnumAnd,
  tnumArsh,
  tnumCast,
  tnumConst,
  tnumIncludes,
  tnumIntersect,
  tnumLsh,
  tnumMul,
  tnumOr,
  tnumRange,
  tnumRsh,
  tnumSub,
  tnumXor,
  U64_MAX,
} from "./tnum.ts";

export interface Scalar {
  readonly bits: Tnum;
  readonly umin: bigint;
  readonly umax: bigint;
  readonly smin: bigint;
  readonly smax: bigint;
}

export const S64_MIN: bigint = -(1n << 63n);
export const S64_MAX: bigint = (1n << 63n) - 1n;
export const U32_MAX = 0xffffffffn;

const signed = (n: bigint): bigint => BigInt.asIntN(64, n);
const unsigned = (n: bigint): bigint => BigInt.asUintN(64, n);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const UNKNOWN: Scalar = {
  bits: TNUM_UNKNOWN,
  umin: 0n,
  umax: U64_MAX,
  smin: S64_MIN,
  smax: S64_MAX,
};

export function constant(n: bigint): Scalar {
  const [u, s] = [unsigned(n), signed(n)];
  return { bits: tnumConst(u), umin: u, umax: u, smin: s, smax: s };
}

export const isConstant = (a: Scalar): boolean => a.bits.mask === 0n;

/** Lets bits and bounds learn from each other; undefined if no number fits them all. */
export function settle(a: Scalar): Scalar | undefined {
  let current: Scalar | undefined = a;
  // Twice: what the bounds say of the bits can say more of the bounds.
  for (let round = 0; round < 2 && current !== undefined; round++) current = settleOnce(current);
  return current;
}

function settleOnce({ bits, umin, umax, smin, smax }: Scalar): Scalar | undefined {
  const sign = 1n << 63n;
  let [ul, uh] = [max(umin, bits.value), min(umax, bits.value | bits.mask)];
  let sl = max(smin, signed(bits.value | (bits.mask & sign)));
  let sh = min(smax, signed(bits.value | (bits.mask & ~sign)));
  if (ul > uh || sl > sh) return undefined;
  if (signed(ul) <= signed(uh)) {
    sl = max(sl, signed(ul));
    sh = min(sh, signed(uh));
  }
  if (sl >= 0n || sh < 0n) {
    ul = max(ul, unsigned(sl));
    uh = min(uh, unsigned(sh));
  }
  if (ul > uh || sl > sh) return undefined;
  const known = tnumIntersect(bits, tnumRange(ul, uh));
  return known && { bits: known, umin: ul, umax: uh, smin: sl, smax: sh };
}

/** A scalar of which something is known: the rest follows. */
export function scalar(known: Partial<Scalar>): Scalar {
  return settle({ ...UNKNOWN, ...known }) ?? UNKNOWN;
}

export const between = (umin: bigint, umax: bigint): Scalar => scalar({ umin, umax });

/** A number of `bytes` bytes that came out of memory. */
export const ofSize = (bytes: number, isSigned = false): Scalar => {
  if (bytes === 8) return UNKNOWN;
  const half = 1n << BigInt(8 * bytes - 1);
  return isSigned ? scalar({ smin: -half, smax: half - 1n }) : between(0n, 2n * half - 1n);
};

/** The lower 32 bits, zero-extended. */
export function cut32(a: Scalar): Scalar {
  if (a.umax <= U32_MAX) return a;
  const isRun = a.umin >> 32n === a.umax >> 32n;
  const bounds = isRun ? { umin: a.umin & U32_MAX, umax: a.umax & U32_MAX } : { umax: U32_MAX };
  return scalar({ bits: tnumCast(a.bits, 32n), ...bounds });
}

/** The low `n` bits, sign-extended. */
export function extend(a: Scalar, n: number): Scalar {
  if (isConstant(a)) return constant(BigInt.asIntN(n, a.bits.value));
  const half = 1n << BigInt(n - 1);
  if (a.smin >= -half && a.smax < half) return a;
  return scalar({ smin: -half, smax: half - 1n });
}

type Binary = (a: Scalar, b: Scalar) => Scalar;

const add: Binary = (a, b) => ({
  ...unsignedRange(a.umin + b.umin, a.umax + b.umax),
  ...signedRange(a.smin + b.smin, a.smax + b.smax),
  bits: tnumAdd(a.bits, b.bits),
});

const sub: Binary = (a, b) => ({
  ...unsignedRange(a.umin - b.umax, a.umax - b.umin),
  ...signedRange(a.smin - b.smax, a.smax - b.smin),
  bits: tnumSub(a.bits, b.bits),
});

/** Bounds, if nothing between them wraps around. */
const unsignedRange = (low: bigint, high: bigint): Pick<Scalar, "umin" | "umax"> =>
  low < 0n || high > U64_MAX ? { umin: 0n, umax: U64_MAX } : { umin: low, umax: high };
const signedRange = (low: bigint, high: bigint): Pick<Scalar, "smin" | "smax"> =>
  low < S64_MIN || high > S64_MAX ? { smin: S64_MIN, smax: S64_MAX } : { smin: low, smax: high };

const mul: Binary = (a, b) => ({
  ...UNKNOWN,
  ...unsignedRange(a.umin * b.umin, a.umax * b.umax),
  bits: tnumMul(a.bits, b.bits),
});

/** By a constant; by anything else the result is at most the dividend, or nothing is known. */
const div: Binary = (a, b) => {
  if (!isConstant(b)) return between(0n, a.umax);
  const by = b.bits.value;
  return by === 0n ? constant(0n) : between(a.umin / by, a.umax / by);
};

const mod: Binary = (a, b) => {
  if (!isConstant(b)) return between(0n, a.umax);
  const by = b.bits.value;
  return by === 0n || a.umax < by ? a : between(0n, by - 1n);
};

const and: Binary = (a, b) => ({
  ...UNKNOWN,
  umax: min(a.umax, b.umax),
  bits: tnumAnd(a.bits, b.bits),
});

const or: Binary = (a, b) => ({
  ...UNKNOWN,
  umin: max(a.umin, b.umin),
  bits: tnumOr(a.bits, b.bits),
});

const xor: Binary = (a, b) => ({ ...UNKNOWN, bits: tnumXor(a.bits, b.bits) });

const lsh: Binary = (a, b) => {
  if (!isConstant(b)) return UNKNOWN;
  const by = b.bits.value & 63n;
  return {
    ...UNKNOWN,
    ...unsignedRange(a.umin << by, a.umax << by),
    bits: tnumLsh(a.bits, by),
  };
};

const rsh: Binary = (a, b) => {
  if (!isConstant(b)) return between(0n, a.umax);
  const by = b.bits.value & 63n;
  return { ...UNKNOWN, umin: a.umin >> by, umax: a.umax >> by, bits: tnumRsh(a.bits, by) };
};

const arsh: Binary = (a, b) => {
  if (!isConstant(b)) return UNKNOWN;
  const by = b.bits.value & 63n;
  return { ...UNKNOWN, smin: a.smin >> by, smax: a.smax >> by, bits: tnumArsh(a.bits, by) };
};

/** By sign: only numbers that are known are divided. */
const signedDivision =
  (n: number, of: (a: bigint, b: bigint) => bigint): Binary =>
  (a, b) => {
    if (!isConstant(a) || !isConstant(b)) return n === 64 ? UNKNOWN : between(0n, U32_MAX);
    return constant(of(BigInt.asIntN(n, a.bits.value), BigInt.asIntN(n, b.bits.value)));
  };
const sdiv = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : a / b);
const smod = (a: bigint, b: bigint): bigint => (b === 0n ? a : a % b);

/** Each arithmetic row of the instruction table, on what is known: for 64 bits, and for 32. */
const OPERATIONS: Readonly<Record<string, { readonly wide: Binary; readonly word?: Binary }>> = {
  add: { wide: add },
  sub: { wide: sub },
  mul: { wide: mul },
  div: { wide: div },
  mod: { wide: mod },
  sdiv: { wide: signedDivision(64, sdiv), word: signedDivision(32, sdiv) },
  smod: { wide: signedDivision(64, smod), word: signedDivision(32, smod) },
  or: { wide: or },
  and: { wide: and },
  xor: { wide: xor },
  lsh: { wide: lsh, word: (a, b) => lsh(a, low5(b)) },
  rsh: { wide: rsh, word: (a, b) => rsh(a, low5(b)) },
  arsh: { wide: arsh, word: (a, b) => arsh(extend(a, 32), low5(b)) },
  neg: { wide: (a) => sub(constant(0n), a) },
  mov: { wide: (_, b) => b },
  movsx8: { wide: (_, b) => extend(b, 8) },
  movsx16: { wide: (_, b) => extend(b, 16) },
  movsx32: { wide: (_, b) => extend(b, 32) },
};

const low5 = (b: Scalar): Scalar => (isConstant(b) ? constant(b.bits.value & 31n) : b);

/** The operation called `name` by the instruction table. */
export function operate(name: string, is64: boolean, a: Scalar, b: Scalar): Scalar {
  const { wide, word } = OPERATIONS[name] ?? { wide: () => UNKNOWN };
  if (is64) return scalar(wide(a, b));
  return cut32(scalar((word ?? wide)(cut32(a), cut32(b))));
}

/** What `a` is if it is also `b`; undefined: it cannot be. */
export function meet(a: Scalar, b: Scalar): Scalar | undefined {
  const bits = tnumIntersect(a.bits, b.bits);
  return (
    bits &&
    settle({
      bits,
      umin: max(a.umin, b.umin),
      umax: min(a.umax, b.umax),
      smin: max(a.smin, b.smin),
      smax: min(a.smax, b.smax),
    })
  );
}

/** Is every number of `b` one of `a`? */
export const includes = (a: Scalar, b: Scalar): boolean =>
  a.umin <= b.umin &&
  a.umax >= b.umax &&
  a.smin <= b.smin &&
  a.smax >= b.smax &&
  tnumIncludes(a.bits, b.bits);

/** Clears the bits of `mask`, or undefined if one of them is set. */
export const without = (a: Scalar, mask: bigint): Scalar | undefined =>
  meet(a, { ...UNKNOWN, bits: tnum(0n, U64_MAX & ~mask) });
