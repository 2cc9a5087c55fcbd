import { expect, test } from "vitest";
import { COMPILER_HEADERS } from "../../../src/tracers/kbuild/c-library.ts";
import { MESSAGES } from "../../../src/tracers/kbuild/messages.ts";
import { build, COUNTER, complaints, HEADERS, kbuild, sectionOf, textOf } from "./fixture.ts";

const MODULE_WITH_NS = `${COMPILER_HEADERS["linux/module"]}
export declare function MODULE_IMPORT_NS(namespace: cstring): void;
export declare function EXPORT_SYMBOL_NS_GPL(symbol: unknown, namespace: cstring): void;
`;

test("a module becomes an object that reads like its source", async () => {
  const result = build(COUNTER, { name: "counter", file: "counter.ts" });
  expect(result.ok).toBe(true);
  if (result.ok) await expect(result.ko).toMatchFileSnapshot("fixtures/counter.ko");
});

test("the same inputs give the same bytes from another compiler", () => {
  const again = kbuild.compile({
    name: "m",
    file: "m.ts",
    source: COUNTER,
    headers: kbuild.readHeaders({ ...HEADERS }, { CONFIG_MODVERSIONS: true }),
    symvers: [],
    vermagic: "",
    builtin: true,
  });
  expect(build(COUNTER, { symvers: [], vermagic: "", builtin: true })).toEqual(again);
});

test("what a module leans on is listed for predictions", () => {
  const result = build(COUNTER);
  expect(result.ok && result.uses.fields).toEqual([
    "pt_regs.regs",
    "task_struct.comm",
    "task_struct.pid",
    "task_struct.uid",
    "utrace_engine_ops.report_death",
    "utrace_engine_ops.report_syscall_entry",
  ]);
  expect(result.ok && result.uses.inlines).toEqual([
    "IS_ERR",
    "PTR_ERR",
    "UTRACE_EVENT",
    "utrace_engine_put",
  ]);
  expect(result.ok && result.uses.callbacks[1]).toEqual({
    member: "utrace_engine_ops.report_syscall_entry",
    prototype: "fn(unsigned_int,ptr<utrace_engine>,ptr<pt_regs>)unsigned_int",
  });
});

test("members are loads and stores at baked offsets of their own width", () => {
  const source = `import { task_struct } from "linux/sched";
import { ptr, u64 } from "linux/types";
export function f(t: ptr<task_struct>): u64 {
  t.exit_code = t.pid;
  t.real_parent.utrace_flags |= 4;
  t.comm[2] = 0x41;
  return t.start_time + t.comm[1];
}`;
  expect(textOf(source)).toMatchInlineSnapshot(`
    "function f(t) {
      let __t0 = 0;
      $s32(t + 32 /* exit_code */, $i32(t + 36 /* pid */));
      (__t0 = $i64(t + 48 /* real_parent */), $s64(__t0 + 80 /* utrace_flags */, $or($i64(__t0 + 80 /* utrace_flags */), 4)));
      $s8(t + 58 /* t.comm[2] */, 0x41);
      return $i64(t + 72 /* start_time */) + $u8(t + 57 /* t.comm[1] */);
    }"
  `);
});

test("an embedded struct is its address, and adds its offset to its members", () => {
  const source = `import { list_add_tail, list_head } from "linux/list";
import { task_struct } from "linux/sched";
import { container_of, ptr } from "linux/types";
export function f(t: ptr<task_struct>, head: ptr<list_head>): ptr<task_struct> {
  list_add_tail(t.tasks, head);
  t.tasks.prev.next = null;
  return container_of<task_struct>(t.tasks.next, "tasks");
}`;
  expect(textOf(source).split("\n").slice(0, 5).join("\n")).toMatchInlineSnapshot(`
    "function f(t, head) {
      list_add_tail(t + 16 /* tasks */, head);
      $s64($i64(t + 24 /* tasks.prev */) /* next */, 0);
      return $i64(t + 16 /* tasks.next */) - 16 /* "tasks" */;
    }"
  `);
});

test("a member under a configuration option moves what comes after it", () => {
  const layouts = (config: Record<string, boolean>): unknown =>
    kbuild
      .layouts(kbuild.readHeaders(HEADERS, config))
      ["task_struct"]?.fields.slice(-2)
      .map((f) => [f.name, f.offset]);
  expect(layouts({})).toEqual([
    ["utrace_flags", 80],
    ["thread_pid", 88],
  ]);
  expect(layouts({ CONFIG_AUDIT: true })).toEqual([
    ["utrace_flags", 88],
    ["thread_pid", 96],
  ]);
});

