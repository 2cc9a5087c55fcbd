import { expect, test } from "vitest";
import { call, exportCode, finish, generator, koOf, link, makeBench } from "./fixtures.ts";

const COUNTER = koOf(
  `function on_entry(action, engine, regs) {
  count = count + 1;
  return $i32(regs + 8) + $u8(regs);
}
function loop(n) { let s = 0; for (let i = 0; i < n; i++) { s = s + double(i); } return s; }
function double(x) { return x + x; }
function through(fp, x) { return $call(fp, x) + 1; }
function talk(n) { return printk($str(0), n) | 0; }
function count_is() { return count; }
let count = 0;`,
  `[__versions]
0x1234abcd printk
[.symtab]
on_entry fn(unsigned_int,ptr<utrace_engine>,ptr<pt_regs>)unsigned_int
double fn(int)int
[.rodata]
0 "counter: %d\\n"`,
);

test("both twins of a function compute the same", () => {
  const bench = makeBench();
  exportCode(bench, "printk", {
    plain: (fmt, n) => bench.kmem.readCString(fmt as number).length + (n as number),
  });
  const object = link(bench, COUNTER);
  const regs = bench.kmem.alloc(64, "regs", 0);
  bench.kmem.store32(regs + 8, -5);
  bench.kmem.store8(regs, 7);
  expect(call(object, "on_entry", 0, 0, regs)).toBe(2);
  expect(finish(generator(object, "on_entry", 0, 0, regs)).ret).toBe(2);
  expect(call(object, "count_is")).toBe(2);
  expect(call(object, "loop", 10)).toBe(90);
  expect(finish(generator(object, "loop", 10)).ret).toBe(90);
  expect(call(object, "talk", 3)).toBe(15);
  expect(finish(generator(object, "talk", 3)).ret).toBe(15);
  expect(bench.runtime.stack.depth).toBe(0);
});

test("registers are cut to the callee's own prototype, and absent ones are 0", () => {
  const object = link(makeBench(), COUNTER);
  expect(call(object, "double", 2 ** 32 + 3)).toBe(6);
  expect(call(object, "double")).toBe(0);
});

test("a generator twin yields at a loop head when the scheduler wants the processor", () => {
  const bench = makeBench();
  const object = link(bench, COUNTER);
  bench.runtime.countdown = 4;
  const run = generator(object, "loop", 10);
  expect(run.next()).toEqual({ done: false, value: bench.runtime.preemption });
  bench.runtime.countdown = Number.POSITIVE_INFINITY;
  expect(finish(run)).toEqual({ ret: 90, yields: 0 });
});

test("an indirect call takes the plain twin while preemption is off, else the generator", () => {
  const bench = makeBench();
  const object = link(bench, COUNTER);
  const seen: string[] = [];
  const { address } = bench.text.add("target", "other", {
    plain: (x) => (seen.push("plain"), x as number),
    *gen(x) {
      seen.push("gen");
      return x as number;
    },
  });
  expect(finish(generator(object, "through", address, 4)).ret).toBe(5);
  bench.runtime.preemptCount = 1;
  expect(finish(generator(object, "through", address, 4)).ret).toBe(5);
  expect(seen).toEqual(["gen", "plain"]);
  expect(bench.callbacks).toEqual(["other:target=4", "other:target=4"]);
});

test("a frame that slept while its module was unloaded dies as it goes on", () => {
  const bench = makeBench();
  exportCode(bench, "printk", {
    plain: () => 0,
    *gen() {
      yield bench.runtime.preemption;
      return 0;
    },
  });
  const object = link(bench, COUNTER);
  const run = generator(object, "talk", 1);
  run.next();
  object.unit.gone = true;
  expect(() => run.next()).toThrow(/paging request at virtual address ffffff80100/);
});
