/**
 * The registers of a running program: halves in one Int32Array, r0 to r10, then a slot for the old
 * value of an atomic operation, then the program's immediates.
 */

const REGISTERS = 11;
/** Index of the spare slot. */
export const SCRATCH: number = 2 * REGISTERS;
/** Where immediates begin. */
export const IMMEDIATES: number = SCRATCH + 2;

const TWO_32 = 4294967296;
/** What stands above the 48 bits of an address: nothing, or ones. */
const TOP_ONES = 0xffff;

/**
 * The address in a register. In kernel memory and in registers it is a number of 48 bits; the ones
 * that a real machine has above it are taken too. What is no address is -1, where nothing is mapped.
 */
export function addressIn(x: Int32Array, r: number): number {
  const high = x[r + 1] as number;
  const top = high >>> 16;
  if (top !== 0 && top !== TOP_ONES) return -1;
  return (high & 0xffff) * TWO_32 + ((x[r] as number) >>> 0);
}

/** Any number of up to 53 bits into a register. */
export function putNumber(x: Int32Array, r: number, value: number): void {
  x[r] = value;
  x[r + 1] = Math.floor(value / TWO_32);
}

/** The signed number in a register, exact to 2^53. */
export const numberIn = (x: Int32Array, r: number): number =>
  (x[r + 1] as number) * TWO_32 + ((x[r] as number) >>> 0);

export const swapWord = (a: number): number =>
  (a << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
