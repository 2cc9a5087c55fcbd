import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkDialect } from "../../../src/kernel/module/dialect.ts";
import { parseKo } from "../../../src/kernel/module/ko.ts";
import { build, COUNTER } from "./fixture.ts";

const EVERYTHING = `import { list_empty, list_head } from "linux/list";
import { task_struct } from "linux/sched";
import { addr, bool, cast, deref, int, likely, long, ptr, store, u32, u64, u8 } from "linux/types";
let list: list_head = { next: addr(list), prev: addr(list) };
let counter: u32 = 0;
function helper(n: int): int { return n; }
export function f(t: ptr<task_struct>, p: ptr<u8>, q: ptr<long>, n: int): u64 {
  let sum: u64 = 0;
  const g: (n: int) => int = helper;
  for (let i = 0; i < 10; i++) { if (i == 3) continue; sum += p[i]; }
  while (n > 0) n--;
  do { n++; } while (n < 5);
  switch (n) { case 1: sum = 2; break; case -2: default: sum |= 0x80; }
  if (likely(t) && !list_empty(addr(list))) store(q, deref(q) << 3);
  else if (t.pid != n || t.comm[0]) t.real_parent.exit_code++;
  else { sum = n ? ~sum : -sum; }
  const old = t.exit_code++ + counter++;
  const same: bool = t == t.real_parent;
  return (sum ^ old) + same + g(2) + n / 3 + n % 3 + cast<long>(t) + (p - cast<ptr<u8>>(q));
}
`;

function readings(ko: string): readonly string[] {
  const parsed = parseKo(ko, "m.ko");
  if (parsed.kind !== "ko") return parsed.diagnostics.map((d) => d.message);
  const { text, textLine, rodata } = parsed.ko;
  const checked = checkDialect(text, "m.ko", textLine, rodata.length);
  return checked.kind === "ok" ? [] : checked.diagnostics.map((d) => d.message);
}

test.each([
  ["the fixture", COUNTER],
  ["one of everything", EVERYTHING],
])("the loader reads what kbuild writes: %s", (_, source) => {
  const result = build(source);
  expect(result).toMatchObject({ ok: true });
  expect(result.ok && readings(result.ko)).toEqual([]);
});

test("a committed object still reads", () => {
  expect(readings(readFileSync(`${import.meta.dirname}/fixtures/counter.ko`, "utf8"))).toEqual([]);
});
