import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KernelOops } from "../../../src/kernel/kmem/oops.ts";
import { compileKo } from "../../../src/kernel/module/compile.ts";
import { parseKo } from "../../../src/kernel/module/ko.ts";
import { formatKo } from "../../../src/kernel/module/ko-format.ts";
import { call, finish, generator, koOf, link, makeBench } from "./fixtures.ts";

const GOOD = koOf(
  `/* a comment */
function on_exec(action, engine) { count = count + 1; return $u32(engine + 8) | 0; }
function start() { printk($str(0), 1); return helper($sym("ops")); }
function stop() { for (let i = 0; i < 3; i++) { if (i === 2) { break; } } }
let count = 0;
let pid = -1;`,
  `[__versions]
0x1234abcd printk
0x00000001 helper
[.layout]
task_struct 1248 pid@760:4 utrace_flags@904:8
[.symtab]
on_exec fn(unsigned_int,ptr<utrace_engine>)unsigned_int
start fn()int
stop fn()void
[.export]
gpl 0x0badcafe on_exec
[.init]
init=start
exit=stop
[.param]
pid int pid
[.rodata]
0 "started %d\\n"
[.data]
ops 88
+48 &on_exec
+56 8 7
+64 $str(0)
+72 &ops+8`,
);

const problemOf = (ko: string): string => {
  const result = compileKo(ko, "x.ko");
  return result.kind === "ok" ? "ok" : (result.diagnostics[0]?.message ?? "none");
};
const refusal = (text: string): string => problemOf(koOf(text));

test("the fixture itself is a good module, and its canonical form is the same module", () => {
  const parsed = parseKo(GOOD, "x.ko");
  if (parsed.kind === "bad") throw new Error("bad fixture");
  expect(problemOf(GOOD)).toBe("ok");
  const again = parseKo(formatKo(parsed.ko), "x.ko");
  expect(again).toMatchObject({ kind: "ko", ko: { ...parsed.ko, textLine: expect.any(Number) } });
});

test("a file cut off after any line gives one diagnostic", () => {
  const lines = GOOD.trimEnd().split("\n");
  for (let count = 0; count < lines.length; count++) {
    const result = parseKo(lines.slice(0, count).join("\n"), "x.ko");
    expect(result.kind === "bad" && result.diagnostics.length).toBe(1);
  }
});

