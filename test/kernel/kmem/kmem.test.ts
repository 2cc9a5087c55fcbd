import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, KMEM_BASE } from "../../../src/kernel/kmem/address.ts";
import { Kmem } from "../../../src/kernel/kmem/kmem.ts";
import { KernelOops } from "../../../src/kernel/kmem/oops.ts";
import {
  KERNEL_ALLOCATION_MAX_BYTES,
  QUARANTINE_MAX_BYTES,
} from "../../../src/kernel/lib/limits.ts";

const faultOf = (run: () => unknown): KernelOops => {
  try {
    run();
  } catch (error) {
    if (error instanceof KernelOops) return error;
    throw error;
  }
  throw new Error("no oops");
};

test("the first object is at the second line, and addresses print as on a 64-bit kernel", () => {
  expect(formatAddress(new Kmem({}).alloc(8, "first"))).toBe("ffff888000000040");
  expect(formatAddress(16)).toBe("0000000000000010");
  expect(formatAddress(-1)).toBe("ffffffffffffffff");
  expect(formatAddress(Number.NaN)).toBe("ffffffffffffffff");
});

test("what is stored is loaded, at every width, sign and alignment", () => {
  const mem = new Kmem({});
  const base = mem.alloc(256, "test", 0);
  fc.assert(
    fc.property(fc.nat(240), fc.maxSafeInteger(), (at, value) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, BigInt(value), true);
      const address = base + at;
      mem.store64(address, value);
      expect(mem.i64(address)).toBe(value);
      expect(mem.i32(address)).toBe(view.getInt32(0, true));
      expect(mem.u32(address + 4)).toBe(view.getUint32(4, true));
      expect(mem.i16(address + 1)).toBe(view.getInt16(1, true));
      expect(mem.u16(address + 2)).toBe(view.getUint16(2, true));
      expect(mem.i8(address + 3)).toBe(view.getInt8(3));
      expect(mem.u8(address + 7)).toBe(view.getUint8(7));
      mem.store16(address + 3, value);
      mem.store8(address, value);
      mem.store32(address + 2, value);
      expect(mem.i32(address + 2)).toBe(value | 0);
    }),
  );
});

test("freed memory remembers who freed it", () => {
  const mem = new Kmem({});
  const address = mem.alloc(40, "utrace_attach");
  mem.free(address, "utrace_release");
  const oops = faultOf(() => mem.i64(address + 8));
  expect(oops.headline("report_exec+0x0/0x40 [counter]")).toBe(
    "BUG: KASAN: slab-use-after-free in report_exec+0x0/0x40 [counter]",
  );
  expect(oops.details).toEqual([
    "Read of size 8 at addr ffff888000000048",
    "The buggy address belongs to the 40-byte object at ffff888000000040 (utrace_attach)",
    "Freed by utrace_release",
  ]);
  expect(faultOf(() => mem.store8(address, 1)).kind).toBe("use-after-free");
  expect(faultOf(() => mem.free(address, "again")).kind).toBe("double-free");
});

test.each([
  [40, 40, 1],
  [40, 36, 8],
  [40, 63, 1],
  [64, 64, 1],
  [64, 60, 8],
  [100, 100, 4],
  [100, 127, 1],
  [100, 128, 1],
])("an access past the end of %i bytes, at +%i of %i, is out of bounds", (size, at, width) => {
  const mem = new Kmem({});
  const address = mem.alloc(size, "x");
  mem.alloc(64, "neighbour");
  const load = width === 1 ? mem.u8 : width === 4 ? mem.i32 : mem.i64;
  expect(faultOf(() => load.call(mem, address + at)).kind).toBe("out-of-bounds");
});

test.each([
  [0, "NULL pointer dereference at virtual address 0000000000000000"],
  [4095, "NULL pointer dereference at virtual address 0000000000000fff"],
  [4096, "paging request at virtual address 0000000000001000"],
  [-8, "paging request at virtual address fffffffffffffff8"],
  [KMEM_BASE, "paging request at virtual address ffff888000000000"],
  [KMEM_BASE + 2 ** 40, "paging request at virtual address ffff898000000000"],
  [Number.NaN, "paging request"],
  [Number.POSITIVE_INFINITY, "paging request"],
  [2 ** 70, "paging request"],
])("%d is no address of an object", (address, message) => {
  const mem = new Kmem({});
  mem.alloc(8, "x");
  for (const access of [mem.u8, mem.u16, mem.i32, mem.i64]) {
    expect(faultOf(() => access.call(mem, address)).message).toContain(message);
  }
  expect(faultOf(() => mem.store64(address, 1)).message).toContain(message);
});

