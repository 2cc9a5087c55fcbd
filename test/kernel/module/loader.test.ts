import { expect, test } from "vitest";
import { O_TRUNC } from "../../../src/kernel/abi/fcntl.ts";
import {
  TAINT_FORCED_MODULE,
  TAINT_FORCED_RMMOD,
  TAINT_OOT_MODULE,
  TAINT_PROPRIETARY_MODULE,
} from "../../../src/kernel/lib/taint.ts";
import { koOf, makeMachine, VERMAGIC } from "./fixtures.ts";

const HELLO = koOf(
  `function hello() { printk($str(0)); return 0; }
function bye() { printk($str(1)); }
function answer(x) { return x + bias; }
let bias = 40;`,
  `[__versions]
0x1234abcd printk
[.symtab]
hello fn()int
answer fn(int)int
[.export]
gpl 0x00000042 answer
[.init]
init=hello
exit=bye
[.param]
bias int bias
[.rodata]
0 "hello"
1 "bye"`,
  "hello",
);

const USER = koOf(
  "function start() { printk($str(0)); return answer(2) - 42; }\nfunction stop() { }",
  `[__versions]
0x1234abcd printk
0x00000042 answer
[.init]
init=start
exit=stop
[.rodata]
0 "user"`,
  "user",
);

test("init runs on loading, exit on unloading, and then the text is gone", () => {
  const { load, unload, lines, loader, bench, log } = makeMachine();
  expect(load(HELLO)).toBe(0);
  const address = bench.text.findByName("answer")?.address ?? 0;
  expect(bench.text.callee(address).plain(2)).toBe(42);
  expect(loader.modules.procText()).toMatch(/^hello 4096 0 - Live 0xffffff8010000000\n$/);
  expect(unload("hello")).toBe(0);
  expect(lines).toEqual(["hello", "bye"]);
  expect(() => bench.text.callee(address)).toThrow(/paging request at virtual address ffffff80100/);
  expect(loader.modules.linkedIn()).toEqual(["[last unloaded: hello]"]);
  expect(log.events.map(({ kind }) => kind)).toEqual(["module-load", "module-unload"]);
});

test("a module can link to another's exports, and holds it while it is loaded", () => {
  const { load, unload, loader } = makeMachine();
  expect([load(HELLO), load(USER)]).toEqual([0, 0]);
  expect(loader.modules.procText()).toMatch(/hello 4096 1 user, Live/);
  expect(unload("hello")).toBe(-11);
  expect([unload("user"), unload("hello"), unload("hello")]).toEqual([0, 0, -2]);
});

test("a module is loaded once", () => {
  const { load } = makeMachine();
  expect([load(HELLO), load(HELLO)]).toEqual([0, -17]);
});

test("an init that fails leaves nothing behind, and its errno is the answer", () => {
  const { load, loader } = makeMachine();
  expect([load(HELLO), load(USER.replace("- 42", "- 61"))]).toEqual([0, -19]);
  expect(loader.modules.find("user")).toBe(undefined);
  expect(loader.modules.procText()).toMatch(/^hello 4096 0 - Live/);
});

test("a reference taken by address makes unloading fail", () => {
  const { load, unload, loader, bench } = makeMachine();
  load(HELLO);
  const address = bench.text.findByName("answer")?.address ?? 0;
  expect(loader.get(address)).toBe(true);
  expect(unload("hello")).toBe(-11);
  loader.put(address);
  expect(unload("hello")).toBe(0);
});

test("every symbol that is missing is named", () => {
  const { load, lines, log } = makeMachine();
  expect(load(koOf("function f() { gone(); away(); }\n", "[__versions]\n0x1 gone\n0x1 away"))).toBe(
    -2,
  );
  expect(lines).toEqual([
    "counter: Unknown symbol gone (err -2)",
    "counter: Unknown symbol away (err -2)",
  ]);
  expect(log.events.map(({ kind }) => kind)).toEqual(["module-refused"]);
});

test("a CRC that differs is a disagreement about the symbol", () => {
  const { load, lines } = makeMachine();
  expect(load(HELLO.replace("0x1234abcd", "0x1234abce"))).toBe(-22);
  expect(lines).toEqual([
    "hello: disagrees about version of symbol printk",
    "hello: Unknown symbol printk (err -22)",
  ]);
});

