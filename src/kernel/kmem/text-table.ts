/**
 * Kernel text: every function that has an address, of the kernel and of its modules, and the way
 * back from an address to the function. Plays the parts of the page tables (is this executable?)
 * and of kallsyms (what is it called?).
 *
 * Source: kernel/kallsyms.c, kernel/extable.c. Left out: instruction offsets; a frame of a back
 * trace names its function and not the line in it. Addresses of unloaded text are never used again.
 */
import type { Sleep } from "../lib/wait.ts";
import { formatAddress, KERNEL_TEXT_BASE, KMEM_BASE, MODULE_TEXT_BASE } from "./address.ts";
import { badAddress, KernelOops } from "./oops.ts";

/** Every function occupies as much. */
const FUNCTION_SIZE_BYTES = 64;
const FUNCTION_SHIFT = 6;

/** Code that runs to its end without giving up the processor. */
export type PlainCode = (...args: number[]) => number;
/** The same code, preemptible and able to block. */
export type BlockingCode = (...args: number[]) => Generator<Sleep, number, void>;

/** What a call needs: at least a plain form. */
export interface Callee {
  readonly plain: PlainCode;
  readonly gen?: BlockingCode | undefined;
}

/** One function in memory. `id` is its number on the shadow call stack. */
export class TextSymbol implements Callee {
  readonly id: number;
  readonly name: string;
  /** Empty for the kernel itself. */
  readonly module: string;
  readonly address: number;
  readonly sizeBytes: number = FUNCTION_SIZE_BYTES;
  plain: PlainCode;
  gen: BlockingCode | undefined;
  /** False once the module is gone. */
  live = true;
  /** A header's inline: each object has a copy, and no copy can be found by name or patched. */
  isInline = false;
  /** The preemptible form does nothing but call the plain one. */
  isLeaf = false;
  /** Makes calls from the function's own object reach other code; those of others come here. */
  relink: ((plain: PlainCode, gen: BlockingCode) => void) | undefined = undefined;
  #unpatched: Callee | undefined = undefined;

  constructor(id: number, name: string, module: string, address: number, code: Callee) {
    this.id = id;
    this.name = name;
    this.module = module;
    this.address = address;
    this.plain = code.plain;
    this.gen = code.gen;
  }

  get isPatched(): boolean {
    return this.#unpatched !== undefined;
  }

  /** Puts code around the function for all who call it. A function is patched once at a time. */
  patch(around: (original: Callee) => Callee): void {
    const original = { plain: this.plain, gen: this.gen };
    this.#unpatched = original;
    const { plain, gen } = around(original);
    this.#install({ plain, gen: this.isLeaf ? original.gen : gen });
  }

  /** The function as it was before `patch`. */
  restore(): void {
    if (this.#unpatched !== undefined && this.live) this.#install(this.#unpatched);
    this.#unpatched = undefined;
  }

  #install({ plain, gen }: Callee): void {
    this.plain = plain;
    this.gen = gen;
    if (gen !== undefined) this.relink?.(plain, gen);
  }
}

/** Text that has an address before it has code: the linker fills it in. */
const UNLINKED: Callee = {
  plain: () => {
    throw new KernelOops("bug", 0, "BUG: call into text that is not linked yet");
  },
};

export class TextTable {
  readonly #byId: TextSymbol[] = [];
  readonly #kernel: TextSymbol[] = [];
  readonly #modules: TextSymbol[] = [];

  /** Gives a function an address. `module` is empty for the kernel's own. */
  add(name: string, module: string, code: Callee = UNLINKED): TextSymbol {
    const region = module === "" ? this.#kernel : this.#modules;
    const base = module === "" ? KERNEL_TEXT_BASE : MODULE_TEXT_BASE;
    const address = base + region.length * FUNCTION_SIZE_BYTES;
    const symbol = new TextSymbol(this.#byId.length, name, module, address, code);
    region.push(symbol);
    this.#byId.push(symbol);
    return symbol;
  }

  /** Number that the next added function will get. */
  get nextId(): number {
    return this.#byId.length;
  }

  /** The function at exactly `address`, ready to be called; anything else is an oops. */
  callee(address: number): TextSymbol {
    const symbol = this.#at(address);
    if (symbol?.live === true && symbol.address === address) return symbol;
    throw executeFault(address);
  }

  byId(id: number): TextSymbol | undefined {
    return this.#byId[id];
  }

  /** The live function whose text covers `address`. */
  find(address: number): TextSymbol | undefined {
    const symbol = this.#at(address);
    return symbol?.live === true ? symbol : undefined;
  }

  /** The live function called `name`; a module's name narrows it down ("" is the kernel). */
  findByName(name: string, module?: string): TextSymbol | undefined {
    return this.#byId.find(
      (symbol) =>
        symbol.live &&
        !symbol.isInline &&
        symbol.name === name &&
        (module === undefined || symbol.module === module),
    );
  }

  /** Live functions in address order within their region, for /proc/kallsyms. */
  all(): readonly TextSymbol[] {
    return this.#byId.filter((symbol) => symbol.live);
  }

  /** As %pS prints it: `name+0x0/0x40 [module]`, or the bare address. */
  describe(address: number): string {
    const symbol = this.find(address);
    if (symbol === undefined) return `0x${formatAddress(address)}`;
    const offset = (address - symbol.address).toString(16);
    const owner = symbol.module === "" ? "" : ` [${symbol.module}]`;
    return `${symbol.name}+0x${offset}/0x${symbol.sizeBytes.toString(16)}${owner}`;
  }

  /** Takes a module's functions away. They keep their numbers, for frames still on a stack. */
  unmap(module: string): void {
    for (const symbol of this.#modules) {
      if (symbol.module !== module || !symbol.live) continue;
      symbol.live = false;
      // Whoever kept the function must not keep what it closed over.
      symbol.plain = () => {
        throw executeFault(symbol.address);
      };
      symbol.gen = undefined;
    }
  }

  #at(address: number): TextSymbol | undefined {
    const inModules = address - MODULE_TEXT_BASE;
    if (inModules >= 0) {
      if (inModules >= this.#modules.length * FUNCTION_SIZE_BYTES) return undefined;
      return this.#modules[inModules >> FUNCTION_SHIFT];
    }
    const inKernel = address - KERNEL_TEXT_BASE;
    if (inKernel >= 0 && inKernel < this.#kernel.length * FUNCTION_SIZE_BYTES) {
      return this.#kernel[inKernel >> FUNCTION_SHIFT];
    }
    return undefined;
  }
}

/** A jump to where no code is: NULL, data, or a module that has gone. */
function executeFault(address: number): KernelOops {
  if (address >= KMEM_BASE && address < KERNEL_TEXT_BASE) {
    const message = `Unable to execute non-executable memory at virtual address ${formatAddress(address)}`;
    return new KernelOops("execute", address, message);
  }
  return badAddress(address, ["Instruction fetch: no text is mapped there"]);
}
