/** The modules that are loaded, newest first, and who uses whom. */
import { formatAddress } from "../kmem/address.ts";
import { taintLetters } from "../lib/taint.ts";
import type { Module } from "./module.ts";

export class ModuleList {
  lastUnloaded = "";
  readonly #modules: Module[] = [];

  find(name: string): Module | undefined {
    return this.#modules.find((module) => module.name === name);
  }

  all(): readonly Module[] {
    return this.#modules;
  }

  /** `owners` are the modules whose symbols it links to. */
  add(module: Module, owners: ReadonlySet<string>): void {
    for (const owner of owners) this.find(owner)?.users.add(module.name);
    this.#modules.unshift(module);
  }

  remove(module: Module): void {
    this.#modules.splice(this.#modules.indexOf(module), 1);
    for (const other of this.#modules) other.users.delete(module.name);
  }

  /** /proc/modules. */
  procText(): string {
    return this.#modules.map((module) => `${module.procLine(formatAddress)}\n`).join("");
  }

  /** What follows `Modules linked in:`. */
  linkedIn(): string[] {
    const names = this.#modules.map(({ name, taint }) => {
      const letters = taintLetters(taint);
      return letters === "" ? name : `${name}(${letters})`;
    });
    return this.lastUnloaded === "" ? names : [...names, `[last unloaded: ${this.lastUnloaded}]`];
  }
}
