import { expect, test } from "vitest";
import { TextTable } from "../../../src/kernel/kmem/text-table.ts";

const code = { plain: () => 1 };

test("kernel and module functions have addresses of their own regions and kallsyms names", () => {
  const text = new TextTable();
  const kernel = text.add("schedule", "", code);
  const module = text.add("on_exec", "counter", code);
  expect(text.describe(kernel.address + 4)).toBe("schedule+0x4/0x40");
  expect(text.describe(module.address)).toBe("on_exec+0x0/0x40 [counter]");
  expect(text.describe(module.address + 64)).toBe("0xffffff8010000040");
  expect(text.callee(module.address)).toBe(module);
  expect(text.findByName("on_exec", "counter")).toBe(module);
  expect(text.findByName("on_exec", "")).toBe(undefined);
});

test("unloaded text is never executed and never used again", () => {
  const text = new TextTable();
  const old = text.add("on_exec", "counter", code);
  text.unmap("counter");
  expect(text.add("on_exec", "counter", code).address).not.toBe(old.address);
  expect(() => text.callee(old.address)).toThrow(
    "paging request at virtual address ffffff8010000000",
  );
  expect(() => old.plain()).toThrow("paging request");
  expect(text.find(old.address)).toBe(undefined);
});

test.each([
  [0, "NULL pointer dereference"],
  [0x888000000040, "non-executable memory at virtual address ffff888000000040"],
  [0xff8000000001, "paging request"],
  [0xff8000000040, "paging request"],
  [0.5, "NULL pointer"],
  [Number.NaN, "paging request"],
  [-1, "paging request"],
])("a call of %d is an oops", (address, message) => {
  const text = new TextTable();
  text.add("schedule", "", code);
  expect(() => text.callee(address)).toThrow(message);
});
