import { expect, test } from "vitest";
import type { LinkedObject } from "../../../src/kernel/module/link.ts";
import { createEvaluator } from "../../../src/ui/host/evaluate.ts";
import { build, HEADERS, kbuild } from "../../tracers/kbuild/fixture.ts";
import { type Bench, call, exportCode, finish, generator, link, makeBench } from "./fixtures.ts";

const SOURCE = `
import { printk } from "linux/kernel";
import { MODULE_LICENSE, module_init } from "linux/module";
import { get_current, task_struct } from "linux/sched";
import { addr, bool, cast, deref, int, long, ptr, s8, store, u8, u32, u64, unsigned_long, voidp } from "linux/types";
import { pt_regs } from "asm/ptrace";
import { UTRACE_RESUME, utrace_engine, utrace_engine_ops } from "linux/utrace";

let count: u32 = 0;
let flags: unsigned_long = 0;

function on_entry(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 {
  count += action;
  flags |= 1 << 3;
  if (regs.regs[16] == 172) printk("pid %d\\n", get_current().pid);
  return UTRACE_RESUME;
}
const ops: utrace_engine_ops = { report_syscall_entry: on_entry };

function wrap(a: int, b: int): int { return a + b; }
function unsigned_wrap(a: u32): u32 { return a * 3 - 1; }
function narrow(a: int): s8 { return a; }
function widen(a: u8): long { return -a; }
function divide(a: int, b: int): int { return a / b + a % b; }
function is_odd(a: int): bool { return a & 1; }
function counted(): u32 { return count; }
function rename(task: ptr<task_struct>): pid_type { return task.pid++; }
function sum(n: int): u64 { let s: u64 = 0; for (let i: int = 0; i < n; i++) { if (i == 3) continue; s += i; } return s; }
function init(): int { return wrap(2, 3) - 5; }
module_init(init);
MODULE_LICENSE("GPL");
`.replace("pid_type", "int");

function load(bench: Bench): LinkedObject {
  const built = build(SOURCE, { name: "counter" });
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 1));
  return link(bench, built.ko);
}

const LAYOUTS = kbuild.layouts(kbuild.readHeaders(HEADERS, {}));

function makeKernel(): { bench: Bench; said: string[] } {
  // The real thing: modules run in a compartment.
  const bench: Bench = { ...makeBench(LAYOUTS), evaluate: createEvaluator() };
  const said: string[] = [];
  const task = { pid: 12 };
  bench.kmem.bindStruct<typeof task>("task_struct", { pid: ({ pid }) => pid });
  exportCode(bench, "get_current", { plain: () => bench.kmem.addressOf("task_struct", task) });
  exportCode(bench, "printk", {
    plain: (format, value) => {
      said.push(bench.kmem.readCString(format as number).replace("%d", String(value)));
      return 0;
    },
  });
  return { bench, said };
}

test("a module that kbuild built has C's arithmetic, in both twins", () => {
  const object = load(makeKernel().bench);
  const both = (name: string, ...args: number[]): number => {
    const plain = call(object, name, ...args);
    expect(finish(generator(object, name, ...args)).ret).toBe(plain);
    return plain;
  };
  expect(both("wrap", 2147483647, 1)).toBe(-2147483648);
  expect(both("unsigned_wrap", 0)).toBe(4294967295);
  expect(both("narrow", 200)).toBe(-56);
  expect(both("widen", 256 + 7)).toBe(-7);
  expect(both("divide", -7, 2)).toBe(-4);
  expect(both("is_odd", 4)).toBe(0);
  expect(both("sum", 5)).toBe(7);
});

test("it reads core objects through the layout it was built with", () => {
  const { bench, said } = makeKernel();
  const object = load(bench);
  const regs = bench.kmem.alloc(LAYOUTS["pt_regs"]?.size ?? 0, "regs", 0);
  bench.kmem.store64(regs + 8 + 16 * 8, 172);
  const fn = bench.text.callee(bench.kmem.i64((object.data.get("ops") ?? 0) + 8));
  expect(fn.name).toBe("on_entry");
  expect(fn.plain(2 ** 32 + 2, 0, regs)).toBe(5);
  expect(call(object, "counted")).toBe(2);
  expect(said).toEqual(["pid 12\n"]);
});
