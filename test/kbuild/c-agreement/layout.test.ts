import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { createKbuild } from "../../../src/tracers/kbuild/kbuild.ts";

const hasGcc = spawnSync("gcc", ["--version"]).status === 0;

// The host's LP64 rules are riscv64's for everything that our headers can spell.
const TYPES = [
  ["u8", "unsigned char m"],
  ["short", "short m"],
  ["int", "int m"],
  ["u64", "unsigned long long m"],
  ["bool", "_Bool m"],
  ["ptr<s0>", "struct s0 *m"],
  ["() => void", "void (*m)(void)"],
  ["chars<5>", "char m[5]"],
  ["array<u16, 3>", "unsigned short m[3]"],
  ["PREVIOUS", "struct PREVIOUS m"],
  ["array<PREVIOUS, 2>", "struct PREVIOUS m[2]"],
] as const;

const structs = fc.sample(
  fc.array(fc.nat({ max: TYPES.length - 1 }), { minLength: 1, maxLength: 9 }),
  { numRuns: 60, seed: 2010 },
);

const spelled = (index: number, members: readonly number[], language: 0 | 1): readonly string[] =>
  members.map((type, at) => {
    const text = (TYPES[type] ?? TYPES[0])[language].replace("PREVIOUS", `s${index - 1}`);
    if (language === 0) return `m${at}: ${text};`;
    return `${text.replace(/\bm\b/, `m${at}`)};`;
  });

/** The first struct has none before it to contain. */
const all = structs.map((members, index) =>
  index === 0 ? members.filter((type) => type < 9).concat(0) : members,
);

function fromGcc(): unknown {
  const definitions = all.map(
    (members, index) => `struct s${index} { ${spelled(index, members, 1).join(" ")} };`,
  );
  const prints = all.flatMap((members, index) => [
    `printf("%s[%zu", ${index === 0 ? '"["' : '","'}, sizeof(struct s${index}));`,
    ...members.map((_, at) => `printf(",%zu", __builtin_offsetof(struct s${index}, m${at}));`),
    'printf("]");',
  ]);
  const directory = mkdtempSync(join(tmpdir(), "c-layout-"));
  const source = [
    "#include <stdio.h>",
    ...definitions,
    "int main(void) {",
    ...prints,
    'printf("]");',
    "}",
    "",
  ];
  writeFileSync(join(directory, "a.c"), source.join("\n"));
  spawnSync("gcc", ["-std=gnu11", "-w", "-o", "a", "a.c"], { cwd: directory });
  const { stdout } = spawnSync(join(directory, "a"), { encoding: "utf8" });
  rmSync(directory, { recursive: true });
  return JSON.parse(stdout);
}

test.skipIf(!hasGcc)("structs are laid out as gcc lays them out", () => {
  const kbuild = createKbuild(ts);
  const header = all.map(
    (members, index) =>
      `export interface s${index} extends struct<"s${index}"> { ${spelled(index, members, 0).join(" ")} }`,
  );
  const imports =
    'import { array, bool, chars, int, ptr, short, struct, u16, u64, u8 } from "linux/types";';
  const layouts = kbuild.layouts(
    kbuild.readHeaders({ "linux/s": [imports, ...header].join("\n") }, {}),
  );
  const ours = all.map((_, index) => {
    const layout = layouts[`s${index}`];
    return [layout?.size, ...(layout?.fields.map((field) => field.offset) ?? [])];
  });
  expect(ours).toEqual(fromGcc());
});
