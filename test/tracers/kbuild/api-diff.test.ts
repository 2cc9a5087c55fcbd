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
    "silent: inline-changed UTRACE_EVENT: linux/utrace -> linux/utrace",
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

test("an inline that comes to need what is not exported breaks builds", () => {
  expect(
    changesOf((h) => {
      replace(h, "linux/utrace", "return 1 << type;", "return hidden(type);");
      h["linux/utrace"] += "\nexport declare function hidden(type: int): int;\n";
    }),
  ).toEqual(["build: inline-unlinkable UTRACE_EVENT:  -> hidden"]);
});

test("a prototype that is not exported is nobody's business", () => {
  expect(
    changesOf((h) => {
      h["linux/pid"] += "\nexport declare function pid_secret(pid: ptr<pid>): int;\n";
    }),
  ).toEqual([]);
});

test("a name that the old header passes on has not moved, a struct's neither", () => {
  const moved = (h: Headers): void => {
    const [struct = ""] = /export interface pid [\s\S]*?\n}\n/.exec(h["linux/pid"] ?? "") ?? [];
    h["linux/pid_types"] = `import { int, pid_t, struct } from "linux/types";\n${struct}`;
    replace(h, "linux/pid", struct, 'import { pid } from "linux/pid_types";\n');
  };
  const headers = (edit: (h: Headers) => void): readonly string[] =>
    changesOf(edit).filter((line) => line.includes("header-moved"));
  expect(headers(moved)).toEqual(["build: header-moved pid: linux/pid -> linux/pid_types"]);
  expect(
    headers((h) => {
      moved(h);
      h["linux/pid"] += 'export { pid } from "linux/pid_types";\n';
    }),
  ).toEqual([]);
});

test("a longer array is silent, an array of something else is not", () => {
  const types = (to: string): readonly string[] =>
    changesOf((h) => {
      replace(h, "linux/sched", "import { chars", "import { array, chars");
      replace(h, "linux/sched", "comm: chars<typeof TASK_COMM_LEN>", to);
    }).filter((line) => line.includes("field-type"));
  expect(types("comm: chars<32>")).toEqual([
    "silent: field-type task_struct.comm: array<char,16> at 56 -> array<char,32> at 56",
  ]);
  expect(types("comm: array<int, 16>")).toEqual([
    "build: field-type task_struct.comm: array<char,16> at 56 -> array<int,16> at 56",
  ]);
});

test("a macro that becomes a function breaks whoever names it", () => {
  expect(
    changesOf((h) =>
      replace(
        h,
        "linux/slab",
        "export const GFP_ATOMIC = 0x20;",
        "export function GFP_ATOMIC(): gfp_t {\n  return 0x20;\n}",
      ),
    ),
  ).toEqual(["build: macro-inline-conversion GFP_ATOMIC: constant -> inline"]);
});
