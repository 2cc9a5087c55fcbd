/**
 * IEEE 754 binary32 and binary64 on bit patterns, exact in every rounding mode and with all five
 * exception flags: the slow way of the hart's floating point.
 *
 * Every operation computes its exact result as an integer times a power of two (or a truncated one
 * with a sticky bit below) and rounds it once, in `round`.
 *
 * Source: IEEE 754-2008; RISC-V unprivileged ISA, chapters "F" and "D": NaN results are canonical,
 * tininess is detected after rounding, conversions saturate. Left out: boxing, which is the caller's.
 */

export interface FloatEnv {
  /** RNE 0, RTZ 1, RDN 2, RUP 3, RMM 4. */
  readonly rm: number;
  /** Accrued: NV 16, DZ 8, OF 4, UF 2, NX 1. */
  flags: number;
}

export interface FloatFormat {
  /** Fraction bits, without the hidden one. */
  readonly fraction: bigint;
  readonly exponentMax: bigint;
  readonly sign: bigint;
  readonly nan: bigint;
  readonly infinity: bigint;
}

const NV = 16;
const DZ = 8;
const OF = 4;
const UF = 2;
const NX = 1;

const format = (fraction: bigint, exponentBits: bigint): FloatFormat => {
  const exponentMax = (1n << exponentBits) - 1n;
  return {
    fraction,
    exponentMax,
    sign: 1n << (fraction + exponentBits),
    nan: (exponentMax << fraction) | (1n << (fraction - 1n)),
    infinity: exponentMax << fraction,
  };
};
export const BINARY32: FloatFormat = format(23n, 8n);
export const BINARY64: FloatFormat = format(52n, 11n);

type Kind = "zero" | "finite" | "infinite" | "nan";

/** A number taken apart: `(-1)^negative * significand * 2^exponent`. */
interface Parts {
  readonly kind: Kind;
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: bigint;
}

const bias = (f: FloatFormat): bigint => f.exponentMax >> 1n;
/** The exponent of a subnormal's last bit. */
const exponentMin = (f: FloatFormat): bigint => 1n - bias(f) - f.fraction;

function unpack(f: FloatFormat, bits: bigint): Parts {
  const negative = (bits & f.sign) !== 0n;
  const exponent = (bits >> f.fraction) & f.exponentMax;
  const fraction = bits & ((1n << f.fraction) - 1n);
  if (exponent === f.exponentMax) {
    const kind = fraction === 0n ? "infinite" : "nan";
    return { kind, negative, significand: fraction, exponent: 0n };
  }
  if (exponent === 0n && fraction === 0n)
    return { kind: "zero", negative, significand: 0n, exponent: exponentMin(f) };
  const significand = exponent === 0n ? fraction : fraction | (1n << f.fraction);
  const scale = exponentMin(f) + (exponent === 0n ? 0n : exponent - 1n);
  return { kind: "finite", negative, significand, exponent: scale };
}

const isNan = (f: FloatFormat, bits: bigint): boolean => (bits & ~f.sign) > f.infinity;
const isSignalling = (f: FloatFormat, bits: bigint): boolean =>
  isNan(f, bits) && (bits & (1n << (f.fraction - 1n))) === 0n;

/** The canonical NaN, with NV if an operand is a signalling one. */
function nanOf(env: FloatEnv, f: FloatFormat, ...operands: bigint[]): bigint {
  if (operands.some((bits) => isSignalling(f, bits))) env.flags |= NV;
  return f.nan;
}

function invalid(env: FloatEnv, f: FloatFormat): bigint {
  env.flags |= NV;
  return f.nan;
}

const signed = (f: FloatFormat, negative: boolean, magnitude: bigint): bigint =>
  negative ? magnitude | f.sign : magnitude;

const bitLength = (value: bigint): bigint => BigInt(value.toString(2).length);

/** Does the part below one unit, `rest` of `unit`, round the magnitude `whole` up? */
function roundsUp(
  rm: number,
  negative: boolean,
  whole: bigint,
  rest: bigint,
  unit: bigint,
): boolean {
  if (rest === 0n || rm === 1) return false;
  if (rm === 2) return negative;
  if (rm === 3) return !negative;
  const twice = rest * 2n;
  if (twice !== unit) return twice > unit;
  return rm === 4 || (whole & 1n) === 1n;
}

/** `significand * 2^exponent` to a multiple of `2^to`, and whether something was lost. */
function roundTo(
  rm: number,
  negative: boolean,
  significand: bigint,
  exponent: bigint,
  to: bigint,
): { whole: bigint; inexact: boolean } {
  if (exponent >= to) return { whole: significand << (exponent - to), inexact: false };
  const unit = 1n << (to - exponent);
  const whole = significand / unit;
  const rest = significand % unit;
  const up = roundsUp(rm, negative, whole, rest, unit);
  return { whole: up ? whole + 1n : whole, inexact: rest !== 0n };
}