test("--force skips the CRC and the vermagic, and taints", () => {
  const { load, lines, kernel, log } = makeMachine();
  const ko = HELLO.replace("0x1234abcd", "0x1234abce").replace(
    "2.6.32-quicksand SMP",
    "2.6.33-other UP",
  );
  expect(load(ko)).toBe(-8);
  expect(load(ko, "", 3)).toBe(0);
  expect(lines).toEqual([
    `hello: version magic '${VERMAGIC.replace("2.6.32-quicksand SMP", "2.6.33-other UP")}' should be '${VERMAGIC}'`,
    "hello: bad vermagic: kernel tainted.",
    "hello",
  ]);
  expect(kernel.taint).toBe(TAINT_FORCED_MODULE);
  expect(log.events.at(-1)).toMatchObject({ kind: "module-load", name: "hello", forced: 1 });
});

test("with CRCs the release in the vermagic does not count, only what follows it", () => {
  const { load } = makeMachine();
  expect(load(HELLO.replace("2.6.32-quicksand SMP", "2.6.30-rc1 SMP"))).toBe(0);
});

test("a proprietary module does not see GPL-only symbols, and taints", () => {
  const { load, lines, kernel } = makeMachine();
  load(HELLO);
  const ko = USER.replace("license=GPL", "license=Proprietary").replace("intree=Y\n", "");
  expect(load(ko)).toBe(-2);
  expect(lines.slice(1)).toEqual([
    "user: loading out-of-tree module taints kernel.",
    "user: module license 'Proprietary' taints kernel.",
    "user: Unknown symbol answer (err -2)",
  ]);
  expect(kernel.taint).toBe(TAINT_PROPRIETARY_MODULE | TAINT_OOT_MODULE);
});

test("parameters reach their variables; unknown ones are ignored aloud, bad ones refuse", () => {
  const { load, bench, lines, unload } = makeMachine();
  expect(load(HELLO, "bias=-0x10 colour=red")).toBe(0);
  expect(bench.text.callee(bench.text.findByName("answer")?.address ?? 0).plain(2)).toBe(-14);
  expect(lines[0]).toBe("hello: unknown parameter 'colour' ignored");
  unload("hello");
  expect(load(HELLO, "bias=many")).toBe(-22);
  expect(lines.at(-1)).toBe("hello: `many' invalid for parameter `bias'");
});

test("a file that is no module is ENOEXEC with the line", () => {
  const { load, lines } = makeMachine();
  expect(load(HELLO.replace("[.end]", ""))).toBe(-8);
  expect(lines[0]).toMatch(/^hello\.ko:\d+: QS1406: the file is cut off: \[\.end\] is missing$/);
});

test("data is laid out as the file says, with addresses of functions, strings and data", () => {
  const { load, bench } = makeMachine();
  const ko = koOf(
    'function f() { return 7; }\nfunction start() { return ($i64($sym("ops") + 8) === $sym("f")) - 1; }',
    '[.init]\ninit=start\n[.rodata]\n0 "text"\n[.data]\nops 40\n+0 4 -2\n+8 &f\n+16 $str(0)\n+24 &ops+8\n[.export]\nall 0x1 ops',
  );
  expect(load(ko)).toBe(0);
  const ops = bench.symbols.find("ops")?.address ?? 0;
  const { kmem } = bench;
  expect(kmem.i32(ops)).toBe(-2);
  expect(bench.text.describe(kmem.i64(ops + 8))).toBe("f+0x0/0x40 [counter]");
  expect(kmem.readCString(kmem.i64(ops + 16))).toBe("text");
  expect(kmem.i64(ops + 24)).toBe(ops + 8);
});

test("a module cannot export what it does not define", () => {
  const { load, lines } = makeMachine();
  expect(load(koOf("function f() { }", "[.export]\nall 0x1 printk"))).toBe(-8);
  expect(lines).toEqual(["counter: [.export] names 'printk', which the module does not define"]);
});

test("a symbol of a namespace is for modules that import it", () => {
  const { load, lines } = makeMachine();
  expect(
    load(koOf("function helper() { return 1; }", "[.export]\nall 0x1 helper INNER", "library")),
  ).toBe(0);
  const use = (info: string): string =>
    koOf("function f() { return helper(); }", `${info}[__versions]\n0x1 helper`, "user");
  expect(load(use(""))).toBe(-22);
  expect(lines[0]).toBe(
    "user: module uses symbol (helper) from namespace INNER, but does not import it.",
  );
  expect(load(use("import_ns=INNER\n"))).toBe(0);
});

test("rmmod -f takes away what cannot be unloaded or is in use, and taints", () => {
  const { load, unload, kernel } = makeMachine();
  load(koOf("function f() { return 0; }", "[.init]\ninit=f", "permanent"));
  expect(unload("permanent")).toBe(-16);
  expect(unload("permanent", O_TRUNC)).toBe(0);
  expect(kernel.taint & TAINT_FORCED_RMMOD).toBe(TAINT_FORCED_RMMOD);
});
