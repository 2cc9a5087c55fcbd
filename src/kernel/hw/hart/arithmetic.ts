/**
 * The long operations of M on registers kept as halves: high products and 64-bit division.
 *
 * Source: RISC-V unprivileged ISA, chapter "M". Division is by doubles where both numbers fit one
 * exactly, which is nearly always, else by BigInt.
 */

const TWO_32 = 4294967296;

/** x[d] = the high 64 bits of x[a] * x[b]; all are indices of low halves. */
export function multiplyHigh(
  x: Int32Array,
  d: number,
  a: number,
  b: number,
  aSigned: boolean,
  bSigned: boolean,
): void {
  const aLow = (x[a] as number) >>> 0;
  const aHigh = (x[a + 1] as number) >>> 0;
  const bLow = (x[b] as number) >>> 0;
  const bHigh = (x[b + 1] as number) >>> 0;
  const carry = highOf(aLow, bLow);
  const cross1 = Math.imul(aHigh, bLow) >>> 0;
  const cross2 = Math.imul(aLow, bHigh) >>> 0;
  const middle = carry + cross1 + cross2;
  const cross = highOf(aHigh, bLow) + highOf(aLow, bHigh) + Math.floor(middle / TWO_32);
  let low = (Math.imul(aHigh, bHigh) >>> 0) + cross;
  let high = highOf(aHigh, bHigh) + Math.floor(low / TWO_32);
  low %= TWO_32;
  // A negative factor was read as 2^64 too much, which adds the other one to the high half.
  if (aSigned && aHigh >= 0x80000000) {
    high -= bHigh + (low < bLow ? 1 : 0);
    low -= bLow;
    if (low < 0) low += TWO_32;
  }
  if (bSigned && bHigh >= 0x80000000) {
    high -= aHigh + (low < aLow ? 1 : 0);
    low -= aLow;
  }
  x[d] = low;
  x[d + 1] = high;
}

/** The high 32 bits of a product of two unsigned 32-bit numbers. */
function highOf(a: number, b: number): number {
  const low = Math.imul(a, b) >>> 0;
  return Math.floor((a * b - low) / TWO_32 + 0.5);
}

/** A signed register as a double, when that is exact. */
const asNumber = (x: Int32Array, r: number): number =>
  (x[r + 1] as number) * TWO_32 + ((x[r] as number) >>> 0);
const asUnsigned = (x: Int32Array, r: number): number =>
  ((x[r + 1] as number) >>> 0) * TWO_32 + ((x[r] as number) >>> 0);
const isSmall = (value: number): boolean => value > -9007199254740992 && value < 9007199254740992;

const asBig = (x: Int32Array, r: number): bigint =>
  (BigInt(x[r + 1] as number) << 32n) | BigInt((x[r] as number) >>> 0);
const asBigUnsigned = (x: Int32Array, r: number): bigint => BigInt.asUintN(64, asBig(x, r));

function setNumber(x: Int32Array, d: number, value: number): void {
  x[d] = value;
  x[d + 1] = Math.floor(value / TWO_32);
}
function setBig(x: Int32Array, d: number, value: bigint): void {
  x[d] = Number(BigInt.asIntN(32, value));
  x[d + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

/** div: by zero -1; the most negative by -1 itself. */
export function divide(x: Int32Array, d: number, a: number, b: number): void {
  const p = asNumber(x, a);
  const q = asNumber(x, b);
  if (q === 0) setNumber(x, d, -1);
  else if (isSmall(p) && isSmall(q)) setNumber(x, d, Math.trunc(p / q));
  else setBig(x, d, asBig(x, a) / asBig(x, b));
}

export function divideUnsigned(x: Int32Array, d: number, a: number, b: number): void {
  const p = asUnsigned(x, a);
  const q = asUnsigned(x, b);
  if (q === 0) setNumber(x, d, -1);
  else if (isSmall(p) && isSmall(q)) setNumber(x, d, Math.floor(p / q));
  else setBig(x, d, asBigUnsigned(x, a) / asBigUnsigned(x, b));
}

/** rem: by zero the dividend. */
export function remainder(x: Int32Array, d: number, a: number, b: number): void {
  const p = asNumber(x, a);
  const q = asNumber(x, b);
  if (q !== 0 && isSmall(p) && isSmall(q)) setNumber(x, d, p % q);
  else setBig(x, d, q === 0 ? asBig(x, a) : asBig(x, a) % asBig(x, b));
}

export function remainderUnsigned(x: Int32Array, d: number, a: number, b: number): void {
  const p = asUnsigned(x, a);
  const q = asUnsigned(x, b);
  if (q !== 0 && isSmall(p) && isSmall(q)) setNumber(x, d, p % q);
  else setBig(x, d, q === 0 ? asBig(x, a) : asBigUnsigned(x, a) % asBigUnsigned(x, b));
}