/** Rounds a positive significand times a power of two into the format. */
function round(
  env: FloatEnv,
  f: FloatFormat,
  negative: boolean,
  significand: bigint,
  exponent: bigint,
): bigint {
  const top = exponent + bitLength(significand) - 1n;
  const free = top - f.fraction;
  const floor = exponentMin(f);
  const to = free > floor ? free : floor;
  let { whole, inexact } = roundTo(env.rm, negative, significand, exponent, to);
  let scale = to;
  if (whole >> (f.fraction + 1n) !== 0n) {
    whole >>= 1n;
    scale += 1n;
  }
  if (inexact) env.flags |= NX;
  const isNormal = whole >> f.fraction !== 0n;
  if (inexact && top < floor + f.fraction && isTiny(env.rm, f, negative, significand, exponent))
    env.flags |= UF;
  const biased = isNormal ? scale - floor + 1n : 0n;
  if (biased >= f.exponentMax) return overflow(env, f, negative);
  return signed(f, negative, (biased << f.fraction) | (whole & ((1n << f.fraction) - 1n)));
}

/** Tininess after rounding: would it be below the smallest normal had the exponent no bound? */
function isTiny(
  rm: number,
  f: FloatFormat,
  negative: boolean,
  significand: bigint,
  exponent: bigint,
): boolean {
  const top = exponent + bitLength(significand) - 1n;
  const { whole } = roundTo(rm, negative, significand, exponent, top - f.fraction);
  const carried = whole >> (f.fraction + 1n) !== 0n ? 1n : 0n;
  return top + carried < exponentMin(f) + f.fraction;
}

function overflow(env: FloatEnv, f: FloatFormat, negative: boolean): bigint {
  env.flags |= OF | NX;
  const toInfinity =
    env.rm === 0 || env.rm === 4 || (env.rm === 2 && negative) || (env.rm === 3 && !negative);
  return signed(f, negative, toInfinity ? f.infinity : f.infinity - 1n);
}

/** Adds two finite numbers; the sign of an exact zero is the rounding mode's. */
function addParts(env: FloatEnv, f: FloatFormat, a: Parts, b: Parts): bigint {
  const exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  const value = (p: Parts): bigint =>
    (p.negative ? -p.significand : p.significand) << (p.exponent - exponent);
  const sum = value(a) + value(b);
  if (sum === 0n) {
    const same = a.negative === b.negative;
    return signed(f, same ? a.negative : env.rm === 2, 0n);
  }
  return round(env, f, sum < 0n, sum < 0n ? -sum : sum, exponent);
}

export function floatAdd(env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): bigint {
  if (isNan(f, a) || isNan(f, b)) return nanOf(env, f, a, b);
  const p = unpack(f, a);
  const q = unpack(f, b);
  if (p.kind === "infinite")
    return q.kind === "infinite" && p.negative !== q.negative ? invalid(env, f) : a;
  if (q.kind === "infinite") return b;
  return addParts(env, f, p, q);
}

export const floatSub = (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): bigint =>
  floatAdd(env, f, a, isNan(f, b) ? b : b ^ f.sign);

export function floatMul(env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): bigint {
  if (isNan(f, a) || isNan(f, b)) return nanOf(env, f, a, b);
  const p = unpack(f, a);
  const q = unpack(f, b);
  const negative = p.negative !== q.negative;
  if (p.kind === "infinite" || q.kind === "infinite")
    return p.kind === "zero" || q.kind === "zero"
      ? invalid(env, f)
      : signed(f, negative, f.infinity);
  if (p.kind === "zero" || q.kind === "zero") return signed(f, negative, 0n);
  return round(env, f, negative, p.significand * q.significand, p.exponent + q.exponent);
}

export function floatDiv(env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): bigint {
  if (isNan(f, a) || isNan(f, b)) return nanOf(env, f, a, b);
  const p = unpack(f, a);
  const q = unpack(f, b);
  const negative = p.negative !== q.negative;
  if (p.kind === q.kind && p.kind !== "finite") return invalid(env, f);
  if (p.kind === "infinite") return signed(f, negative, f.infinity);
  if (p.kind === "zero" || q.kind === "infinite") return signed(f, negative, 0n);
  if (q.kind === "zero") {
    env.flags |= DZ;
    return signed(f, negative, f.infinity);
  }
  // Enough quotient bits to round, and a sticky one for what remains.
  const shift = f.fraction * 2n + 4n;
  const dividend = p.significand << shift;
  const quotient = dividend / q.significand;
  const sticky = dividend % q.significand === 0n ? 0n : 1n;
  return round(env, f, negative, quotient * 2n + sticky, p.exponent - q.exponent - shift - 1n);
}

export function floatSqrt(env: FloatEnv, f: FloatFormat, a: bigint): bigint {
  if (isNan(f, a)) return nanOf(env, f, a);
  const p = unpack(f, a);
  if (p.kind === "zero") return a;
  if (p.negative) return invalid(env, f);
  if (p.kind === "infinite") return a;
  const shift = f.fraction * 2n + 4n + (p.exponent & 1n);
  const radicand = p.significand << shift;
  const root = integerRoot(radicand);
  const sticky = root * root === radicand ? 0n : 1n;
  return round(env, f, false, root * 2n + sticky, (p.exponent - shift) / 2n - 1n);
}

