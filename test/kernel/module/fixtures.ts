import { EventLog } from "../../../src/kernel/event/log.ts";
import { Kmem } from "../../../src/kernel/kmem/kmem.ts";
import type { Layouts } from "../../../src/kernel/kmem/layout.ts";
import { type Callee, TextTable } from "../../../src/kernel/kmem/text-table.ts";
import { encodeUtf8 } from "../../../src/kernel/lib/text.ts";
import { compileKo } from "../../../src/kernel/module/compile.ts";
import {
  type LinkedObject,
  type LinkTarget,
  placeObject,
  relocate,
} from "../../../src/kernel/module/link.ts";
import { ModuleLoader } from "../../../src/kernel/module/loader.ts";
import { ModuleRuntime } from "../../../src/kernel/module/runtime.ts";
import type { ModuleKey } from "../../../src/kernel/module/signature.ts";
import { type KernelSymbol, SymbolTable } from "../../../src/kernel/module/symbol.ts";
import { type MachinePolicy, OPEN_POLICY } from "../../../src/kernel/task/policy.ts";
import type { Task } from "../../../src/kernel/task/task.ts";

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
  const [text, symbols] = [new TextTable(), new SymbolTable()];
  return { kmem, text, runtime, evaluate, linked: new Set(), symbols, callbacks };
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

/** A kernel around a loader: just what loading needs of one. */
export function makeMachine(policy: Partial<MachinePolicy> = {}, keys: readonly ModuleKey[] = []) {
  const bench = makeBench();
  const log = new EventLog();
  log.keep();
  const lines: string[] = [];
  const kernel = {
    taint: 0,
    log,
    security: { ...OPEN_POLICY, ...policy },
    printk: (_level: number, text: string) => {
      lines.push(text);
    },
    addTaint: (flags: number) => {
      kernel.taint |= flags;
    },
  };
  exportCode(bench, "printk", {
    plain: (fmt) => {
      lines.push(bench.kmem.readCString(fmt as number));
      return 0;
    },
  });
  const loader = new ModuleLoader({
    kernel,
    target: bench,
    compile: compileKo,
    symbols: bench.symbols,
    vermagic: VERMAGIC,
    hasModversions: true,
    keys,
    refuel: () => {},
    charge: () => {},
  });
  const task = { comm: "insmod" } as Task;
  const load = (ko: string | Uint8Array, params = "", flags = 0): number => {
    const bytes = typeof ko === "string" ? encodeUtf8(ko) : ko;
    return finish(loader.load(task, bytes, params, flags)).ret;
  };
  const unload = (name: string, flags = 0): number => finish(loader.unload(task, name, flags)).ret;
  return { bench, kernel, lines, loader, load, unload, log };
}
