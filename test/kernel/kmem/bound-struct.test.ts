import { expect, test } from "vitest";
import { Kmem } from "../../../src/kernel/kmem/kmem.ts";
import type { CType, Field, Layouts } from "../../../src/kernel/kmem/layout.ts";
import { KernelOops } from "../../../src/kernel/kmem/oops.ts";

const INT: CType = { kind: "int", name: "int", size: 4, signed: true };
const LONG: CType = { kind: "int", name: "long", size: 8, signed: true };
const CHAR: CType = { kind: "int", name: "char", size: 1, signed: false };
const TASK_POINTER: CType = { kind: "ptr", to: { kind: "struct", name: "task_struct" } };
const field = (name: string, offset: number, size: number, type: CType): Field => ({
  name,
  offset,
  size,
  type,
});

const LAYOUTS: Layouts = {
  cred: {
    name: "cred",
    size: 8,
    align: 4,
    fields: [field("uid", 0, 4, INT), field("gid", 4, 4, INT)],
  },
  task_struct: {
    name: "task_struct",
    size: 96,
    align: 8,
    fields: [
      field("state", 0, 8, LONG),
      field("pid", 8, 4, INT),
      field("tgid", 12, 4, INT),
      field("comm", 16, 16, { kind: "array", of: CHAR, length: 16 }),
      field("parent", 32, 8, TASK_POINTER),
      field("cred", 40, 8, { kind: "struct", name: "cred" }),
      field("args", 48, 16, { kind: "array", of: LONG, length: 2 }),
      field("utrace", 64, 8, LONG),
    ],
  },
};

interface FakeTask {
  pid: number;
  tgid: number;
  comm: string;
  parent: FakeTask | undefined;
  uid: number;
  args: number[];
}

const makeTask = (pid: number, parent?: FakeTask): FakeTask => ({
  pid,
  tgid: pid,
  comm: `task${pid}`,
  parent,
  uid: 1000,
  args: [7, 8],
});

function makeMemory(): Kmem {
  const mem = new Kmem(LAYOUTS);
  const problems = mem.bindStruct<FakeTask>("task_struct", {
    pid: (task) => task.pid,
    tgid: {
      get: (task) => task.tgid,
      set: (task, value: number) => {
        task.tgid = value;
        return value > 0;
      },
    },
    comm: {
      get: (task) => task.comm,
      set: (task, text: string) => {
        task.comm = text;
        return true;
      },
    },
    parent: {
      get: (task) => task.parent,
      set: (task, value: number) => {
        const parent = mem.peekObject("task_struct", value);
        task.parent = parent as FakeTask | undefined;
        return parent !== undefined;
      },
    },
    "cred.uid": (task) => task.uid,
    args: (task, index) => task.args[index],
  });
  expect(problems).toEqual([]);
  return mem;
}

const oopsOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof KernelOops) return error.message;
    throw error;
  }
  return "none";
};

test("fields show the core's state, pointers included, in the running layout", () => {
  const mem = makeMemory();
  const child = makeTask(12, makeTask(1));
  const address = mem.addressOf("task_struct", child);
  child.pid = 13;
  expect(mem.i32(address + 8)).toBe(13);
  expect(mem.readCString(address + 16)).toBe("task12");
  expect(mem.i32(mem.i64(address + 32) + 8)).toBe(1);
  expect(mem.i64(mem.i64(address + 32) + 32)).toBe(0);
  expect([mem.i32(address + 40), mem.i64(address + 48), mem.i64(address + 56)]).toEqual([
    1000, 7, 8,
  ]);
  expect(mem.addressOf("task_struct", child)).toBe(address);
  expect(mem.objectAt("task_struct", address)).toBe(child);
});

test("fields that nobody bound are memory of the object", () => {
  const mem = makeMemory();
  const address = mem.addressOf("task_struct", makeTask(1));
  mem.store64(address + 64, 99);
  expect([mem.i64(address + 64), mem.i64(address)]).toEqual([99, 0]);
});

test("a module with another layout reads whatever bytes are there", () => {
  const mem = makeMemory();
  const address = mem.addressOf("task_struct", { ...makeTask(0x11223344), tgid: 0x55667788 });
  expect(mem.i64(address + 8)).toBe(0x55667788 * 2 ** 32 + 0x11223344);
  expect(mem.u16(address + 10)).toBe(0x1122);
  expect(mem.u32(address + 10)).toBe(0x77881122);
  expect(mem.u8(address + 17)).toBe("a".charCodeAt(0));
  expect(mem.i64(address + 4)).toBe(0x11223344 * 2 ** 32);
});

test("a store reaches the core through the setter, also one field at a time", () => {
  const mem = makeMemory();
  const task = makeTask(5);
  const address = mem.addressOf("task_struct", task);
  mem.store32(address + 12, 6);
  expect(task.tgid).toBe(6);
  mem.writeCString(address + 16, "new", 16);
  expect(task.comm).toBe("new");
  mem.checkPoison(task);
});

test("a store that the core cannot take poisons the field until it makes sense again", () => {
  const mem = makeMemory();
  const task = makeTask(5, makeTask(1));
  const address = mem.addressOf("task_struct", task);
  const parent = mem.i64(address + 32);
  mem.store64(address + 32, 0x10);
  expect(mem.i64(address + 32)).toBe(0x10);
  expect(oopsOf(() => mem.checkPoison(task))).toBe(
    "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010",
  );
  mem.store64(address + 32, parent);
  mem.checkPoison(task);
  mem.store32(address + 8, 5);
  mem.checkPoison(task);
  mem.store32(address + 8, 4);
  expect(oopsOf(() => mem.checkPoison(task))).toMatch(/task_struct\.pid .* was overwritten with 4/);
});

test("a released object is freed memory, and its core object can be shown anew elsewhere", () => {
  const mem = makeMemory();
  const task = makeTask(5);
  const address = mem.addressOf("task_struct", task);
  mem.release(task, "put_task_struct");
  expect(oopsOf(() => mem.i32(address + 8))).toBe("BUG: KASAN: slab-use-after-free");
  expect(oopsOf(() => mem.objectAt("task_struct", address))).toBe(
    "BUG: KASAN: slab-use-after-free",
  );
  expect(mem.peekObject("task_struct", address)).toBe(undefined);
});

test("an address that is no task is no task", () => {
  const mem = makeMemory();
  const address = mem.addressOf("task_struct", makeTask(5));
  expect(oopsOf(() => mem.objectAt("task_struct", address + 8))).toMatch(/paging request/);
  expect(oopsOf(() => mem.objectAt("task_struct", 0))).toMatch(/NULL pointer/);
  expect(oopsOf(() => mem.objectAt("task_struct", mem.alloc(96, "x")))).toMatch(/paging request/);
  expect(oopsOf(() => mem.i64(address + 92))).toBe("BUG: KASAN: slab-out-of-bounds");
});

test("bindings of fields that the layout lacks are named", () => {
  const mem = new Kmem(LAYOUTS);
  expect(mem.bindStruct("task_struct", { uid: () => 0 })).toEqual([
    "struct task_struct has no field uid that can be bound",
  ]);
  expect(mem.bindStruct("nobody", {})).toEqual(["no header defines struct nobody"]);
});
