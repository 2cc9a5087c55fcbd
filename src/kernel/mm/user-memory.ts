/**
 * Loads and stores of a TypeScript program: what instructions are to a RISC-V one. They go to the
 * task's own pages with its own permissions; a forbidden access throws `UserFault`.
 */
import type { UserMemory } from "../exec/program.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../hw/memory.ts";
import { type AddressSpace, PROT_READ, PROT_WRITE, UserFault } from "./address-space.ts";

export class ProgramMemory implements UserMemory {
  /** The space that accesses go to; execve replaces it. */
  space: AddressSpace;
  readonly #memory: PhysicalMemory;

  constructor(space: AddressSpace, memory: PhysicalMemory) {
    this.space = space;
    this.#memory = memory;
  }

  load8(addr: number): number {
    return this.#memory.u8[this.#at(addr, 1, false)] as number;
  }

  load32(addr: number): number {
    return this.#memory.view.getInt32(this.#at(addr, 4, false), true);
  }

  load64(addr: number): number {
    const at = this.#at(addr, 8, false);
    const view = this.#memory.view;
    return view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true);
  }

  store8(addr: number, value: number): void {
    this.#memory.u8[this.#at(addr, 1, true)] = value;
  }

  store32(addr: number, value: number): void {
    const at = this.#at(addr, 4, true);
    this.#memory.view.setInt32(at, value, true);
  }

  store64(addr: number, value: number): void {
    const at = this.#at(addr, 8, true);
    const view = this.#memory.view;
    view.setInt32(at, value, true);
    view.setInt32(at + 4, Math.floor(value / 4294967296), true);
  }

  read(addr: number, size: number): Uint8Array {
    const bytes = this.space.copyIn(addr, size);
    if (typeof bytes === "number") throw this.#fault(addr, false);
    return bytes;
  }

  readString(addr: number): string {
    const text = this.space.copyInString(addr, Number.POSITIVE_INFINITY);
    if (typeof text === "string") return text;
    // Some byte on the way cannot be read: its own load says which.
    for (let at = addr; ; at++) this.load8(at);
  }

  write(addr: number, bytes: Uint8Array): void {
    if (this.space.copyOut(addr, bytes) < 0) throw this.#fault(addr, true);
  }

  /** Physical address of an access of `size` bytes. TypeScript programs keep them within a page. */
  #at(addr: number, size: number, write: boolean): number {
    const at = this.space.locate(addr, write);
    if (at < 0 || (addr % PAGE_SIZE) + size > PAGE_SIZE) throw this.#fault(addr, write);
    return at;
  }

  #fault(addr: number, write: boolean): UserFault {
    return new UserFault(addr, write, this.space.faultKind(addr, write ? PROT_WRITE : PROT_READ));
  }
}
