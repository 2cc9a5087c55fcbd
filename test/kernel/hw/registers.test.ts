import fc from "fast-check";
import { expect, test } from "vitest";
import { Registers } from "../../../src/kernel/hw/registers.ts";

test("a register gives back any number up to 53 bits, and any bigint of 64", () => {
  const regs = new Registers();
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (small, big) => {
        regs.set(10, small);
        expect(regs.get(10)).toBe(small === 0 ? 0 : small);
        expect(regs.getBig(10)).toBe(BigInt(small));
        regs.setBig(11, big);
        expect(regs.getBig(11)).toBe(big);
      },
    ),
  );
});

test("x0 stays zero whatever is written to it", () => {
  const regs = new Registers();
  regs.set(0, 5);
  regs.setBig(0, 5n);
  expect(regs.get(0)).toBe(0);
});
