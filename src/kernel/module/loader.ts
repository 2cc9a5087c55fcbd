/**
 * Loading and unloading modules: init_module(2), finit_module(2), delete_module(2), in Linux's order
 * and with Linux's messages.
 *
 * A module whose init oopses stays as it is, half loaded, as on Linux: its text may be in use.
 *
 * Source: kernel/module.c, 6.1 (load_module, do_init_module, delete_module).
 * Left out: per-module sysfs; dependencies are modprobe's.
 */
import { EAGAIN, EBUSY, EEXIST, EINVAL, ENOENT, ENOEXEC, ENOMEM, EPERM } from "../abi/errno.ts";
import { O_TRUNC } from "../abi/fcntl.ts";
import { MODULE_INIT_IGNORE_MODVERSIONS, MODULE_INIT_IGNORE_VERMAGIC } from "../abi/module.ts";
import {
  TAINT_FORCED_MODULE,
  TAINT_FORCED_RMMOD,
  TAINT_UNSIGNED_MODULE,
  TAINT_WARN,
} from "../lib/taint.ts";
import { decodeUtf8 } from "../lib/text.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel, ModuleService } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import type { CompileModule, CompileResult } from "./compile.ts";
import {
  addressIn,
  exportedSymbols,
  type LinkedObject,
  type LinkTarget,
  placeObject,
  relocate,
  unplace,
} from "./link.ts";
import { checkExports, checkModinfo, checkSymbols, type LoadReport, taint } from "./load-checks.ts";
import { Module } from "./module.ts";
import { ModuleList } from "./module-list.ts";
import { claimedName, moduleName } from "./module-name.ts";
import { applyParams } from "./param.ts";
import type { ModuleKey } from "./signature.ts";
import { type Admission, admit } from "./signature-check.ts";
import type { KernelSymbol, SymbolTable } from "./symbol.ts";

export interface LoaderParts {
  readonly kernel: Pick<Kernel, "printk" | "addTaint" | "taint" | "log" | "security">;
  readonly target: LinkTarget;
  readonly compile: CompileModule;
  readonly symbols: SymbolTable;
  readonly vermagic: string;
  readonly hasModversions: boolean;
  /** Keys whose signatures count. */
  readonly keys: readonly ModuleKey[];
  /** Gives code that is entered its full allowance of steps. */
  readonly refuel: () => void;
  /** Takes the time of what it did. */
  readonly charge: () => void;
  /** A module is gone: what has it left behind? */
  readonly onRemoved?: (name: string) => void;
}

const KERN_ERR = 3;
const KERN_WARNING = 4;
const KERN_NOTICE = 5;

type Compiled = CompileResult & { readonly kind: "ok" };

/** Symbols that the module needs from others. */
export function foreignNames({ ko, linked }: Pick<Compiled, "ko" | "linked">): readonly string[] {
  const own = definedBy({ ko, linked });
  const related = ko.data.flatMap(({ items }) =>
    items.flatMap((item) => ("symbol" in item ? [item.symbol] : [])),
  );
  const names = new Set([...linked.imports, ...linked.addresses, ...related]);
  return [...names].filter((name) => !own.has(name));
}

export class ModuleLoader implements ModuleService {
  readonly modules: ModuleList = new ModuleList();
  readonly #parts: LoaderParts;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  *load(task: Task, bytes: Uint8Array, params: string, flags: number): Kpath<number> {
    const { kernel, keys } = this.#parts;
    const admission = admit(kernel.security, keys, task.comm, bytes, flags);
    const source = decodeUtf8(admission.content);
    if (admission.errno !== 0) return this.#refuseEntry(source, admission);
    const compiled = this.#parts.compile(source, `${claimedName(source)}.ko`);
    if (compiled.kind === "bad") return this.#refuseFormat(source, compiled);
    const name = moduleName(compiled.ko);
    if (name === undefined) {
      return this.#refuse("module", ENOEXEC, ["module: [.modinfo] does not say the module's name"]);
    }
    const report = this.#newReport(name, flags);
    const isFit = checkExports(report, compiled.ko, definedBy(compiled));
    if (!isFit || !checkModinfo(report, compiled.ko, this.#parts.vermagic)) {
      return this.#refuseReport(report);
    }
    if (this.modules.find(name) !== undefined) {
      return this.#refuse(name, EEXIST, [`${name}: module is already loaded`]);
    }
    this.#noteSignature(report, admission);
    const resolved = this.#resolve(report, compiled);
    this.#publish(report);
    if (report.errors.length > 0) return this.#refuseReport(report);
    const module = this.#link(name, compiled, resolved, report.taint);
    if (module === undefined) {
      return this.#refuse(name, ENOMEM, [`${name}: there is no memory for the module`]);
    }
    return yield* this.#start(module, params);
  }

