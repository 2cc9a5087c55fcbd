/**
 * Kernel virtual addresses: where things lie, and how Linux prints them. An address is a 48-bit
 * number; the sixteen bits above it are copies of bit 47 and exist only in print.
 *
 * Source: Documentation/riscv/vm-layout.rst (Sv48), 5.10, from which the shape is taken but not
 * the exact bounds. Left out: page tables, vmalloc, the vmemmap.
 */

/** Start of the direct mapping: kmalloc'ed memory and core objects. */
export const KMEM_BASE = 0x8880_0000_0000;
/** Start of the kernel's own text. */
export const KERNEL_TEXT_BASE = 0xff80_0000_0000;
/** Start of module text. */
export const MODULE_TEXT_BASE = 0xff80_1000_0000;
/** A pointer below this is NULL plus a field's offset. */
export const NULL_PAGE_SIZE_BYTES = 4096;

const CANONICAL_BIT = 0x8000_0000_0000;
const ADDRESS_SPACE = 0x1_0000_0000_0000;

/** An address as an oops prints it: sixteen hexadecimal digits. */
export function formatAddress(address: number): string {
  if (!Number.isFinite(address)) return "ffffffffffffffff";
  if (address >= 0 && address < ADDRESS_SPACE) {
    const digits = Math.trunc(address).toString(16).padStart(12, "0");
    return (address >= CANONICAL_BIT ? "ffff" : "0000") + digits;
  }
  return BigInt.asUintN(64, BigInt(Math.trunc(address)))
    .toString(16)
    .padStart(16, "0");
}
