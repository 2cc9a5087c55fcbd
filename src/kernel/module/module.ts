/** One loaded module, as the kernel keeps it. Source: struct module, <linux/module.h>. */

import { taintLetters } from "../lib/taint.ts";
import type { LinkedObject } from "./link.ts";

/** Linux: MODULE_STATE_COMING, _LIVE, _GOING, as /proc/modules calls them. */
export type ModuleState = "loading" | "live" | "going";

const STATE_WORDS = { loading: "Loading", live: "Live", going: "Unloading" } as const;
const PAGE_SIZE_BYTES = 4096;

export class Module {
  readonly name: string;
  readonly object: LinkedObject;
  readonly taint: number;
  state: ModuleState = "loading";
  /** try_module_get() calls that were not put back. */
  references = 0;
  /** Modules that link to this one's symbols. */
  readonly users: Set<string> = new Set();

  constructor(object: LinkedObject, taint: number) {
    this.name = object.name;
    this.object = object;
    this.taint = taint;
  }

  has(when: "init" | "exit"): boolean {
    return this.object.ko.entries.some((entry) => entry.when === when);
  }

  get sizeBytes(): number {
    const { ko } = this.object;
    const data = ko.data.reduce((sum, { size }) => sum + size, 0);
    const text = ko.text.length + ko.rodata.reduce((sum, each) => sum + each.length + 1, 0);
    return Math.ceil((data + text) / PAGE_SIZE_BYTES) * PAGE_SIZE_BYTES;
  }

  /** A line of /proc/modules, without its newline. */
  procLine(formatAddress: (address: number) => string): string {
    const users = this.users.size === 0 ? "-" : [...this.users].map((user) => `${user},`).join("");
    const letters = taintLetters(this.taint);
    const count = this.references + this.users.size;
    const address = `0x${formatAddress(this.object.unit.textAddress)}`;
    const fields = [this.name, this.sizeBytes, count, users, STATE_WORDS[this.state], address];
    return fields.join(" ") + (letters === "" ? "" : ` (${letters})`);
  }
}
