/** A module of several sources. */
import { expect, test } from "vitest";
import { compileKo } from "#kernel";
import type { ModuleSource } from "../../../src/tracers/kbuild/own-sources.ts";
import { build, complaints, sectionOf, textOf } from "./fixture.ts";

const TYPES = 'import { addr, int, ptr } from "linux/types";\n';

const other = (
  source: string,
  file = "table.ts",
): { readonly others: readonly ModuleSource[] } => ({
  others: [{ file, source: `${TYPES}${source}` }],
});

const MAIN = `import { MODULE_LICENSE } from "linux/module";
import { count, entry, hits, LIMIT, look_up } from "./table";
${TYPES}
const first: entry = { key: 1, value: 2 };
function sum(e: ptr<entry>): int {
  hits++;
  count(addr(hits));
  return e.value + look_up(addr(first)) + LIMIT;
}
MODULE_LICENSE("GPL");
`;

const TABLE = other(`import { struct } from "linux/types";
export interface entry extends struct<"entry"> { key: int; value: int }
export let hits: int = 3;
export const LIMIT: int = 7;
export function look_up(e: ptr<entry>): int { return e.value; }
export function count(n: ptr<int>): void { }
`);

test("functions, variables, structs and constants of one source are used in another", () => {
  expect(textOf(MAIN, TABLE)).toMatchInlineSnapshot(`
    "function sum(e) {
      $s32($sym("hits"), $i32($sym("hits")) + 1 | 0);
      count($sym("hits"));
      return ($i32(e + 4 /* value */) + look_up($sym("first")) | 0) + 7 /* LIMIT */ | 0;
    }
    function look_up(e) {
      return $i32(e + 4 /* value */);
    }
    function count(n) {
    }"
  `);
  expect(sectionOf(MAIN, ".data", TABLE)).toMatchInlineSnapshot(`
    "first 8
    +0 4 1
    +4 4 2
    hits 4
    +0 4 3"
  `);
  expect(sectionOf(MAIN, ".symtab", TABLE)).toMatchInlineSnapshot(`
    "sum fn(ptr<entry>)int
    look_up fn(ptr<entry>)int
    count fn(ptr<int>)void"
  `);
});

test("the object loads as that of one source does", () => {
  const built = build(MAIN, TABLE);
  expect(built.ok && compileKo(built.ko, "m.ko").kind).toBe("ok");
});

test("types are checked across sources, with the place in the source that is wrong", () => {
  const source = `import { look_up } from "./table";\n${TYPES}
export function f(): int { return look_up(1, 2); }
`;
  expect(complaints(source, TABLE)).toEqual(["m.ts:4:46 TS2554 Expected 1 arguments, but got 2."]);
  const wrong = TABLE.others.map((each) => ({
    ...each,
    source: each.source.replace("return e.value", "return e"),
  }));
  expect(complaints(MAIN, { others: wrong })).toEqual([
    "table.ts:6:47 TS2322 Type 'entry' is not assignable to type 'number'.",
  ]);
});

test("what a source does not export is not to be had", () => {
  const source = `import { hidden } from "./table";\nexport function f(): void { hidden(); }\n`;
  expect(complaints(source, other("function hidden(): void { }\n"))).toEqual([
    "m.ts:1:10 TS2459 Module '\"./table\"' declares 'hidden' locally, but it is not exported.",
  ]);
});

test("a struct that is only announced cannot be looked into", () => {
  const source = `import type { entry } from "./table";\n${TYPES}
export function f(e: ptr<entry>): int { return e.value; }
`;
  expect(complaints(source, TABLE).join()).toContain("QS2115 invalid use of undefined type");
});

test.each(["./nowhere", "./table.ts"])(
  "%s is no source of the module, and those are named",
  (from) => {
    const built = build(`import { x } from "${from}";\n`, TABLE);
    expect(built.ok ? [] : built.diagnostics).toMatchObject([
      { code: "QS2002", line: 1, column: 19, hint: "m is made of m.ts, table.ts" },
    ]);
  },
);

