/** A witness for each kind of change: it builds before it, and after it if nothing else is said. */
import ts from "typescript";
import { expect, test } from "vitest";
import type { ExportedSymbol } from "#kernel";
import { witnessSource } from "../../../src/tracers/kbuild/witness.ts";
import { build, HEADERS, kbuild, SYMVERS, said } from "./fixture.ts";

type Headers = Record<string, string>;

const replace = (path: string, from: string, to: string) => (headers: Headers) => {
  const text = headers[path] ?? "";
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  headers[path] = text.replace(from, to);
};

const without = (name: string): readonly ExportedSymbol[] =>
  SYMVERS.filter((row) => row.name !== name);

const gplOnly = (name: string): readonly ExportedSymbol[] =>
  SYMVERS.map((row) => (row.name === name ? { ...row, gplOnly: true } : row));

const SCHED = "linux/sched";
const same = (): void => undefined;

test.each<[string, string, (h: Headers) => void, (readonly ExportedSymbol[])?]>([
  ["build", "field-renamed task_struct.tgid", replace(SCHED, "tgid: pid_t", "group: pid_t")],
  ["build", "field-removed task_struct.tgid", replace(SCHED, "  tgid: pid_t;\n", "")],
  ["build", "field-type task_struct.state", replace(SCHED, "state: long;", "state: unsigned_int;")],
  ["build", "field-type task_struct.tasks", replace(SCHED, "tasks: list_head", "tasks: u64")],
  [
    "build",
    "field-type task_struct.start_time",
    replace(SCHED, "start_time: u64", "start_time: ptr<pid>"),
  ],
  [
    "build",
    "struct-made-opaque pid",
    (h) => {
      h["linux/pid"] = (h["linux/pid"] ?? "").replace(/(interface pid [^{]*){[^}]*}/, "$1{}");
    },
  ],
  [
    "build",
    "constant-removed GFP_ATOMIC",
    replace("linux/slab", "export const GFP_ATOMIC = 0x20;\n", ""),
  ],
  [
    "build",
    "declaration-removed PTR_ERR",
    replace("linux/err", "function PTR_ERR", "function ERR_OF"),
  ],
  [
    "build",
    "prototype-changed IS_ERR",
    replace("linux/err", "IS_ERR(p: const_voidp): bool", "IS_ERR(p: const_voidp, n: long): bool"),
  ],
  [
    "build",
    "prototype-changed find_get_pid",
    replace("linux/pid", "find_get_pid(nr: pid_t)", "find_get_pid(nr: long)"),
  ],
  [
    "build",
    "prototype-changed kmalloc",
    replace("linux/slab", "flags: gfp_t): voidp", "flags: gfp_t): ptr<char>"),
  ],
  [
    "build",
    "macro-inline-conversion GFP_ATOMIC",
    replace(
      "linux/slab",
      "export const GFP_ATOMIC = 0x20;",
      "export function GFP_ATOMIC(): gfp_t {\n  return 0x20;\n}",
    ),
  ],
  [
    "build",
    "field-type utrace_engine_ops.report_quiesce",
    replace("linux/utrace", "event: unsigned_long) => u32", "event: u32) => u32"),
  ],
  [
    "build",
    "constant-removed utrace_events.REAP",
    replace("linux/utrace", "  REAP,\n", "  REAPED,\n"),
  ],
  [
    "build",
    "struct-removed utrace_engine_ops",
    (h) => {
      h["linux/utrace"] = (h["linux/utrace"] ?? "").replaceAll("utrace_engine_ops", "utrace_ops");
    },
  ],
  [
    "build",
    "header-moved GFP_ATOMIC",
    (h) => {
      replace("linux/slab", "export const GFP_ATOMIC = 0x20;\n", "")(h);
      h["linux/gfp"] = "export const GFP_ATOMIC = 0x20;\n";
    },
  ],
  ["load", "symbol-removed put_pid", same, without("put_pid")],
  ["load", "gpl-only put_pid", same, gplOnly("put_pid")],
])("%s: %s", (severity, title, edit, exports = SYMVERS) => {
  const headers: Headers = { ...HEADERS };
  edit(headers);
  // A word that the edit needs.
  headers["linux/slab"] = (headers["linux/slab"] ?? "").replace(
    "import { const",
    "import { char, ptr, const",
  );
  const before = { headers: kbuild.readHeaders(HEADERS, {}), exports: SYMVERS };
  const after = { headers: kbuild.readHeaders(headers, {}), exports };
  const change = kbuild
    .apiDiff(before, after)
    .find((each) => `${each.kind} ${each.name}` === title);
  expect(change?.severity).toBe(severity);
  const source = (change && witnessSource(ts, before, change)) ?? "";
  const [first, second] = [before, after].map((side) =>
    build(source, { headers: side.headers, symvers: side.exports }),
  );
  expect(first?.ok === false ? first.diagnostics.map(said) : []).toEqual([]);
  expect(second?.ok).toBe(false);
});
