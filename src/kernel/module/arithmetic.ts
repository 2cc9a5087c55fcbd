/**
 * C arithmetic that JavaScript's operators do not have: 64-bit operations on numbers, division that
 * truncates and traps. Results are signed 64-bit values, exact to 2^53.
 *
 * Source: C11 6.5.5-6.5.12 on LP64. Left out: unsigned 64-bit values of 2^63 and more, which
 * appear as negative.
 */
import { KernelOops } from "../kmem/oops.ts";

const HIGH_WORD = 4294967296;

const high = (value: number): number => Math.floor(value / HIGH_WORD) | 0;
const join = (top: number, bottom: number): number => top * HIGH_WORD + (bottom >>> 0);
const isWord = (value: number): boolean => (value | 0) === value;
const wrap = (value: bigint): number => Number(BigInt.asIntN(64, value));
const whole = (value: number): bigint => BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);

function divideByZero(): KernelOops {
  return new KernelOops("divide", 0, "divide error: 0000 [#1]");
}

export class Arithmetic {
  and(a: number, b: number): number {
    if (isWord(a) && isWord(b)) return a & b;
    return join(high(a) & high(b), a & b);
  }

  or(a: number, b: number): number {
    if (isWord(a) && isWord(b)) return a | b;
    return join(high(a) | high(b), a | b);
  }

  xor(a: number, b: number): number {
    if (isWord(a) && isWord(b)) return a ^ b;
    return join(high(a) ^ high(b), a ^ b);
  }

  not(a: number): number {
    return -1 - a;
  }

  shl(a: number, count: number): number {
    const bits = count & 63;
    const result = a * 2 ** bits;
    return Number.isSafeInteger(result) ? result : wrap(whole(a) << BigInt(bits));
  }

  /** Arithmetic: copies of the sign come in from the left. */
  shr(a: number, count: number): number {
    return Math.floor(a / 2 ** (count & 63));
  }

  mul(a: number, b: number): number {
    return Math.imul(a, b);
  }

  div(a: number, b: number): number {
    if (b === 0) throw divideByZero();
    // + 0 turns -0 into 0.
    return Math.trunc(a / b) + 0;
  }

  mod(a: number, b: number): number {
    if (b === 0) throw divideByZero();
    return (a % b) + 0;
  }
}
