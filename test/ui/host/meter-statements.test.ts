import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { expect, test } from "vitest";
import { meterStatements } from "../../../src/ui/host/meter-statements.ts";

const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;

/** Runs a text, metered; its value, and the places that were passed. */
function run(source: string): { readonly value: unknown; readonly places: readonly string[] } {
  const places: string[] = [];
  const $at = (line: number, column: number): void => void places.push(`${line}:${column}`);
  const js = ts.transpileModule(meterStatements(ts, "a.ts", source), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  }).outputText;
  const value = new Function("$at", js)($at) as unknown;
  return { value, places };
}

test("each statement is passed at its own place, each time round", () => {
  const source =
    "let n = 0;\nfor (let i = 0; i < 2; i++) n += i;\nif (n) n++; else n--;\nreturn n;";
  expect(run(source)).toEqual({
    value: 2,
    places: ["1:1", "2:1", "2:29", "2:29", "3:1", "3:8", "4:1"],
  });
});

test.each([
  ["empty bodies", "for (let i = 0; i < 3; i++);\nwhile (false) {}\nreturn 1;", 1],
  ["do and labels", "let n = 0;\na: for (;;) { do n++; while (n < 4); break a }\nreturn n;", 4],
  ["else if without blocks", "const x = 2;if(x===1)return 1;else if(x===2)return 5;return 3", 5],
  ["lines without semicolons", "let a = 1\nlet b = a\n++b\nreturn a + b", 3],
  ["arrows in arrows", "const f = (a: number) => (b: number) => a + b\nreturn f(1)(2)", 3],
  ["an arrow that answers an object", "const f = () => ({ a: 7 });\nreturn f().a;", 7],
  ["an arrow that ends a branch", "let f = () => 1; if (f) f = () => 2\nreturn f()", 2],
  ["switch", "switch (3 as number) { case 1: return 1; default: { return 9; } }", 9],
  ["generators", "function* g() { yield 1; yield* [2, 3] }\nreturn [...g()].length;", 3],
  [
    "classes",
    "class A { #n = 1; static s = 2; get n() { return this.#n + A.s } }\nreturn new A().n",
    3,
  ],
  ["try", "try { throw 1 } catch { return 4 } finally { }", 4],
  ["default values", "function f(a = () => 5) { return a() }\nreturn f()", 5],
  [
    "overloads and types",
    "type T = number;\nfunction f(a: T): T;\nfunction f(a: T) { return a }\nreturn f(6)",
    6,
  ],
  [
    "for of with one statement",
    "let s = 0; for (const x of [1, 2]) if (x > 1) s += x; return s",
    2,
  ],
])("marks change nothing about %s", (_title, source, value) => {
  expect(run(source).value).toBe(value);
});

test("no line moves", () => {
  const source = "const f = () =>\n  1;\nif (f()) f(); else\n  f();\nfor (;;) break;\n";
  expect(meterStatements(ts, "a.ts", source).split("\n")).toHaveLength(source.split("\n").length);
});