  *unload(_task: Task, name: string, flags: number): Kpath<number> {
    if (this.#parts.kernel.security.modulesDisabled) return -EPERM;
    const module = this.modules.find(name);
    if (module === undefined) return -ENOENT;
    if (module.users.size > 0) return -EAGAIN;
    if (module.state !== "live") return -EBUSY;
    const isForced = (flags & O_TRUNC) !== 0;
    const isPermanent = module.has("init") && !module.has("exit");
    if (isPermanent && !isForced) return -EBUSY;
    if (module.references > 0 && !isForced) return -EAGAIN;
    if (isPermanent || module.references > 0) this.#parts.kernel.addTaint(TAINT_FORCED_RMMOD);
    module.state = "going";
    yield* this.#call(module, "exit");
    this.#remove(module);
    this.modules.lastUnloaded = name;
    this.#parts.kernel.log.emit("module-unload", name);
    this.#parts.onRemoved?.(name);
    return 0;
  }

  /** try_module_get() for whatever is at `address`; the kernel itself is always there. */
  get(address: number): boolean {
    const module = this.#ownerOf(address);
    if (module?.state === "going") return false;
    if (module !== undefined) module.references++;
    return true;
  }

  /** module_put() */
  put(address: number): void {
    const module = this.#ownerOf(address);
    if (module !== undefined && module.references > 0) module.references--;
  }

  #ownerOf(address: number): Module | undefined {
    const text = this.#parts.target.text.find(address);
    if (text !== undefined) return this.modules.find(text.module);
    const base = this.#parts.target.kmem.objectCovering(address)?.address;
    return this.modules.all().find(({ object }) => [...object.data.values()].includes(base ?? -1));
  }

