import fc from "fast-check";
import { expect, test } from "vitest";
import { receiversOf, receiving } from "../../../src/kernel/port/receive.ts";

const seen = (proto: string, ...args: number[]): number[] => {
  const values: number[] = [];
  receiving(receiversOf(proto), (...each) => values.push(...each))(...args);
  return values;
};

test("registers are read by the row's prototype", () => {
  expect(seen("f(a: int, b: unsigned_int, c: u64): int", 2 ** 31, -1, -8)).toEqual([
    -(2 ** 31),
    2 ** 32 - 1,
    -8,
  ]);
});

test("what nobody passed is 0, what is too much is dropped", () => {
  expect(seen("f(a: voidp, b: int): void")).toEqual([0, 0]);
  expect(seen("f(): void", 1, 2)).toEqual([]);
  expect(seen("f(fmt: cstring, ...args: varargs): int", 5, 6, Number.NaN)).toEqual([5, 6, 0]);
  expect(seen("f(a: int, b: int, c: int, d: fn): int", 1)).toEqual([1, 0, 0, 0]);
});

test("every row gets integers, whatever a module passes", () => {
  const type = fc.constantFrom("int", "unsigned_int", "voidp", "size_t", "ptr<task_struct>");
  fc.assert(
    fc.property(fc.array(type, { maxLength: 5 }), fc.array(fc.double()), (types, args) => {
      const proto = `f(${types.map((each, i) => `a${i}: ${each}`).join(", ")}): int`;
      const values = seen(proto, ...args);
      expect(values).toHaveLength(types.length);
      expect(values.every(Number.isInteger)).toBe(true);
    }),
  );
});
