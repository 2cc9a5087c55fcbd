/**
 * What kernel code dies of: a bad address, a bad call, a limit. Thrown where it happens, caught where
 * the task entered the kernel, and turned there into a report, an `oops` event and a dead task.
 *
 * Source of the words: arch/riscv/mm/fault.c, mm/kasan/report.c, kernel/watchdog.c, 6.1 (older
 * kernels say the same in nearly the same words, and have no KASAN).
 */
import { formatAddress, NULL_PAGE_SIZE_BYTES } from "./address.ts";

export type OopsKind =
  | "null"
  | "paging"
  | "use-after-free"
  | "out-of-bounds"
  | "double-free"
  | "invalid-free"
  | "read-only"
  | "execute"
  | "divide"
  | "stack-overflow"
  | "lockup"
  | "atomic"
  | "corruption"
  | "bug";

/** Reports of these kinds say in which function: "BUG: KASAN: ... in FN". */
const KASAN_KINDS: ReadonlySet<OopsKind> = new Set([
  "use-after-free",
  "out-of-bounds",
  "double-free",
  "invalid-free",
]);

export class KernelOops extends Error {
  override readonly name: string = "KernelOops";
  readonly kind: OopsKind;
  /** The address that was used; 0 where the kind has none. */
  readonly address: number;
  /** Lines that follow the headline in a report. */
  readonly details: readonly string[];

  constructor(kind: OopsKind, address: number, message: string, details: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.address = address;
    this.details = details;
  }

  /** The first line of the report. `where` is the innermost function as kallsyms prints it. */
  headline(where: string): string {
    return KASAN_KINDS.has(this.kind) ? `${this.message} in ${where}` : this.message;
  }
}

/** A load, store or call at an address that nothing is mapped at. */
export function badAddress(address: number, details: readonly string[] = []): KernelOops {
  const isNull = address >= 0 && address < NULL_PAGE_SIZE_BYTES;
  const what = isNull ? "NULL pointer dereference" : "paging request";
  const message = `Unable to handle kernel ${what} at virtual address ${formatAddress(address)}`;
  return new KernelOops(isNull ? "null" : "paging", address, message, details);
}

/** BUG() and its relatives. */
export function kernelBug(message: string): KernelOops {
  return new KernelOops("bug", 0, message);
}
