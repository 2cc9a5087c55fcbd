import { describe, expect, test } from "vitest";
import { EXIT_BREAKPOINT, EXIT_FAULT, EXIT_ILLEGAL } from "../../../../src/kernel/hw/hart/codes.ts";
import { BareHart } from "../../../support/bare-hart.ts";
import { buildElf } from "../../../support/elf-builder.ts";

const CODE = 0x10000;

/** A hart with these words at CODE, writable too, and a second page after it when asked for. */
function hartWith(words: readonly number[], at = CODE, flags = 7): BareHart {
  const bytes = new Uint8Array(new Int32Array(words).buffer);
  return new BareHart(buildElf(at, [{ vaddr: at, bytes, flags }]));
}

const ECALL = 0x73;
/** addi a0, zero, n; addi a7, zero, 93 */
const li = (d: number, n: number): number => 0x13 | (d << 7) | (n << 20);

describe("a hart", () => {
  test("stops at the instruction that faults, with the address, and nothing of it done", () => {
    const bare = hartWith([li(10, 5), 0x00053503 /* ld a0, 0(a0) */, ECALL]);
    const run = bare.run();
    expect([run.exit, run.pc, run.executed]).toEqual([EXIT_FAULT, CODE + 4, 1]);
    expect(bare.hart.faultAddress).toBe(5);
    expect(bare.context.regs.get(10)).toBe(5);
  });

  test("names the next page when an instruction's second half is not mapped", () => {
    const bare = hartWith([0x00010001, 0x00130001], CODE + 0xff8);
    const run = bare.run();
    expect([run.exit, run.pc]).toEqual([EXIT_FAULT, CODE + 0xffe]);
    expect(bare.hart.faultAddress).toBe(CODE + 0x1000);
  });

  test("stops at an illegal instruction and at a breakpoint", () => {
    expect(hartWith([li(1, 1), 0]).run()).toMatchObject({ exit: EXIT_ILLEGAL, pc: CODE + 4 });
    expect(hartWith([li(1, 1), 0x100073]).run()).toMatchObject({
      exit: EXIT_BREAKPOINT,
      pc: CODE + 4,
    });
  });

  test("executes what a store put in its way, in its own block", () => {
    // auipc t0, 0; lw t1, 20(t0); sw t1, 12(t0); li a0, 1 (overwritten by li a0, 2); ...
    const words = [0x297, 0x0142a303, 0x0062a623, li(10, 1), 0x00000013, li(10, 2)];
    const run = hartWith([...words, li(17, 93), ECALL]);
    run.run(4);
    expect(run.context.regs.get(10)).toBe(2);
    const patched = hartWith([...words.slice(0, 4), li(17, 93), li(10, 2), ECALL]);
    patched.run(5);
    expect(patched.context.regs.get(17)).toBe(93);
  });

  test("sees code that somebody else wrote after it was decoded", () => {
    const bare = hartWith([li(10, 1), 0xffdff06f /* j -4 */]);
    bare.run(1000, 1000);
    bare.mm.poke(CODE, new Uint8Array(new Int32Array([li(10, 2)]).buffer));
    bare.run(10, 10);
    expect(bare.context.regs.get(10)).toBe(2);
  });

  test("executes exactly its budget, wherever that ends", () => {
    const bare = hartWith([li(10, 1), 0x00150513 /* addi a0, a0, 1 */, 0xffdff06f]);
    for (const [budget, a0] of [
      [1, 1],
      [1, 2],
      [1, 2],
      [1, 3],
      [100, 53],
    ] as const) {
      bare.run(budget, 1);
      expect(bare.context.regs.get(10)).toBe(a0);
    }
  });
});
