/**
 * A release coming up: kernel memory in its layouts, the port's functions at their addresses, the
 * tree's objects linked to them and to each other, the bindings to core state, and the initcalls.
 *
 * Source for the order: init/main.c (do_initcalls). Left out: boot parameters.
 */

import { COST_CALLBACK_NS, COST_MODULE_STEP_NS } from "../hw/costs.ts";
import type { ReleaseImage } from "../image.ts";
import type { BindApi } from "../kmem/bind-api.ts";
import { Kmem } from "../kmem/kmem.ts";
import { type TextSymbol, TextTable } from "../kmem/text-table.ts";
import { assert } from "../lib/assert.ts";
import { FUEL_STEPS } from "../lib/limits.ts";
import { RateLimit } from "../lib/rate-limit.ts";
import { placeKprobeBlacklist } from "../module/kprobe-blacklist.ts";
import {
  exportedSymbols,
  type LinkedObject,
  type LinkTarget,
  placeObject,
  relocate,
} from "../module/link.ts";
import { ModuleRuntime, ShadowStack } from "../module/runtime.ts";
import { type KernelSymbol, SymbolTable } from "../module/symbol.ts";
import { bindRow, type DebugFile, type Pid, type PortContext, rowName } from "../port/context.ts";
import { checkUserReturn, Held } from "../port/held.ts";
import { freeTask, treeHooks } from "../port/hooks.ts";
import { treeHasPtrace, treePtrace } from "../port/ptrace-party.ts";
import { defineSyscalls } from "../port/rows-syscall.ts";
import { HOOK_SITES } from "../port/sites.ts";
import { PORT_ROWS } from "../port.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";

/** Runs source text with nothing of the host in reach, and answers its value. */
export type Evaluate = (source: string) => unknown;

/** A release that is up. */
export interface RunningRelease {
  readonly image: ReleaseImage;
  readonly port: PortContext;
  readonly target: LinkTarget;
  readonly symbols: SymbolTable;
}

export interface ReleaseParts {
  readonly image: ReleaseImage;
  readonly evaluate: Evaluate;
  readonly makeDebugFile: (file: DebugFile) => void;
  readonly moduleGet: (address: number) => boolean;
  readonly modulePut: (address: number) => void;
}

/** Initcalls in order, as [.init] names them. */
const INITCALL_LEVELS = ["early", "core"] as const;

export function bringUp(k: Kernel, parts: ReleaseParts): RunningRelease {
  const { image } = parts;
  const mem = new Kmem(image.layouts);
  const text = new TextTable();
  const rt = makeRuntime(k, text, image.config["CONFIG_PREEMPT"] === true);
  mem.meter = rt;
  const target: LinkTarget = {
    kmem: mem,
    text,
    runtime: rt,
    evaluate: parts.evaluate,
    linked: new Set(),
  };
  const port: PortContext = {
    k,
    mem,
    text,
    rt,
    layouts: image.layouts,
    sites: HOOK_SITES.map((): TextSymbol | undefined => undefined),
    pids: new Map<number, Pid>(),
    taskRefs: new WeakMap<Task, number>(),
    freeTask: (task) => freeTask(port, task),
    probeOwners: new Map(),
    held: new Held(),
    syscalls: { entries: [], handlers: new Map(), none: 0 },
    variables: new Map(),
    allocationFailures: new RateLimit(),
    onTextChange: () => {},
    fileHolds: new WeakMap(),
    timer: { alarm: undefined },
    traceEvents: [],
    bpf: { eventBuffer: () => 0, run: () => 0, runOn: () => {} },
    seqFiles: new Map(),
    procFiles: new Map(),
    refuel: () => {
      rt.fuel = FUEL_STEPS;
    },
    charge: () => {
      k.clock.now += (FUEL_STEPS - rt.fuel) * COST_MODULE_STEP_NS;
      rt.fuel = FUEL_STEPS;
    },
    makeDebugFile: parts.makeDebugFile,
    moduleGet: parts.moduleGet,
    modulePut: parts.modulePut,
  };
  const functions = definePort(port);
  defineSyscalls(port);
  const objects = placeTree(target, image);
  for (const { data } of objects)
    for (const [name, address] of data) port.variables.set(name, address);
  runBindings(image, mem, port.variables, parts.evaluate);
  const symbols = linkTree(target, objects, functions, image);
  runInitcalls(port, objects);
  k.tree = treeHooks(port);
  k.processor = { ...k.processor, userReturn: (task) => checkUserReturn(port, task) };
  if (treeHasPtrace(port)) k.ptrace = treePtrace(port, k.ptrace);
  return { image, port, target, symbols };
}