  #refuseEntry(source: string, { errno, reason }: Admission): number {
    const name = claimedName(source);
    const { kernel } = this.#parts;
    if (reason !== undefined) kernel.printk(KERN_NOTICE, reason);
    kernel.log.emit("module-refused", name, errno, reason ?? "");
    return -errno;
  }

  #noteSignature(report: LoadReport, { isSigned }: Admission): void {
    if (isSigned || !this.#parts.kernel.security.checksSignatures) return;
    const what = "module verification failed: signature and/or required key missing";
    taint(report, TAINT_UNSIGNED_MODULE, `${report.name}: ${what} - tainting kernel`);
  }

  #newReport(name: string, flags: number): LoadReport {
    return {
      name,
      ignoreVermagic: (flags & MODULE_INIT_IGNORE_VERMAGIC) !== 0,
      ignoreVersions: (flags & MODULE_INIT_IGNORE_MODVERSIONS) !== 0,
      hasModversions: this.#parts.hasModversions,
      kernelTaint: this.#parts.kernel.taint,
      taint: 0,
      warnings: [],
      errno: ENOEXEC,
      errors: [],
    };
  }

  #resolve(report: LoadReport, { ko, linked }: Compiled): Map<string, KernelSymbol> {
    const isLive = (module: string): boolean => this.modules.find(module)?.state === "live";
    return checkSymbols(report, ko, foreignNames({ ko, linked }), this.#parts.symbols, isLive);
  }

  #publish(report: LoadReport): void {
    for (const line of report.warnings) this.#parts.kernel.printk(KERN_WARNING, line);
    if (report.taint !== 0) this.#parts.kernel.addTaint(report.taint);
  }

  #link(
    name: string,
    { ko, linked }: Compiled,
    resolved: ReadonlyMap<string, KernelSymbol>,
    taint: number,
  ): Module | undefined {
    const { target, symbols } = this.#parts;
    const object = placeObject(target, name, name, ko, linked);
    if (object === undefined) return undefined;
    relocate(target, object, (symbol) => resolved.get(symbol) as KernelSymbol);
    const module = new Module(object, taint);
    this.modules.add(module, new Set([...resolved.values()].map(({ owner }) => owner)));
    for (const symbol of exportedSymbols(object, name)) symbols.define(symbol);
    return module;
  }

  *#start(module: Module, params: string): Kpath<number> {
    const { kernel, target } = this.#parts;
    const { warnings, error } = applyParams(target, module.object, params);
    for (const line of warnings) kernel.printk(KERN_WARNING, line);
    if (error !== undefined) {
      this.#remove(module);
      return this.#refuse(module.name, EINVAL, [error]);
    }
    const result = yield* this.#callInit(module);
    if (result < 0) {
      this.#remove(module);
      const reason = `${module.name}: init failed with error ${result}`;
      kernel.log.emit("module-refused", module.name, -result, reason);
      return result;
    }
    if (result > 0) {
      const what = `'${module.name}'->init suspiciously returned ${result}`;
      kernel.printk(KERN_WARNING, `do_init_module: ${what}, it should follow 0/-E convention`);
    }
    module.state = "live";
    kernel.log.emit("module-load", module.name, (module.taint & TAINT_FORCED_MODULE) === 0 ? 0 : 1);
    return 0;
  }

  /** do_one_initcall(): whoever returns with preemption off is told, and it is switched on again. */
  *#callInit(module: Module): Kpath<number> {
    const { kernel, target } = this.#parts;
    const { runtime } = target;
    const before = runtime.preemptCount;
    const result = yield* this.#call(module, "init");
    if (runtime.preemptCount === before) return result;
    runtime.preemptCount = before;
    const symbol = target.text.describe(entryOf(module.object, "init") ?? 0);
    const text = `initcall ${symbol} returned with preemption imbalance `;
    kernel.printk(KERN_WARNING, text);
    kernel.addTaint(TAINT_WARN);
    kernel.log.emit("warn", text, module.name);
    return result;
  }

  /** Runs the module's init or exit on the calling task; 0 if it has none. */
  *#call(module: Module, when: "init" | "exit"): Kpath<number> {
    const address = entryOf(module.object, when);
    if (address === undefined) return 0;
    const { refuel, charge, target } = this.#parts;
    const fn = target.text.callee(address);
    refuel();
    const result = fn.gen === undefined ? fn.plain() : yield* fn.gen();
    charge();
    return result | 0;
  }

  #remove(module: Module): void {
    this.#parts.symbols.removeOwner(module.name);
    this.modules.remove(module);
    unplace(this.#parts.target, module.object);
  }

  #refuseFormat(source: string, bad: CompileResult & { kind: "bad" }): number {
    const name = claimedName(source);
    const lines = bad.diagnostics.map(
      ({ file, line, code, message }) => `${file}:${line}: ${code}: ${message}`,
    );
    return this.#refuse(name, ENOEXEC, lines);
  }

  #refuseReport(report: LoadReport): number {
    return this.#refuse(report.name, report.errno, report.errors);
  }

  #refuse(name: string, errno: number, lines: readonly string[]): number {
    const { kernel } = this.#parts;
    for (const line of lines) kernel.printk(KERN_ERR, line);
    kernel.log.emit("module-refused", name, errno, lines[0] ?? "");
    return -errno;
  }
}

function definedBy({ ko, linked }: Pick<Compiled, "ko" | "linked">): ReadonlySet<string> {
  return new Set([...linked.functions, ...ko.data.map(({ name }) => name)]);
}

function entryOf(object: LinkedObject, when: string): number | undefined {
  const entry = object.ko.entries.find((each) => each.when === when);
  return entry === undefined ? undefined : addressIn(object, entry.function);
}
