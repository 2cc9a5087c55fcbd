/**
 * Symbols that modules can link to: what EXPORT_SYMBOL puts in the kernel's symbol table, of the
 * kernel itself and of loaded modules.
 *
 * Source: include/linux/export.h, kernel/module.c (find_symbol), 2.6.32. Symbol
 * namespaces are those of 5.4. Left out: weak symbols.
 */
import type { BlockingCode, PlainCode } from "../kmem/text-table.ts";

export interface KernelSymbol {
  readonly name: string;
  /** Of the prototype, with every type expanded; 0 when the symbol has none. */
  readonly crc: number;
  readonly gplOnly: boolean;
  /** Whoever uses it has to import this. */
  readonly namespace?: string | undefined;
  /** Of text, or of data. */
  readonly address: number;
  readonly plain: PlainCode;
  /** Absent when the function never blocks. */
  readonly gen?: BlockingCode | undefined;
  /** The module that exports it; empty for the kernel. */
  readonly owner: string;
}

export class SymbolTable {
  readonly #byName: Map<string, KernelSymbol> = new Map();

  /** False if the name is taken. */
  define(symbol: KernelSymbol): boolean {
    if (this.#byName.has(symbol.name)) return false;
    this.#byName.set(symbol.name, symbol);
    return true;
  }

  find(name: string): KernelSymbol | undefined {
    return this.#byName.get(name);
  }

  removeOwner(owner: string): void {
    for (const symbol of [...this.#byName.values()]) {
      if (symbol.owner === owner) this.#byName.delete(symbol.name);
    }
  }

  all(): readonly KernelSymbol[] {
    return [...this.#byName.values()];
  }
}
