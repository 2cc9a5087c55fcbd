/**
 * The floating-point registers of one hart: f0..f31, 64 bits each, and fcsr. Three views of the same
 * bytes, since a register holds a double, a boxed single, or bits on their way elsewhere.
 *
 * Source: RISC-V unprivileged ISA, chapters "F" and "D". A single is boxed: its upper half is all
 * ones. Bits are moved through `bits` alone, as the host may quieten a NaN on its way through a
 * number.
 */
export class FloatRegisters {
  /** Low halves at even, high halves at odd indices. */
  readonly bits: Int32Array = new Int32Array(64);
  readonly values: Float64Array = new Float64Array(this.bits.buffer);
  /** The single in register i is at index 2 * i. */
  readonly singles: Float32Array = new Float32Array(this.bits.buffer);
  /** Rounding mode in bits 7-5, accrued exceptions NV DZ OF UF NX in bits 4-0. */
  fcsr = 0;

  copyFrom(other: FloatRegisters): void {
    this.bits.set(other.bits);
    this.fcsr = other.fcsr;
  }
}
