/** A hart with one address space and no kernel: enough to run a static ELF image that only writes and exits. */

import { FloatRegisters } from "../../src/kernel/hw/float-registers.ts";
import { EXIT_BUDGET, EXIT_ECALL } from "../../src/kernel/hw/hart/codes.ts";
import { Hart } from "../../src/kernel/hw/hart/hart.ts";
import { PAGE_SIZE, PhysicalMemory } from "../../src/kernel/hw/memory.ts";
import { REG_PC, REG_SP, Registers } from "../../src/kernel/hw/registers.ts";
import { AddressSpace } from "../../src/kernel/mm/address-space.ts";

export interface BareRun {
  /** What it wrote, and its exit status; or why and where it stopped. */
  readonly output: Uint8Array;
  readonly status: number | undefined;
  readonly exit: number;
  readonly pc: number;
  readonly executed: number;
}

const STACK_TOP = 0x3ffffff000;

export class BareHart {
  readonly memory: PhysicalMemory = new PhysicalMemory();
  readonly hart: Hart = new Hart(this.memory);
  readonly mm: AddressSpace = new AddressSpace(this.memory);
  readonly context = { regs: new Registers(), fp: new FloatRegisters() };

  constructor(elf: Uint8Array) {
    const view = new DataView(elf.buffer, elf.byteOffset);
    const count = view.getUint16(56, true);
    for (let i = 0; i < count; i++) {
      const at = Number(view.getBigUint64(32, true)) + i * 56;
      if (view.getUint32(at, true) !== 1) continue;
      const field = (offset: number): number => Number(view.getBigUint64(at + offset, true));
      const flags = view.getUint32(at + 4, true);
      const prot = ((flags & 4) >> 2) | (flags & 2) | ((flags & 1) << 2);
      const start = Math.floor(field(16) / PAGE_SIZE) * PAGE_SIZE;
      const end = Math.ceil((field(16) + field(40)) / PAGE_SIZE) * PAGE_SIZE;
      this.mm.map(start, end, prot, "");
      this.mm.poke(field(16), elf.subarray(field(8), field(8) + field(32)));
    }
    this.mm.map(STACK_TOP - 0x100000, STACK_TOP, 3, "[stack]");
    this.context.regs.set(REG_PC, Number(view.getBigUint64(24, true)));
    this.context.regs.set(REG_SP, STACK_TOP - 64);
  }

  /** Runs to the end in slices of `slice` instructions. */
  run(slice = 1_000_000, limit = 1e9): BareRun {
    const { regs } = this.context;
    const output: number[] = [];
    let executed = 0;
    for (;;) {
      const exit = this.hart.run(this.context, this.mm, slice);
      executed += this.hart.executed;
      const done = (status?: number): BareRun => ({
        output: Uint8Array.from(output),
        status,
        exit,
        pc: regs.get(REG_PC),
        executed,
      });
      if (exit === EXIT_BUDGET && executed < limit) continue;
      if (exit !== EXIT_ECALL) return done();
      if (regs.get(17) === 93 || regs.get(17) === 94) return done(regs.get(10));
      if (regs.get(17) === 64) {
        const bytes = this.mm.copyIn(regs.get(11), regs.get(12));
        if (typeof bytes !== "number") output.push(...bytes);
        regs.set(10, regs.get(12));
      } else regs.set(10, -38);
      regs.set(REG_PC, regs.get(REG_PC) + 4);
    }
  }
}