test("any mutation of a good file is refused in words or is a module, never an exception", () => {
  const edit = fc.record({
    at: fc.nat(GOOD.length),
    cut: fc.nat(12),
    put: fc.string({ maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = GOOD;
      for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut);
      const result = compileKo(text, "x.ko");
      if (result.kind === "bad") expect(result.diagnostics.length).toBeGreaterThan(0);
      else expect(parseKo(formatKo(result.ko), "x.ko").kind).toBe("ko");
    }),
    { numRuns: 400 },
  );
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["try", "function f() { try { f(); } catch { } }", "'try'"],
  ["throwing", "function f() { throw 1; }", "'throw'"],
  ["async functions", "async function f() { }", "an async function"],
  ["generators", "function* f() { }", "a generator"],
  ["classes", "class A { }", "a class outside a function"],
  ["arrow functions", "function f() { return () => 1; }", "an arrow function"],
  ["regular expressions", "function f() { return /(a+)+$/; }", "a regular expression"],
  ["template literals", "function f() { return `x`; }", "a template literal"],
  ["member access", "function f(a) { return a.constructor; }", "member access"],
  ["computed access", 'function f(a) { return a["__proto__"]; }', "member access"],
  ["method calls", "function f(a) { return a.b(); }", "a call of anything but a name"],
  ["new", "function f() { return new Date(); }", "'new'"],
  ["this", "function f() { return this; }", "'this'"],
  ["strings", 'function f() { return "x"; }', "a string outside $sym()"],
  ["directives", '"use strict";', "ExpressionStatement outside a function"],
  ["object literals", "function f() { return ({ get a() { return 1; } }); }", "an object literal"],
  ["spread", "function f(a) { return f(...a); }", "spread"],
  ["labels", "function f() { a: for (;;) { break a; } }", "a label"],
  ["var", "function f() { var x = 1; }", "'var'"],
  ["BigInt", "function f() { return 1n; }", "a BigInt"],
  ["nested functions", "function f() { function g() { } }", "a function inside a function"],
  ["default values", "function f(a = process) { }", "a default value"],
  ["in", "function f(a) { return a in a; }", "'in'"],
  ["typeof", "function f(a) { return typeof a; }", "'typeof'"],
  ["comma-free void", "function f() { return void 0; }", "'void'"],
  ["division", "function f(a) { return a / 0; }", "'/' (use $div)"],
  ["import()", 'function f() { return import("fs"); }', "'import'"],
  ["new.target", "function f() { return new.target; }", "a meta property"],
  ["fractions", "function f() { return 0.5; }", "0.5 is not an integer"],
  ["infinity", "function f() { return 1e999; }", "1e999 is not an integer"],
  ["globals", "function f() { return process; }", "'process' is not defined"],
  ["arguments", "function f() { return arguments; }", "'arguments' is not defined"],
  ["undefined", "function f() { return undefined; }", "'undefined' is not defined"],
  ["the runtime's names", "function f() { return $k; }", "'$k' is not defined"],
  ["declaring $k", "function f($k) { return 1; }", "'$k' is not a name of C"],
  ["calling $k", "function f() { $k(); }", "there is no intrinsic $k"],
  ["functions as values", "function f() { return f; }", "'f' as a value"],
  ["assigning to functions", "function f() { f = 1; }", "'f' as a value"],
  ["assigning to imports", "function f() { printk = 1; }", "'printk' is not defined"],
  ["calling variables", "function f(a) { return a(); }", "'a' is a variable"],
  ["computed symbols", "function f(a) { return $sym(a); }", "$sym takes"],
  ["strings that are not there", "function f() { return $str(0); }", "[.rodata] has no string 0"],
  ["constants as targets", "const a = 1; function f() { a++; }", "'a' is constant"],
  ["code at load time", "let a = f(); function f() { for (;;) {} }", "initialiser is not constant"],
  ["two of a name", "function f() { } let g = 1; function g() { }", "'g'"],
  [
    "unicode escapes",
    "function \\u{65}val() { return \\u0070rocess; }",
    "'process' is not defined",
  ],
  ["non-ASCII names", "function é() { }", "'é' is not a name of C"],
  ["with", "function f(a) { with (a) { } }", "'with'"],
  ["delete", "function f(a) { delete a; }", "'delete'"],
  ["half a file", "function f() {", "Unexpected token"],
  [
    "deep brackets",
    `function f() { return ${"(".repeat(9000)}1${")".repeat(9000)}; }`,
    "nested too deeply",
  ],
  ["deep operators", `function f() { return ${"!".repeat(30000)}1; }`, "nested too deeply"],
  ["long sums", `function f() { return ${"1+".repeat(20000)}1; }`, "nested too deeply"],
  ["long else-ifs", `function f(a) { ${"if (a) {} else ".repeat(5000)}{} }`, "nested too deeply"],
];

test.each(REFUSED)("the dialect refuses %s", (_title, text, message) => {
  expect(refusal(text)).toContain(message);
});

describe("sections that the text does not bear out", () => {
  test.each([
    ["[.init]\ninit=nobody", "[.init] names 'nobody'"],
    ["[.param]\np int nobody", "[.param] names 'nobody'"],
    ["[.symtab]\nnobody fn()int", "[.symtab] names 'nobody'"],
    ["[.data]\nf 8", "'f' is defined in [.data] and in [.text]"],
    ["[.data]\nx 8\n+4 8 1", "+4 is outside x"],
    ["[.data]\nx 8\n+0 $str(3)", "a string that [.rodata] does not have"],
    ['[.rodata]\n1 "x"', "string 0 must come here"],
    ['[.rodata]\n0 "x', "a line of [.rodata]"],
    ["[__versions]\nprintk", "a line of [__versions]"],
    ["[.symtab]\nf fn(int", "is not a function type"],
    ["[.nonsense]", "not a section"],
  ])("%s", (sections, message) => {
    expect(problemOf(koOf("function f() { }", sections))).toContain(message);
  });
});

test("names that mean something on JavaScript objects are only names", () => {
  const text = `let __proto__ = 3; let constructor = 4;
function toString(hasOwnProperty) { let valueOf = hasOwnProperty; return valueOf + __proto__ + constructor; }`;
  const object = link(makeBench(), koOf(text));
  expect(call(object, "toString", 1)).toBe(8);
  expect(problemOf(koOf("function f() { return __proto__(1); }"))).toBe("ok");
});

const oopsOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof KernelOops) return error.message;
    throw error;
  }
  return "none";
};

describe("what a module does at run time ends in an oops, in both twins", () => {
  test.each([
    [
      "an endless loop",
      "function f() { for (;;) {} }",
      /soft lockup - CPU#0 stuck for 22s! \[cat:12\]/,
    ],
    ["an endless do", "function f() { do ; while (1) }", /soft lockup/],
    ["endless recursion", "function f() { return f() + 1; }", /stack guard page was hit/],
    [
      "mutual recursion",
      "function f() { return g(); } function g() { return f(); }",
      /stack guard page/,
    ],
    [
      "a NULL pointer",
      "function f() { return $i64(16); }",
      /NULL pointer dereference at virtual address 0000000000000010/,
    ],
    [
      "a wild pointer",
      "function f() { return $u8(0x888012345678); }",
      /paging request at virtual address ffff888012345678/,
    ],
    [
      "arithmetic gone wrong",
      "function f() { let x = 9007199254740991; for (let i = 0; i < 2000; i++) { x = x * x; } return $i32(x - x); }",
      /paging request at virtual address ffffffffffffffff/,
    ],
    [
      "a call of NULL",
      "function f() { return $call(0); }",
      /NULL pointer dereference at virtual address 0000000000000000/,
    ],
    ["a call of data", 'function f() { return $call($sym("d")); }', /non-executable memory/],
    [
      "a call into the middle of a function",
      'function f() { return $call($sym("f") + 4); }',
      /paging request/,
    ],
    [
      "a write to a string",
      "function f() { return $s8($str(0), 65); }",
      /write to read-only memory/,
    ],
    ["division by zero", "function f(a) { return $div(1, a); }", /divide error/],
  ])("%s", (_title, text, message) => {
    for (const twin of ["plain", "generator"]) {
      const object = link(makeBench(), koOf(text, '[.rodata]\n0 "ro"\n[.data]\nd 8'));
      const run = (): unknown =>
        twin === "plain" ? call(object, "f") : finish(generator(object, "f"));
      expect(oopsOf(run)).toMatch(message);
    }
  });
});