test("kfree of NULL is nothing, of the middle of an object an oops", () => {
  const mem = new Kmem({});
  mem.free(0, "f");
  mem.free(mem.alloc(0, "empty"), "f");
  expect(faultOf(() => mem.free(mem.alloc(16, "x") + 8, "f")).kind).toBe("invalid-free");
});

test("memory comes back after quarantine, not before, and live bytes are counted", () => {
  const mem = new Kmem({});
  const first = mem.alloc(64, "x");
  mem.free(first, "f");
  const seen = new Set<number>();
  for (let bytes = 0; bytes < QUARANTINE_MAX_BYTES; bytes += 128) {
    const address = mem.alloc(64, "y");
    seen.add(address);
    mem.free(address, "f");
  }
  expect(seen.has(first)).toBe(false);
  expect(mem.alloc(64, "z")).toBe(first);
});

test("what can do without gets nothing from the reserve, however it has used the rest", () => {
  const mem = new Kmem({});
  const fill = (size: number): number[] => {
    const got: number[] = [];
    while (mem.hasRoom(size)) got.push(mem.alloc(size, "hoard"));
    return got;
  };
  // Many small ones take up more than they have bytes.
  const small = fill(1);
  expect(small).not.toContain(0);
  expect(small.length * 128).toBeLessThanOrEqual(KERNEL_ALLOCATION_MAX_BYTES);
  // Freed lines serve only objects of their size.
  for (const address of small) mem.free(address, "f");
  for (let size = 65; size < 2000; size += 64)
    for (const address of fill(size)) mem.free(address, "f");
  expect(mem.hasRoom(2000)).toBe(false);
  expect(mem.alloc(2000, "the core's own")).not.toBe(0);
  expect([mem.hasRoom(2 ** 40), mem.hasRoom(Number.NaN)]).toEqual([false, false]);
});

test("an allocation that cannot be had is 0", () => {
  const mem = new Kmem({});
  for (const size of [-1, Number.NaN, 2 ** 40]) expect(mem.alloc(size, "x")).toBe(0);
  let count = 0;
  while (mem.alloc(4 * 1024 * 1024, "hoard") !== 0) count++;
  expect(count).toBe(31);
});

test("C strings are cut to their buffer and read up to their NUL", () => {
  const mem = new Kmem({});
  const address = mem.alloc(8, "comm", 1);
  expect(mem.writeCString(address, "a long name", 8)).toBe(7);
  expect(mem.readCString(address)).toBe("a long ");
  expect(mem.readCString(address, 3)).toBe("a l");
  mem.store8(address + 7, 65);
  expect(faultOf(() => mem.readCString(address)).kind).toBe("out-of-bounds");
});

test("random work on the heap never confuses two objects", () => {
  const step = fc.record({
    free: fc.boolean(),
    size: fc.integer({ min: 1, max: 300 }),
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const mem = new Kmem({});
      const live: { address: number; size: number; mark: number }[] = [];
      steps.forEach(({ free, size, pick }, mark) => {
        const victim = live[pick % Math.max(1, live.length)];
        if (free && victim !== undefined) {
          live.splice(live.indexOf(victim), 1);
          mem.free(victim.address, "f");
        } else {
          const address = mem.alloc(size, "x", mark & 255);
          live.push({ address, size, mark });
        }
      });
      for (const { address, size, mark } of live) {
        expect(mem.readBytes(address, size).every((byte) => byte === (mark & 255))).toBe(true);
      }
    }),
  );
});

test("bulk copies stay in one object, and sizes are unsigned", () => {
  const mem = new Kmem({});
  const address = mem.alloc(16, "x", 0);
  mem.alloc(16, "neighbour", 0);
  mem.fillBytes(address, 7, 16);
  mem.writeBytes(address + 4, [1, 2]);
  expect([...mem.readBytes(address, 7)]).toEqual([7, 7, 7, 7, 1, 2, 7]);
  expect(mem.readBytes(0, 0)).toHaveLength(0);
  for (const size of [17, 200, -1, 2 ** 53]) {
    expect(faultOf(() => mem.readBytes(address, size)).kind).toBe("out-of-bounds");
    expect(faultOf(() => mem.fillBytes(address, 0, size)).kind).toBe("out-of-bounds");
    expect(faultOf(() => mem.checkRange(address, size)).kind).toBe("out-of-bounds");
  }
  expect(faultOf(() => mem.readBytes(8, 4)).kind).toBe("null");
});

test("long work on memory is charged to the meter", () => {
  const mem = new Kmem({});
  mem.meter = { fuel: 1000 };
  mem.free(mem.alloc(6400, "x"), "f");
  expect(mem.meter.fuel).toBe(800);
});
