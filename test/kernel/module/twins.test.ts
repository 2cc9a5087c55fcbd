import fc from "fast-check";
import { expect, test } from "vitest";
import { Arithmetic } from "../../../src/kernel/module/arithmetic.ts";
import {
  type Bench,
  call,
  exportCode,
  finish,
  generator,
  koOf,
  link,
  makeBench,
} from "./fixtures.ts";

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

function quietBench(): Bench {
  const bench = makeBench();
  exportCode(bench, "printk", { plain: () => 0 });
  return bench;
}

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
  const object = link(quietBench(), COUNTER);
  expect(call(object, "double", 2 ** 32 + 3)).toBe(6);
  expect(call(object, "double")).toBe(0);
});

test("a generator twin yields at a loop head when the scheduler wants the processor", () => {
  const bench = quietBench();
  const object = link(bench, COUNTER);
  bench.runtime.countdown = 4;
  const run = generator(object, "loop", 10);
  expect(run.next()).toEqual({ done: false, value: bench.runtime.preemption });
  bench.runtime.countdown = Number.POSITIVE_INFINITY;
  expect(finish(run)).toEqual({ ret: 90, yields: 0 });
});

test("an indirect call takes the plain twin while preemption is off, else the generator", () => {
  const bench = quietBench();
  const object = link(bench, COUNTER);
  const seen: string[] = [];
  const { address } = bench.text.add("target", "other", {
    plain: (x) => {
      seen.push("plain");
      return x as number;
    },
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

test("locals may shadow imports, and hidden names keep their values", () => {
  const object = link(
    makeBench(),
    koOf(
      "function f(n) { let x = 1; { let x = n; x++; } for (let x = 5; x < 6; x++) {} return x; }",
    ),
  );
  expect(call(object, "f", 9)).toBe(1);
});

test("a variable in a switch that no case has initialised is 0, not an error of the host", () => {
  const object = link(
    makeBench(),
    koOf(
      "function f(n) { switch (n) { case 0: let y = 7; return y; default: y = y + 1; return y; } }",
    ),
  );
  expect([call(object, "f", 0), call(object, "f", 3)]).toEqual([7, 1]);
});

test("truth values are numbers", () => {
  const object = link(makeBench(), koOf("function f(a, b) { return !a + (a < b) + (true && 3); }"));
  expect(call(object, "f", 0, 1)).toBe(5);
});

test("arguments of a call that may block are evaluated once", () => {
  const bench = makeBench();
  exportCode(bench, "add", { plain: (a, b) => (a as number) * 10 + (b as number) });
  const object = link(bench, koOf("let n = 0; function f() { return add(n = n + 1, n = n + 1); }"));
  expect(finish(generator(object, "f")).ret).toBe(12);
});

test("64-bit operations agree with BigInt wherever the result is exact", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat(63), (a, b, n) => {
      const unit = new Arithmetic();
      const exact = (value: bigint, got: number): void => {
        if (value > -(2n ** 53n) && value < 2n ** 53n) expect(BigInt(got)).toBe(value);
      };
      const [x, y] = [BigInt(a), BigInt(b)];
      exact(x & y, unit.and(a, b));
      exact(x | y, unit.or(a, b));
      exact(x ^ y, unit.xor(a, b));
      exact(~x, unit.not(a));
      exact(BigInt.asIntN(64, x << BigInt(n)), unit.shl(a, n));
      exact(x >> BigInt(n), unit.shr(a, n));
      if (b !== 0) exact(x / y, unit.div(a, b));
      if (b !== 0) exact(x % y, unit.mod(a, b));
    }),
  );
  expect(() => new Arithmetic().div(1, 0)).toThrow(/divide error/);
});
