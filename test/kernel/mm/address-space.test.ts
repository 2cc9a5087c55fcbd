import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EFAULT } from "../../../src/kernel/abi/errno.ts";
import { PhysicalMemory } from "../../../src/kernel/hw/memory.ts";
import { AddressSpace, PROT_READ, PROT_WRITE } from "../../../src/kernel/mm/address-space.ts";

const BASE = 0x20000;

function space(): { memory: PhysicalMemory; mm: AddressSpace } {
  const memory = new PhysicalMemory();
  const mm = new AddressSpace(memory);
  mm.map(BASE, BASE + 0x4000, PROT_READ | PROT_WRITE, "");
  mm.map(BASE + 0x8000, BASE + 0x9000, PROT_READ, "");
  return { memory, mm };
}

describe("an address space", () => {
  test("reads back what was written, across pages", () => {
    const { mm } = space();
    fc.assert(
      fc.property(
        fc.nat(0x3000),
        fc.uint8Array({ minLength: 1, maxLength: 0x1000 }),
        (offset, bytes) => {
          expect(mm.copyOut(BASE + offset, bytes)).toBe(0);
          expect(mm.copyIn(BASE + offset, bytes.length)).toEqual(bytes);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("reads untouched memory as zero without using a frame", () => {
    const { memory, mm } = space();
    expect(mm.copyIn(BASE, 8)).toEqual(new Uint8Array(8));
    expect(memory.used).toBe(0);
  });

  test("refuses what is not mapped and writes to what is read-only", () => {
    const { mm } = space();
    expect(mm.copyIn(BASE - 1, 1)).toBe(-EFAULT);
    expect(mm.copyOut(BASE + 0x8000, Uint8Array.of(1))).toBe(-EFAULT);
    expect(mm.copyIn(BASE + 0x3fff, 2)).toBe(-EFAULT);
  });

  test("lets a debugger write read-only memory", () => {
    const { mm } = space();
    expect(mm.poke(BASE + 0x8000, Uint8Array.of(7))).toBe(0);
    expect(mm.copyIn(BASE + 0x8000, 1)).toEqual(Uint8Array.of(7));
  });

  test("shares pages with its copy until either side writes", () => {
    const { memory, mm } = space();
    mm.copyOut(BASE, Uint8Array.of(1));
    const copy = mm.clone();
    expect(memory.used).toBe(1);
    copy.copyOut(BASE, Uint8Array.of(2));
    expect(memory.used).toBe(2);
    expect(mm.copyIn(BASE, 1)).toEqual(Uint8Array.of(1));
    expect(copy.copyIn(BASE, 1)).toEqual(Uint8Array.of(2));
  });

  test("gives every frame back when it goes, with a digest that depends on contents", () => {
    const { memory, mm } = space();
    mm.copyOut(BASE, Uint8Array.of(1));
    const copy = mm.clone();
    copy.copyOut(BASE, Uint8Array.of(2));
    expect(mm.destroy()).not.toBe(copy.destroy());
    expect(memory.used).toBe(0);
  });

  test("moves its break over fresh zeroed memory, and refuses to run into another region", () => {
    const { mm } = space();
    mm.brkStart = 0x2a000;
    mm.brk = 0x2a000;
    expect(mm.setBrk(0x2b800)).toBe(0x2b800);
    expect(mm.copyIn(0x2b000, 4)).toEqual(new Uint8Array(4));
    mm.map(0x30000, 0x31000, PROT_READ, "");
    expect(mm.setBrk(0x31000)).toBe(0x2b800);
  });
});
