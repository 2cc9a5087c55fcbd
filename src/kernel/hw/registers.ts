/**
 * The integer registers of one hart: x0..x31 and pc, 64 bits each, kept as two 32-bit halves so
 * that the interpreter and the kernel share them without BigInt.
 *
 * Source: RISC-V unprivileged ISA, chapter "RV64I"; names from the psABI.
 * Numbers in and out are signed and exact to 2^53; `getBig` is exact throughout.
 */

/** psABI names in register order; index 0 of a NT_PRSTATUS regset is pc instead of zero. */
export const REGISTER_NAMES = [
  "zero",
  "ra",
  "sp",
  "gp",
  "tp",
  "t0",
  "t1",
  "t2",
  "s0",
  "s1",
  "a0",
  "a1",
  "a2",
  "a3",
  "a4",
  "a5",
  "a6",
  "a7",
  "s2",
  "s3",
  "s4",
  "s5",
  "s6",
  "s7",
  "s8",
  "s9",
  "s10",
  "s11",
  "t3",
  "t4",
  "t5",
  "t6",
] as const;

/** Register numbers that the kernel names. */
export const REG_SP = 2;
export const REG_TP = 4;
export const REG_A0 = 10;
export const REG_A1 = 11;
export const REG_A7 = 17;
/** pc is kept after x31. */
export const REG_PC = 32;

export class Registers {
  /** Low halves at even, high halves at odd indices. After pc, a place for writes to x0. */
  readonly halves: Int32Array = new Int32Array(68);

  get(index: number): number {
    return (
      (this.halves[index * 2 + 1] as number) * 4294967296 +
      ((this.halves[index * 2] as number) >>> 0)
    );
  }

  set(index: number, value: number): void {
    if (index === 0) return;
    this.halves[index * 2] = value;
    this.halves[index * 2 + 1] = Math.floor(value / 4294967296);
  }

  getBig(index: number): bigint {
    return (
      (BigInt(this.halves[index * 2 + 1] as number) << 32n) |
      BigInt((this.halves[index * 2] as number) >>> 0)
    );
  }

  setBig(index: number, value: bigint): void {
    if (index === 0) return;
    this.halves[index * 2] = Number(BigInt.asIntN(32, value));
    this.halves[index * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }

  copyFrom(other: Registers): void {
    this.halves.set(other.halves);
  }
}
