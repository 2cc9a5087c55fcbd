import { expect, test } from "vitest";
import { build, complaints, HEADERS, kbuild } from "./fixture.ts";

const inFunction = (statement: string): string =>
  `import { int, likely } from "linux/types";\nexport function f(n: int): int {\n  ${statement}\n  return n;\n}`;

test.each([
  ["try { n = 1; } catch { n = 2; }", "m.ts:3:3 QS2001 try statements do not exist in C"],
  ["throw n;", "m.ts:3:3 QS2001 throw statements do not exist in C"],
  ["for (const x of n) {}", "QS2001 for...of loops do not exist in C"],
  ["const g = (x: int): int => x;", "QS2001 arrow functions do not exist in C"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the module's source, not ours
  ["n = `${n}`;", "QS2001 template strings do not exist in C"],
  ["n = /(a+)+$/;", "QS2001 regular expressions do not exist in C"],
  ["n = 1.5;", "QS2001 floating-point numbers (in a kernel) do not exist in C"],
  ["n = n ** 2;", "QS2001 '**' operators do not exist in C"],
  ["n = n ?? 2;", "QS2001 '\u003f\u003f' operators do not exist in C"],
  ["var x = 1;", "QS2001 'var' declarations (write let) do not exist in C"],
  ["n = n as int;", "QS2013 'as' does not exist in C: write cast<T>(value)"],
  ["n = undefined;", "QS2001 undefined values (write NULL or 0) do not exist in C"],
  ["let x: any = 1;", "QS2004 'any' is not a C type"],
  ["let x: number = 1;", "QS2004 'number' is not a C type"],
  ["let x: number | string = 1;", "QS2004 'number | string' is not a C type"],
  ["let x;", "QS2005 'x' needs a type"],
  ["const x = null;", "QS2005 'x' needs a type"],
  ["n = Date.now();", "TS2304 Cannot find name 'Date'."],
  ["console.log(n);", "TS2304 Cannot find name 'console'."],
  ["n = process.pid;", "TS2304 Cannot find name 'process'."],
  ["n = new Map();", "TS2304 Cannot find name 'Map'."],
  ["eval('1');", "TS2304 Cannot find name 'eval'."],
  ["n = globalThis.x;", "TS7017"],
  ["n = globalThis;", "QS2130 'globalThis' undeclared"],
  ["let x: Array<int> = 1;", "QS2004 'Array<int>' is not a C type"],
  ["n.constructor;", "TS2339"],
  ["n = likely;", "QS2126 'likely' is a macro with arguments"],
  ["n = 0x7fffffffffffffff;", "QS2015"],
])("in a function, %s is refused", (statement, complaint) => {
  expect(complaints(inFunction(statement)).join("\n")).toContain(complaint);
});

test.each([
  ["class A {}", "QS2001 classes do not exist in C"],
  ["import { printk } from 'linux/kernel';\nprintk('x');", "m.ts:2:1 QS2007"],
  ["export async function f(): void {}", "QS2001 async functions do not exist in C"],
  ["export function* f(): void {}", "QS2001 generator functions do not exist in C"],
  ["export function f() {}", "QS2005 'f' needs a type: a function says what it returns"],
  [
    "import { x } from './other';",
    "m.ts:1:19 QS2002 './other' is neither a header nor a source of this module",
  ],
  ["import * as all from 'linux/sched';", "QS2001 imports other than"],
  ["namespace a { }", "QS2001 namespaces do not exist in C"],
  ["export default 1;", "QS2001 default exports do not exist in C"],
  ["let x: int = y(;", "TS1005"],
])("at file scope, %s is refused", (source, complaint) => {
  expect(complaints(source).join("\n")).toContain(complaint);
});

test("NOKPROBE_SYMBOL wants a function", () => {
  const header = "export declare function NOKPROBE_SYMBOL(fn: unknown): void;\n";
  const headers = kbuild.readHeaders({ ...HEADERS, "asm-generic/kprobes": header }, {});
  const source = `import { NOKPROBE_SYMBOL } from "asm-generic/kprobes";
import { int } from "linux/types";
let n: int = 0;
NOKPROBE_SYMBOL(n);
`;
  expect(complaints(source, { headers })).toEqual([
    "m.ts:4:17 QS2203 NOKPROBE_SYMBOL wants a function",
  ]);
});

test("a name that moved to another header is said to be there", () => {
  const result = build('import { IS_ERR } from "linux/kernel";\n');
  expect(result.ok ? [] : result.diagnostics).toEqual([
    {
      code: "TS2305",
      message: "Module '\"linux/kernel\"' has no exported member 'IS_ERR'.",
      file: "m.ts",
      line: 1,
      column: 10,
      hint: "'IS_ERR' is declared in \"linux/err\"",
    },
  ]);
});

test("a refusal in TypeScript's words carries C's reason as a hint", () => {
  const result = build(
    'import { get_current } from "linux/sched";\nimport { int } from "linux/types";\nexport function f(): int { return get_current(); }\n',
  );
  expect(result.ok ? "" : result.diagnostics[0]?.hint).toBe(
    "in C: return makes integer from pointer without a cast ('int' from 'struct task_struct *')",
  );
});

test("a symbol that no one exports is modpost's to refuse", () => {
  const source =
    'import { printk } from "linux/kernel";\nexport function f(): void { printk("x"); }\n';
  expect(complaints(source, { symvers: [] })).toEqual([
    'm.ts:2:29 QS2201 ERROR: modpost: "printk" [m.ko] undefined!',
  ]);
});

test("a header inline that calls what is not exported fails at its own line", () => {
  const source =
    'import { utrace_engine, utrace_engine_put } from "linux/utrace";\nimport { ptr } from "linux/types";\nexport function f(e: ptr<utrace_engine>): void { utrace_engine_put(e); }\n';
  expect(complaints(source, { symvers: [] })).toEqual([
    'include/linux/utrace.ts:71:3 QS2201 ERROR: modpost: "__utrace_engine_release" [m.ko] undefined!',
  ]);
});

test("a GPL-only symbol is for modules that say GPL", () => {
  const source = (license: string): string =>
    `import { MODULE_LICENSE } from "linux/module";\nimport { utrace_engine, utrace_engine_put } from "linux/utrace";\nimport { ptr } from "linux/types";\nexport function f(e: ptr<utrace_engine>): void { utrace_engine_put(e); }\nMODULE_LICENSE("${license}");`;
  expect(complaints(source("Proprietary")).join()).toContain(
    "QS2202 ERROR: modpost: GPL-incompatible module m.ko uses GPL-only symbol '__utrace_engine_release'",
  );
  expect(complaints(source("Dual BSD/GPL"))).toEqual([]);
});

test("a struct that is only announced has no members, though some header defines it", () => {
  const source =
    'import type { pid } from "linux/pid";\nimport { int, ptr } from "linux/types";\nexport function f(p: ptr<pid>): int { return p.nr; }\n';
  expect(complaints(source)).toEqual([
    "m.ts:3:48 QS2115 invalid use of undefined type 'struct pid': m.ts has a forward declaration of it; it is defined in \"linux/pid\"",
  ]);
});

test("a member that the configuration leaves out is no member", () => {
  const source =
    'import { task_struct } from "linux/sched";\nimport { ptr, voidp } from "linux/types";\nexport function f(t: ptr<task_struct>): voidp { return t.audit; }\n';
  expect(complaints(source)).toEqual([
    "m.ts:3:58 QS2118 'struct task_struct' has no member named 'audit'",
  ]);
  const headers = kbuild.readHeaders(HEADERS, { CONFIG_AUDIT: true });
  expect(complaints(source, { headers })).toEqual([]);
});

test("what is wrong in a header is said of the header", () => {
  const bad =
    'import { int, struct } from "linux/types";\nexport interface a extends struct<"b"> { self: a; n: number; }\n';
  const said = kbuild.checkHeaders(kbuild.readHeaders({ ...HEADERS, "linux/bad": bad }, {}));
  expect(said.map((d) => `${d.file}:${d.line} ${d.code}`)).toEqual([
    "include/linux/bad.ts:2 QS2304",
    "include/linux/bad.ts:2 QS2302",
    "include/linux/bad.ts:2 QS2303",
    "include/linux/bad.ts:2 QS2004",
  ]);
});

test("source that nests without end is refused, not thrown", () => {
  const source = `import { int } from "linux/types";\nexport let x: int = ${"(".repeat(50_000)}1${")".repeat(50_000)};\n`;
  expect(complaints(source).join()).toContain("QS2014");
});

const CASES = `import { int } from "linux/types";
export function f(n: int): int {
  switch (n) {
    case 1:
    case 2:
      n++;
    case 3: {
      if (n) return 1;
      else break;
    }
    case 4:
      if (n) return 2;
    default:
      n--;
  }
  return n;
}
`;

test("a case that runs on into the next is refused where the kernel is built so, and only there", () => {
  const flags = { CONFIG_CC_IMPLICIT_FALLTHROUGH: "-Wimplicit-fallthrough=5" };
  const under = (config: Readonly<Record<string, boolean | string>>): readonly string[] =>
    complaints(CASES, { headers: kbuild.readHeaders(HEADERS, config) });
  expect(under({})).toEqual([]);
  expect(under(flags)).toEqual([]);
  const may = "QS2131 this statement may fall through [-Werror=implicit-fallthrough=]";
  expect(under({ ...flags, CONFIG_WERROR: true })).toEqual([`m.ts:6:7 ${may}`, `m.ts:12:7 ${may}`]);
});
