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
/** Kernel addresses have ones above their 48 bits. */
const KERNEL_TOP = 0xffff;

/** The kernel address in a register; what is none is -1, where nothing is mapped. */
export function addressIn(x: Int32Array, r: number): number {
  const high = x[r + 1] as number;
  if (high >>> 16 !== KERNEL_TOP) return -1;
  return (high & 0xffff) * TWO_32 + ((x[r] as number) >>> 0);
}

/** Any number of up to 53 bits into a register, a kernel address with ones above it. */
export function putNumber(x: Int32Array, r: number, value: number): void {
  x[r] = value;
  const high = Math.floor(value / TWO_32);
  x[r + 1] = high >= 0x8000 && high <= KERNEL_TOP ? high | -65536 : high;
}

/** The signed number in a register, exact to 2^53. */
export const numberIn = (x: Int32Array, r: number): number =>
  (x[r + 1] as number) * TWO_32 + ((x[r] as number) >>> 0);

export const swapWord = (a: number): number =>
  (a << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