test.each(["../table", "/etc/passwd", "./../table", "./sub/table"])(
  "%s is out of the module's folder",
  (from) => {
    const built = build(`import { x } from "${from}";\n`, TABLE);
    expect(built.ok ? [] : built.diagnostics).toMatchObject([
      { code: "QS2002", hint: "an import does not leave the module's folder" },
    ]);
  },
);

test("a cycle of imports is told where it closes", () => {
  const sources = [
    { file: "b.ts", source: 'import { c } from "./c";\nexport function b(): void { c(); }\n' },
    { file: "c.ts", source: '\nimport { m } from "./m";\nexport function c(): void { m(); }\n' },
  ];
  const main = 'import { b } from "./b";\nexport function m(): void { b(); }\n';
  expect(complaints(main, { others: sources })).toEqual([
    "c.ts:2:19 QS2022 import cycle: m.ts -> b.ts -> c.ts -> m.ts",
  ]);
  expect(complaints('export { m } from "./m";\n')).toEqual(
    expect.arrayContaining(["m.ts:1:19 QS2022 import cycle: m.ts -> m.ts"]),
  );
});

test("two sources may announce each other's structs", () => {
  const main = `import type { pair } from "./table";\n${TYPES}import { struct } from "linux/types";
export interface item extends struct<"item"> { in_pair: ptr<pair> }
export function f(): void { }
`;
  const others = other(`import { item } from "./m";\nimport { struct } from "linux/types";
export interface pair extends struct<"pair"> { first: ptr<item>; second: ptr<item> }
export function g(p: ptr<pair>): ptr<pair> { return p.first.in_pair; }
`);
  expect(complaints(main, others)).toEqual([]);
});

test("a name is defined once in a module, constants excepted", () => {
  const main = `${TYPES}const MAX: int = 3;\nfunction help(): int { return MAX; }\n`;
  expect(
    complaints(main, other("const MAX: int = 4;\nfunction help(): int { return MAX; }\n")),
  ).toEqual(["table.ts:3:10 QS2132 multiple definition of 'help': 'm.ts' defines it too"]);
});

test("a header's inline and a text that two sources use are in the object once", () => {
  const use = (name: string): string =>
    `import { IS_ERR } from "linux/err";\nimport { printk } from "linux/kernel";\nimport { voidp, int } from "linux/types";
export function ${name}(p: voidp): int { printk("again\\n"); return IS_ERR(p) ? 1 : 0; }\n`;
  const more = { others: [{ file: "b.ts", source: use("b") }] };
  expect(sectionOf(use("a"), ".rodata", more)).toBe('0 "again\\n"');
  expect(sectionOf(use("a"), ".symtab", more).match(/IS_ERR/g)).toHaveLength(1);
});

test("a module has one beginning", () => {
  const init = (name: string): string =>
    `import { module_init } from "linux/module";\n${TYPES}function ${name}(): int { return 0; }\nmodule_init(${name});\n`;
  expect(complaints(init("a"), { others: [{ file: "b.ts", source: init("b") }] })).toEqual([
    "b.ts:4:1 QS2203 a module has one module_init()",
  ]);
});

test("a feature test of one source is known to all, and defined once", () => {
  const tested = `//#test HAVE_IT\nexport function conftest(): void { }\n//#endtest\n${TYPES}`;
  const main = `${TYPES}//#if HAVE_IT\nexport function yes(): void { }\n//#endif\n`;
  const more = { others: [{ file: "b.ts", source: tested }] };
  expect(sectionOf(main, ".symtab", more)).toBe("yes fn()void");
  expect(complaints(tested, more)).toEqual([
    "b.ts:1:1 QS2021 two tests 'HAVE_IT': the other is in m.ts",
  ]);
});

test("a source is listed once", () => {
  expect(complaints(TYPES, { others: [{ file: "m.ts", source: TYPES }] })).toEqual([
    "m.ts:1:1 QS2024 m.ts is listed twice",
  ]);
});

test("a source elsewhere is no part of the module", () => {
  expect(complaints(TYPES, { others: [{ file: "away/b.ts", source: TYPES }] })).toEqual([
    "away/b.ts:1:1 QS2023 away/b.ts is not in the folder of m.ts: the sources of a module lie in one",
  ]);
});
