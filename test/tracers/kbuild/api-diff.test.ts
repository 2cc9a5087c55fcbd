import { expect, test } from "vitest";
import { changesFor } from "../../../src/tracers/kbuild/api-diff.ts";
import { build, COUNTER, HEADERS, kbuild, SYMVERS } from "./fixture.ts";

type Headers = Record<string, string>;

const side = (headers: Headers, exports = SYMVERS): Parameters<typeof kbuild.apiDiff>[0] => ({
  headers: kbuild.readHeaders(headers, {}),
  exports,
});

function changesOf(edit: (headers: Headers) => void): readonly string[] {
  const headers: Headers = { ...HEADERS };
  edit(headers);
  return kbuild
    .apiDiff(side(HEADERS), side(headers))
    .filter((change) => change.kind !== "field-moved" || change.name.endsWith(".comm"))
    .map(
      (change) =>
        `${change.severity}: ${change.kind} ${change.name}: ${change.before} -> ${change.after}`,
    );
}

const replace = (headers: Headers, path: string, from: string, to: string): void => {
  headers[path] = (headers[path] ?? "").replace(from, to);
};

test("two equal releases do not differ", () => {
  expect(changesOf(() => undefined)).toEqual([]);
});

test("a member inserted moves its successors without a sound", () => {
  expect(
    changesOf((h) =>
      replace(h, "linux/sched", "  exit_code: int;", "  exit_code: int;\n  exit_signal: long;"),
    ),
  ).toEqual([
    "silent: field-moved task_struct.comm: array<char,16> at 56 -> array<char,16> at 72",
    "silent: field-added task_struct.exit_signal:  -> long at 40",
  ]);
});

test("a member renamed in its place is told from one removed", () => {
  expect(changesOf((h) => replace(h, "linux/sched", "tgid: pid_t", "group: pid_t"))).toEqual([
    "silent: field-added task_struct.group:  -> int at 40",
    "build: field-renamed task_struct.tgid: int at 40 -> group",
  ]);
});

test("a constant that got another number, a prototype, an inline, a header", () => {
  const changes = changesOf((h) => {
    replace(h, "linux/slab", "0x20", "0x30");
    replace(h, "linux/pid", "put_pid(pid: ptr<pid>)", "put_pid(pid: ptr<pid>, n: int)");
    replace(h, "linux/utrace", "return 1 << type;", "return 2 << type;");
    h["linux/bits"] = "export const MAX_ERRNO = 4095;";
    replace(
      h,
      "linux/err",
      "export const MAX_ERRNO = 4095;",
      'import { MAX_ERRNO } from "linux/bits";',
    );
  });
  expect(changes).toEqual([
    "silent: constant-renumbered GFP_ATOMIC: 0x20 -> 0x30",
    "build: header-moved MAX_ERRNO: linux/err -> linux/bits",
    "silent: inline-changed UTRACE_EVENT: fn(int)int -> fn(int)int",
    "build: prototype-changed put_pid: fn(ptr<pid>)void -> fn(ptr<pid>,int)void",
  ]);
});

test("the changes that touch a module are those of what it uses", () => {
  const headers: Headers = { ...HEADERS };
  replace(headers, "linux/sched", "  state: long;", "  state: long;\n  stack: long;");
  replace(headers, "linux/slab", "0x20", "0x30");
  const exports = SYMVERS.filter((row) => row.name !== "put_pid" && row.name !== "kfree");
  const result = build(COUNTER);
  const uses = result.ok ? result.uses : undefined;
  const changes = kbuild.apiDiff(side(HEADERS), side(headers, exports));
  expect(
    uses && changesFor(uses, changes).map((change) => `${change.kind} ${change.name}`),
  ).toEqual([
    "symbol-removed put_pid",
    "field-moved task_struct.comm",
    "field-moved task_struct.pid",
    "field-moved task_struct.uid",
  ]);
});