/** The greatest integer whose square is at most `value`, by Newton's method. */
function integerRoot(value: bigint): bigint {
  let root = 1n << ((bitLength(value) + 1n) / 2n);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** a * b + c, rounded once. */
export function floatFma(env: FloatEnv, f: FloatFormat, a: bigint, b: bigint, c: bigint): bigint {
  const p = unpack(f, a);
  const q = unpack(f, b);
  const hasNan = isNan(f, a) || isNan(f, b);
  const isUndefined =
    !hasNan &&
    ((p.kind === "infinite" && q.kind === "zero") || (p.kind === "zero" && q.kind === "infinite"));
  if (isUndefined) return invalid(env, f);
  if (hasNan || isNan(f, c)) return nanOf(env, f, a, b, c);
  const negative = p.negative !== q.negative;
  const r = unpack(f, c);
  if (p.kind === "infinite" || q.kind === "infinite")
    return r.kind === "infinite" && r.negative !== negative
      ? invalid(env, f)
      : signed(f, negative, f.infinity);
  if (r.kind === "infinite") return c;
  const product: Parts = {
    kind: "finite",
    negative,
    significand: p.significand * q.significand,
    exponent: p.exponent + q.exponent,
  };
  return addParts(env, f, product, r);
}

/** Finite or infinite numbers as integers in the order of their values. */
const ordered = (f: FloatFormat, bits: bigint): bigint =>
  (bits & f.sign) === 0n ? bits : -(bits & ~f.sign);

export function floatEq(env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): boolean {
  if (isNan(f, a) || isNan(f, b)) {
    nanOf(env, f, a, b);
    return false;
  }
  return ordered(f, a) === ordered(f, b);
}

const orderedOnly =
  (holds: (a: bigint, b: bigint) => boolean) =>
  (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): boolean => {
    if (isNan(f, a) || isNan(f, b)) {
      env.flags |= NV;
      return false;
    }
    return holds(ordered(f, a), ordered(f, b));
  };
export const floatLt: (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint) => boolean =
  orderedOnly((a, b) => a < b);
export const floatLe: (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint) => boolean =
  orderedOnly((a, b) => a <= b);

/** The same with -0 before +0. */
const totallyOrdered = (f: FloatFormat, bits: bigint): bigint =>
  (bits & f.sign) === 0n ? bits : -(bits & ~f.sign) - 1n;

/** minimumNumber and maximumNumber: a NaN loses to a number; -0 is less than +0. */
const picks =
  (takesFirst: (a: bigint, b: bigint) => boolean) =>
  (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint): bigint => {
    const nan = nanOf(env, f, a, b);
    if (isNan(f, a)) return isNan(f, b) ? nan : b;
    if (isNan(f, b)) return a;
    return takesFirst(totallyOrdered(f, a), totallyOrdered(f, b)) ? a : b;
  };
export const floatMin: (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint) => bigint = picks(
  (a, b) => a < b,
);
export const floatMax: (env: FloatEnv, f: FloatFormat, a: bigint, b: bigint) => bigint = picks(
  (a, b) => a > b,
);

/** fclass: one of ten bits. */
export function floatClass(f: FloatFormat, bits: bigint): number {
  if (isNan(f, bits)) return isSignalling(f, bits) ? 1 << 8 : 1 << 9;
  const { kind, negative, significand } = unpack(f, bits);
  const isNormal = significand >> f.fraction !== 0n;
  const size = kind === "infinite" ? 0 : kind === "zero" ? 3 : isNormal ? 1 : 2;
  return 1 << (negative ? size : 7 - size);
}

/** Rounds to an integer; what does not fit saturates with NV, a NaN as the greatest. */
export function floatToInt(
  env: FloatEnv,
  f: FloatFormat,
  bits: bigint,
  width: number,
  isSigned: boolean,
): bigint {
  const max = (1n << BigInt(isSigned ? width - 1 : width)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  const { kind, negative, significand, exponent } = unpack(f, bits);
  if (kind === "nan" || kind === "infinite") {
    env.flags |= NV;
    return negative && kind !== "nan" ? min : max;
  }
  const { whole, inexact } = roundTo(env.rm, negative, significand, exponent, 0n);
  const value = negative ? -whole : whole;
  if (value > max || value < min) {
    env.flags |= NV;
    return value > max ? max : min;
  }
  if (inexact) env.flags |= NX;
  return value;
}

export function intToFloat(env: FloatEnv, f: FloatFormat, value: bigint): bigint {
  if (value === 0n) return 0n;
  return round(env, f, value < 0n, value < 0n ? -value : value, 0n);
}

export function floatConvert(
  env: FloatEnv,
  from: FloatFormat,
  to: FloatFormat,
  bits: bigint,
): bigint {
  const { kind, negative, significand, exponent } = unpack(from, bits);
  if (kind === "nan") {
    nanOf(env, from, bits);
    return to.nan;
  }
  if (kind === "infinite") return signed(to, negative, to.infinity);
  if (kind === "zero") return signed(to, negative, 0n);
  return round(env, to, negative, significand, exponent);
}
