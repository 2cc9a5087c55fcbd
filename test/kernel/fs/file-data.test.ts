/** Files that lay on the disk at boot: pages come in when they are touched. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { FileData } from "../../../src/kernel/fs/file-data.ts";
import { FileSpace } from "../../../src/kernel/fs/space.ts";
import { PAGE_SIZE, PhysicalMemory } from "../../../src/kernel/hw/memory.ts";

function fileOf(bytes: Uint8Array): { data: FileData; memory: PhysicalMemory } {
  const memory = new PhysicalMemory();
  const data = new FileData(new FileSpace(memory, () => {}));
  expect(data.replace(bytes)).toBe(0);
  return { data, memory };
}

const pattern = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i % 251);

test("a file that is only read takes no memory, and one that is mapped takes its page", () => {
  const { data, memory } = fileOf(pattern(3 * PAGE_SIZE));
  expect(data.read(10, PAGE_SIZE)).toEqual(pattern(3 * PAGE_SIZE).slice(10, PAGE_SIZE + 10));
  expect(memory.used).toBe(0);
  const frame = data.page(1, false);
  expect(memory.used).toBe(1);
  expect(memory.u8[frame * PAGE_SIZE]).toBe(PAGE_SIZE % 251);
});

test("writing to a file leaves the bytes that it was made of as they are", () => {
  const bytes = pattern(100);
  const { data } = fileOf(bytes);
  data.write(50, new Uint8Array([1, 2, 3]));
  expect(bytes).toEqual(pattern(100));
  expect([...data.read(49, 5)]).toEqual([49, 1, 2, 3, 53]);
});

test("reads, writes and cuts in any order are those of an array of bytes", () => {
  const change = fc.oneof(
    fc.record({ at: fc.nat(3 * PAGE_SIZE), bytes: fc.uint8Array({ minLength: 1 }) }),
    fc.record({ size: fc.nat(3 * PAGE_SIZE) }),
    fc.record({ page: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.nat(3 * PAGE_SIZE), fc.array(change, { maxLength: 20 }), (size, changes) => {
      let model = pattern(size);
      const { data } = fileOf(pattern(size));
      for (const each of changes) {
        if ("page" in each) data.page(each.page, false);
        else if ("size" in each) {
          data.resize(each.size);
          model = resized(model, each.size);
        } else {
          data.write(each.at, each.bytes);
          model = resized(model, Math.max(model.length, each.at + each.bytes.length));
          model.set(each.bytes, each.at);
        }
      }
      expect(data.read(0, Number.MAX_SAFE_INTEGER)).toEqual(model);
    }),
    { numRuns: 50 },
  );
});

function resized(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  all.set(bytes.subarray(0, size));
  return all;
}
