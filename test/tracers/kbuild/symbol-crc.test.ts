import { expect, test } from "vitest";
import { crc32 } from "../../../src/tracers/kbuild/symbol-crc.ts";
import { HEADERS, kbuild } from "./fixture.ts";

const SOURCE = `import { EXPORT_SYMBOL } from "linux/module";
import { task_struct } from "linux/sched";
import type { pid } from "linux/pid";
import { int, ptr } from "linux/types";
export function task_of(p: ptr<pid>, n: int): ptr<task_struct> { return null; }
EXPORT_SYMBOL(task_of);`;

const crcOf = (
  source: string,
  headers: Readonly<Record<string, string>> = HEADERS,
): number | undefined =>
  kbuild.exportsOf("kernel/x.ts", source, kbuild.readHeaders(headers, {}))[0]?.crc;

const edited = (path: string, from: string, to: string): Record<string, string> => {
  const text = HEADERS[path] ?? "";
  expect(text).toContain(from);
  return { ...HEADERS, [path]: text.replace(from, to) };
};

test("the polynomial is the one of zlib and genksyms", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
});

test("comments, formatting and names of parameters do not count", () => {
  const same = SOURCE.replace(
    "p: ptr<pid>, n: int",
    "which: ptr<pid>,\n  /* how many */ count: int",
  );
  expect(crcOf(same)).toBe(crcOf(SOURCE));
  expect(
    crcOf(SOURCE, edited("linux/sched", "state: long;", "// runnable?\n  state:   long;")),
  ).toBe(crcOf(SOURCE));
});

test.each([
  [
    "a member inserted",
    edited("linux/sched", "state: long;", "state: long;\n  stack: ptr<list_head>;"),
  ],
  ["a member renamed", edited("linux/sched", "tgid: pid_t", "thread_group: pid_t")],
  ["a member's type changed", edited("linux/sched", "exit_code: int", "exit_code: long")],
  [
    "a struct inside changed",
    edited(
      "linux/list",
      "prev: ptr<list_head>;",
      "prev: ptr<list_head>;\n  owner: ptr<list_head>;",
    ),
  ],
])("%s in a struct that the exporting file includes changes the number", (_, headers) => {
  expect(crcOf(SOURCE, headers)).not.toBe(crcOf(SOURCE));
});

test("a struct that the exporting file only announces may change", () => {
  const headers = edited("linux/pid", "count: int;", "count: int;\n  level: int;");
  expect(crcOf(SOURCE, headers)).toBe(crcOf(SOURCE));
  expect(crcOf(SOURCE.replace("import type { pid }", "import { pid }"), headers)).not.toBe(
    crcOf(SOURCE),
  );
});

test("another prototype is another number", () => {
  expect(crcOf(SOURCE.replace("n: int", "n: int, m: int"))).not.toBe(crcOf(SOURCE));
  expect(crcOf(SOURCE.replaceAll("task_of", "task_for"))).not.toBe(crcOf(SOURCE));
});