/** Without CONFIG_PREEMPT a task in the kernel keeps the processor until it gives it up. */
function makeRuntime(k: Kernel, text: TextTable, isPreemptible: boolean): ModuleRuntime {
  const rt = new ModuleRuntime({
    describeCurrent: () =>
      k.current === undefined ? "swapper:0" : `${k.current.comm}:${k.current.tid}`,
    callback: (callee, ret) => {
      k.clock.now += COST_CALLBACK_NS;
      k.log.emit("callback", callee.module, callee.name, ret);
    },
  });
  const stacks = new WeakMap<Task, ShadowStack>();
  k.processor = {
    load(task: Task): void {
      const stack = stacks.get(task) ?? new ShadowStack();
      stacks.set(task, stack);
      rt.stack = stack;
      rt.preemptCount = task.preemptCount;
      rt.countdown = isPreemptible ? k.scheduler.turn.points : Number.POSITIVE_INFINITY;
    },
    save(task: Task): number {
      task.preemptCount = rt.preemptCount;
      rt.preemptCount = 0;
      return isPreemptible ? rt.countdown : k.scheduler.turn.points;
    },
    userReturn: () => {},
    where: () => {
      const { name, module } = text.byId(rt.stack.trace()[0] ?? -1) ?? { name: "", module: "" };
      return module === "" ? name : `${name} [${module}]`;
    },
  };
  return rt;
}

/** Puts the port's functions into kernel text, so that the tree links to them by name. */
function definePort(port: PortContext): ReadonlyMap<string, KernelSymbol> {
  const functions = new Map<string, KernelSymbol>();
  for (const row of PORT_ROWS) {
    const name = rowName(row);
    const { plain, gen } = bindRow(port, row);
    const { address } = port.text.add(name, "", { plain, gen });
    functions.set(name, { name, crc: 0, gplOnly: false, address, plain, gen, owner: "" });
  }
  return functions;
}

function placeTree(target: LinkTarget, image: ReleaseImage): LinkedObject[] {
  return image.objects.map(({ file, ko, linked }) => {
    const placed = placeObject(target, file, "", ko, linked);
    assert(placed !== undefined, `${image.release}: no room for ${file}`);
    return placed;
  });
}

/** A symbol as the linker takes it: from another object of the tree, else from the port. */
function linkTree(
  target: LinkTarget,
  objects: readonly LinkedObject[],
  functions: ReadonlyMap<string, KernelSymbol>,
  image: ReleaseImage,
): SymbolTable {
  const blacklist = placeKprobeBlacklist(target, objects);
  const addresses = new Map([...addressesOf(objects), ...blacklist.addresses]);
  const resolve = (name: string): KernelSymbol => {
    const address = addresses.get(name);
    if (address !== undefined) {
      const symbol = target.text.find(address);
      const plain =
        symbol === undefined ? noCode(name) : (...args: number[]): number => symbol.plain(...args);
      return { name, crc: 0, gplOnly: false, address, plain, gen: symbol?.gen, owner: "" };
    }
    const row = functions.get(name);
    assert(row !== undefined, `${image.release}: undefined reference to ${name}`);
    return row;
  };
  for (const object of objects) relocate(target, object, resolve);
  blacklist.fill();
  const symbols = new SymbolTable();
  for (const object of objects) {
    for (const symbol of exportedSymbols(object, "")) {
      const row = functions.get(symbol.name);
      // EXPORT_SYMBOL of a port row: the tree decides who may link to it, the core does the work.
      symbols.define(
        row === undefined || symbol.address !== 0
          ? symbol
          : { ...row, crc: symbol.crc, gplOnly: symbol.gplOnly, namespace: symbol.namespace },
      );
    }
  }
  return symbols;
}

/** Every symbol of the tree; of two with one name, the first. */
function addressesOf(objects: readonly LinkedObject[]): ReadonlyMap<string, number> {
  const addresses = new Map<string, number>();
  const add = (name: string, address: number): void => {
    if (!addresses.has(name)) addresses.set(name, address);
  };
  for (const { functions, data } of objects) {
    for (const { name, address } of functions) add(name, address);
    for (const [name, address] of data) add(name, address);
  }
  return addresses;
}

const noCode = (name: string) => (): number => {
  assert(false, `${name} is data`);
};

function runBindings(
  image: ReleaseImage,
  mem: Kmem,
  variables: ReadonlyMap<string, number>,
  evaluate: Evaluate,
): void {
  for (const { file, code } of image.bindings) {
    const bind = evaluate(code);
    assert(typeof bind === "function", `${file} is no binding`);
    const api: BindApi = {
      bindStruct(name, bindings) {
        const [problem] = mem.bindStruct(name, bindings);
        assert(problem === undefined, `${image.release}: ${file}: ${problem}`);
      },
      variable: (name) => variables.get(name) ?? 0,
    };
    bind(api);
  }
}

function runInitcalls(port: PortContext, objects: readonly LinkedObject[]): void {
  for (const level of INITCALL_LEVELS) {
    for (const object of objects) {
      for (const entry of object.ko.entries.filter(({ when }) => when === level)) {
        const fn = object.functions[object.linked.functions.indexOf(entry.function)];
        assert(fn !== undefined, `${object.name}: no ${entry.function}`);
        port.refuel();
        const result = fn.plain();
        assert(result === 0, `initcall ${entry.function} of ${object.name} returned ${result}`);
      }
    }
  }
}