test("a variable is a let until its address is taken", () => {
  const source = `import { list_head } from "linux/list";
import { addr, chars, cstring, int, ptr } from "linux/types";
import { utrace_engine } from "linux/utrace";
let plain: int = 1 << 3;
let counted: int = 7;
let where: ptr<int> = addr(counted);
let name: cstring = "sh";
const LIMIT = 5;
let list: list_head = { next: addr(list), prev: addr(list) };
let engine: utrace_engine = { data: addr(list.prev), flags: 0x10 | 2 };
let buffer: chars<8> = "ab";
export function f(): int { counted++; return plain + LIMIT + counted; }`;
  expect(textOf(source)).toMatchInlineSnapshot(`
    "let plain = 8;
    let where = $sym("counted");
    let name = $str(0);
    function f() {
      $s32($sym("counted"), $i32($sym("counted")) + 1 | 0);
      return (plain + 5 /* LIMIT */ | 0) + $i32($sym("counted")) | 0;
    }"
  `);
  expect(sectionOf(source, ".data")).toMatchInlineSnapshot(`
    "counted 4
    +0 4 7
    list 16
    +0 &list
    +8 &list
    engine 40
    +8 &list+8
    +16 8 18
    buffer 8
    +0 1 97
    +1 1 98"
  `);
});

test("a call through a pointer is indirect, one by name is direct, a name alone is an address", () => {
  const source = `import { utrace_engine } from "linux/utrace";
import { cast, int, ptr, voidp } from "linux/types";
function twice(n: int): int { return n * 2; }
export function f(e: ptr<utrace_engine>): int {
  const g: (n: int) => int = twice;
  e.ops.release(e.data);
  return g(1) + twice(2);
}`;
  expect(textOf(source).split("\n").slice(3).join("\n")).toMatchInlineSnapshot(`
    "function f(e) {
      const g = $sym("twice");
      $call($i64($i64(e /* ops */) + 32 /* release */), $i64(e + 8 /* data */));
      return $call(g, 1) + twice(2) | 0;
    }"
  `);
});

test("a function of the kernel's own may use the port and export what others see", () => {
  const source = `import { task_wake } from "core/port";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { task_struct } from "linux/sched";
import { int, ptr } from "linux/types";
export function wake(t: ptr<task_struct>): int { return task_wake(t); }
EXPORT_SYMBOL_GPL(wake);`;
  const portHeader = `import type { task_struct } from "linux/sched";
import { int, ptr } from "linux/types";
export declare function task_wake(t: ptr<task_struct>): int;`;
  const options = { builtin: true, portHeader, symvers: [] };
  expect(sectionOf(source, ".export", options)).toMatch(/^gpl 0x[0-9a-f]{8} wake$/);
  expect(complaints(source, { portHeader })).toContain(
    "m.ts:1:27 QS2003 'core/port' is for the kernel's own sources: a module sees exported symbols only",
  );
});

test("the headers of the fixture have nothing wrong", () => {
  expect(kbuild.checkHeaders(kbuild.readHeaders(HEADERS, { CONFIG_MODVERSIONS: true }))).toEqual(
    [],
  );
});

test("every message has a number of its own", () => {
  const codes = Object.values(MESSAGES).map(([code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test("a symbol of a namespace is for modules that import it", () => {
  const source = (importing: string): string => `import { IS_ERR } from "linux/err";
import { MODULE_IMPORT_NS, MODULE_LICENSE } from "linux/module";
import { int } from "linux/types";
declare function helper(n: int): int;
export function f(): int { return helper(1); }
MODULE_LICENSE("GPL");
${importing}`;
  const helper = { name: "helper", crc: 7, gplOnly: false, file: "x.ts", module: "library" };
  const more = {
    headers: kbuild.readHeaders({ ...HEADERS, "linux/module": MODULE_WITH_NS }, {}),
    symvers: [{ ...helper, namespace: "INNER" }],
  };
  expect(complaints(source(""), more)).toEqual([
    "m.ts:5:35 QS2204 ERROR: modpost: module m uses symbol helper from namespace INNER, but does not import it.",
  ]);
  expect(sectionOf(source('MODULE_IMPORT_NS("INNER");'), ".modinfo", more)).toBe(
    "name=m\nlicense=GPL\nimport_ns=INNER\ndepends=library\nvermagic=2.6.32-quicksand",
  );
});

test("EXPORT_SYMBOL_NS puts a symbol into a namespace", () => {
  const source = `import { EXPORT_SYMBOL_NS_GPL } from "linux/module";
import { int } from "linux/types";
export function f(n: int): int { return n; }
EXPORT_SYMBOL_NS_GPL(f, "INNER");`;
  const headers = kbuild.readHeaders({ ...HEADERS, "linux/module": MODULE_WITH_NS }, {});
  expect(sectionOf(source, ".export", { headers })).toMatch(/^gpl 0x[0-9a-f]{8} f INNER$/);
});
