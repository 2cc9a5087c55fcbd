import ts from "typescript";
import { expect, test } from "vitest";
import { cutTests } from "../../../src/tracers/kbuild/feature-source.ts";
import { createKbuild } from "../../../src/tracers/kbuild/kbuild.ts";
import { imageOf } from "../../support/images.ts";
import { build, SYMVERS } from "./fixture.ts";

/** One callback, two prototypes: which one a release wants is found out by trying. */
const CAREFUL = `//#test HAVE_GROUP_DEAD
import { register_trace_sched_process_exit } from "trace/events/sched";
import { task_struct } from "linux/sched";
import { bool, NULL, ptr, voidp } from "linux/types";
function probe(data: voidp, task: ptr<task_struct>, group_dead: bool): void {}
export function conftest(): void {
  register_trace_sched_process_exit(probe, NULL);
}
//#endtest
import { printk } from "linux/kernel";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { task_struct } from "linux/sched";
import { bool, int, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

//#if HAVE_GROUP_DEAD
function on_exit(data: voidp, task: ptr<task_struct>, group_dead: bool): void {
//#else
function on_exit(data: voidp, task: ptr<task_struct>): void {
//#endif
  printk("%d\\n", task.pid);
}
function careful_init(): int {
  return register_trace_sched_process_exit(on_exit, NULL);
}
function careful_exit(): void {
  unregister_trace_sched_process_exit(on_exit, NULL);
}
module_init(careful_init);
module_exit(careful_exit);
MODULE_LICENSE("GPL");
`;

const kbuild = createKbuild(ts);

function buildOn(release: string, source: string) {
  const image = imageOf(release);
  return kbuild.compile({
    name: "careful",
    file: "careful.ts",
    source,
    headers: kbuild.readHeaders(image.headers, image.config),
    symvers: image.exports,
    vermagic: image.vermagic,
  });
}

test("one source builds before and after a prototype changed, each time with the right one", () => {
  const [old, young] = [buildOn("v5.14", CAREFUL), buildOn("v6.16", CAREFUL)];
  expect([old.ok, young.ok]).toEqual([true, true]);
  expect([old.features[0]?.holds, young.features[0]?.holds]).toEqual([false, true]);
  const prototype = /^on_exit .*$/m;
  expect(old.ok && prototype.exec(old.ko)?.[0]).toBe("on_exit fn(ptr<void>,ptr<task_struct>)void");
  expect(young.ok && prototype.exec(young.ko)?.[0]).toBe(
    "on_exit fn(ptr<void>,ptr<task_struct>,bool)void",
  );
});

test("without its test it builds on one of the two only", () => {
  const plain = CAREFUL.replace("//#if HAVE_GROUP_DEAD", "//#if 1");
  expect([buildOn("v5.14", plain).ok, buildOn("v6.16", plain).ok]).toEqual([false, true]);
});

const conftest = (name: string, header: string, call: string): string =>
  `//#test ${name}\nimport { ${name.toLowerCase()} } from "${header}";\nexport function t(): void { ${call}; }\n//#endtest\n`;

test("a test fails on a header, a name or a symbol that is not there, and says so", () => {
  const source = `${conftest("UTRACE_GONE", "linux/utrace", "utrace_gone()")}${conftest("IS_ERR", "linux/nowhere", "IS_ERR(null)")}//#test LINKS
import { printk } from "linux/kernel";
export function t(): void { printk("x"); }
//#endtest
`;
  const symvers = SYMVERS.filter(({ name }) => name !== "printk");
  expect(build(source, { symvers }).features).toMatchObject([
    { name: "UTRACE_GONE", holds: false, reason: expect.stringContaining("no exported member") },
    { name: "IS_ERR", holds: false, reason: expect.stringContaining("linux/nowhere") },
    { name: "LINKS", holds: false, reason: "'printk' is not exported" },
  ]);
});

test("a GPL-only symbol is there for a module whose licence says so", () => {
  const source = (licence: string): string => `//#test ATTACH
import { pid } from "linux/pid";
import { NULL } from "linux/types";
import { utrace_set_events_pid } from "linux/utrace";
export function t(): void { utrace_set_events_pid(NULL, NULL, 0); }
//#endtest
import { MODULE_LICENSE } from "linux/module";
MODULE_LICENSE("${licence}");
`;
  expect(build(source("GPL")).features[0]?.holds).toBe(true);
  expect(build(source("Proprietary")).features[0]).toMatchObject({
    holds: false,
    reason: "'utrace_set_events_pid' is exported for GPL modules only",
  });
});

test("a mistake in the live branch is told where it stands", () => {
  const result = build("//#test A\n//#endtest\n//#if A\nlet x: int = y;\n//#endif\n");
  expect(result.ok ? [] : result.diagnostics.map(({ line }) => line)).toContain(4);
});

test("tests are cut out of the source, and keep their line numbers", () => {
  const { text, tests } = cutTests("a\n//#test HAVE_A\nb\n//#endtest\nc");
  expect(text).toBe("a\n\n\n\nc");
  expect(tests).toEqual([{ name: "HAVE_A", line: 2, text: "\n\nb" }]);
});

test.each([
  ["//#test A", 1, "#test without #endtest"],
  ["//#endtest", 1, "#endtest without #test"],
  ["//#test A\n//#test B\n//#endtest", 2, "#test inside a #test"],
  ["//#test have a\n//#endtest", 1, "a #test has a name in capitals"],
  ["//#test A\n//#endtest\n//#test A\n//#endtest", 3, "two tests 'A'"],
])("%j is refused", (source, line, message) => {
  const result = build(source);
  const place = { code: "QS2021", file: "m.ts", line, message };
  expect(result.ok ? [] : result.diagnostics).toMatchObject([place]);
});
