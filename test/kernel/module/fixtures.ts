import { Kmem } from "../../../src/kernel/kmem/kmem.ts";
import type { Layouts } from "../../../src/kernel/kmem/layout.ts";
import { type Callee, TextTable } from "../../../src/kernel/kmem/text-table.ts";
import { compileKo } from "../../../src/kernel/module/compile.ts";
import {
  type LinkedObject,
  type LinkTarget,
  placeObject,
  relocate,
} from "../../../src/kernel/module/link.ts";
import { ModuleRuntime } from "../../../src/kernel/module/runtime.ts";
import { type KernelSymbol, SymbolTable } from "../../../src/kernel/module/symbol.ts";

export const VERMAGIC = "2.6.32-quicksand SMP preempt mod_unload modversions riscv64";

/** A module file from its text and whatever sections it needs. */
export function koOf(text: string, sections = "", name = "counter"): string {
  return `%quicksand-ko 1
[.modinfo]
name=${name}
license=GPL
vermagic=${VERMAGIC}
intree=Y
${sections}
[.text]
${text}
[.end]
`;
}

export const evaluate = (source: string): unknown => {
  // biome-ignore lint/security/noGlobalEval: tests stand in for the host's compartment.
  const indirect = eval;
  return indirect(source);
};

export interface Bench extends LinkTarget {
  readonly symbols: SymbolTable;
  readonly callbacks: string[];
}

export function makeBench(layouts: Layouts = {}): Bench {
  const callbacks: string[] = [];
  const runtime = new ModuleRuntime({
    describeCurrent: () => "cat:12",
    callback: (callee, ret) => {
      callbacks.push(`${callee.module}:${callee.name}=${ret}`);
    },
  });
  runtime.fuel = 1_000_000;
  const kmem = new Kmem(layouts);
  return { kmem, text: new TextTable(), runtime, evaluate, symbols: new SymbolTable(), callbacks };
}

export function exportCode(
  bench: Bench,
  name: string,
  code: Callee,
  more: Partial<KernelSymbol> = {},
): KernelSymbol {
  const { address } = bench.text.add(name, "", code);
  const symbol = { name, crc: 0x1234abcd, gplOnly: false, owner: "", address, ...code, ...more };
  bench.symbols.define(symbol);
  return symbol;
}

/** Links a module without any of the loader's checks. */
export function link(bench: Bench, ko: string, name = "counter"): LinkedObject {
  const compiled = compileKo(ko, `${name}.ko`);
  if (compiled.kind === "bad") throw new Error(JSON.stringify(compiled.diagnostics));
  const object = placeObject(bench, name, name, compiled.ko, compiled.linked);
  if (object === undefined) throw new Error("no memory");
  relocate(bench, object, (symbol) => {
    const found = bench.symbols.find(symbol);
    if (found === undefined) throw new Error(`unknown symbol ${symbol}`);
    return found;
  });
  return object;
}

export function call(object: LinkedObject, name: string, ...args: number[]): number {
  const fn = object.functions.find((each) => each.name === name);
  if (fn === undefined) throw new Error(`no function ${name}`);
  return fn.plain(...args);
}

export function generator(object: LinkedObject, name: string, ...args: number[]) {
  const fn = object.functions.find((each) => each.name === name);
  if (fn?.gen === undefined) throw new Error(`no function ${name}`);
  return fn.gen(...args);
}

/** Runs a generator to its end; answers its value and how often it yielded. */
export function finish(run: Generator<unknown, number, void>): { ret: number; yields: number } {
  for (let yields = 0; ; yields++) {
    const step = run.next();
    if (step.done === true) return { ret: step.value, yields };
  }
}
