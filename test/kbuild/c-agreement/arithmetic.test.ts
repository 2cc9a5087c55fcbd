import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { Arithmetic } from "../../../src/kernel/module/arithmetic.ts";
import { createKbuild } from "../../../src/tracers/kbuild/kbuild.ts";

const hasGcc = spawnSync("gcc", ["--version"]).status === 0;

const VARIABLES = [
  ["a", "s8", "signed char"],
  ["b", "u8", "unsigned char"],
  ["c", "short", "short"],
  ["d", "u16", "unsigned short"],
  ["e", "int", "int"],
  ["f", "u32", "unsigned int"],
  ["g", "long", "long"],
  ["h", "bool", "_Bool"],
] as const;

/** Values at the edges of each type; long ones stay below 2^40, so that no sum leaves 2^53. */
const ARGUMENTS: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [-1, 255, -1, 65535, -1, 4294967295, -1, 1],
  [-128, 128, -32768, 32768, -2147483648, 2147483648, -1099511627776, 1],
  [127, 1, 32767, 1, 2147483647, 1, 1099511627775, 0],
  [3, 200, -300, 40000, 123456789, 3000000000, 68719476736, 1],
];

/** A small generator of its own: the same expressions in every run. */
class Expressions {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  make(depth: number, wide: boolean): string {
    if (depth === 0 || this.below(6) === 0) return this.#leaf(wide);
    const inner = (): string => this.make(depth - 1, wide);
    switch (this.below(9)) {
      case 0:
        return `${this.pick(["-", "~", "!"])}(${inner()})`;
      case 1:
        return `(${inner()} ${this.pick(["<", ">", "<=", ">=", "==", "!="])} ${inner()})`;
      case 2:
        return `(${inner()} ${this.pick(["&&", "||"])} ${inner()})`;
      case 3:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 4:
        return `((${this.make(depth - 1, false)}) >> ${this.below(8)})`;
      case 5:
        return `((${this.make(depth - 1, false)}) << ${this.below(8)})`;
      case 6:
        return wide ? `(${inner()} - ${inner()})` : `(${inner()} * ${inner()})`;
      case 7:
        return `(${inner()} ${this.pick(["/", "%"])} ${this.pick(["3", "7", "10"])})`;
      default:
        return `(${inner()} ${this.pick(["+", "-", "&", "|", "^"])} ${inner()})`;
    }
  }

  #leaf(wide: boolean): string {
    if (this.below(5) === 0)
      return this.pick(["0", "1", "2", "100", "0xff", "0x80000000", "65536"]);
    const [name] = this.pick(VARIABLES);
    return name === "g" && !wide ? "e" : name;
  }
}

const functions = (() => {
  const expressions = new Expressions(20100119);
  return Array.from({ length: 300 }, (_, index) => {
    const [, type, c] = expressions.pick(VARIABLES);
    return { name: `f${index}`, type, c, text: expressions.make(4, index % 2 === 0) };
  });
})();

function fromGcc(): readonly number[] {
  const params = VARIABLES.map(([name, , c]) => `${c} ${name}`).join(", ");
  const lines = functions.map(
    ({ name, c, text }) => `static ${c} ${name}(${params}) { return ${text}; }`,
  );
  const calls = ARGUMENTS.flatMap((values) =>
    functions.map(
      ({ name }) => `  printf("%ld\\n", (long)${name}(${values.map((v) => `${v}L`).join(", ")}));`,
    ),
  );
  const directory = mkdtempSync(join(tmpdir(), "c-arithmetic-"));
  writeFileSync(
    join(directory, "a.c"),
    ["#include <stdio.h>", ...lines, "int main(void) {", ...calls, "}", ""].join("\n"),
  );
  const built = spawnSync("gcc", ["-std=gnu11", "-w", "-fwrapv", "-O0", "-o", "a", "a.c"], {
    cwd: directory,
    encoding: "utf8",
  });
  const ran = spawnSync(join(directory, "a"), { encoding: "utf8", maxBuffer: 1 << 24 });
  rmSync(directory, { recursive: true });
  expect(built.stderr).toBe("");
  return ran.stdout.trim().split("\n").map(Number);
}

function fromKbuild(): readonly number[] {
  const kbuild = createKbuild(ts);
  const params = VARIABLES.map(([name, type]) => `${name}: ${type}`).join(", ");
  const source = [
    'import { bool, int, long, s8, short, u16, u32, u8 } from "linux/types";',
    ...functions.map(
      ({ name, type, text }) => `export function ${name}(${params}): ${type} { return ${text}; }`,
    ),
  ].join("\n");
  const headers = kbuild.readHeaders({}, {});
  const result = kbuild.compile({
    name: "a",
    file: "a.ts",
    source,
    headers,
    symvers: [],
    vermagic: "",
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3)));
  const text = result.ko.slice(result.ko.indexOf("[.text]") + 7, result.ko.indexOf("[.end]"));
  const math = new Arithmetic();
  const names = ["and", "or", "xor", "not", "shl", "shr", "mul", "div", "mod"] as const;
  const intrinsics = names.map((name) => math[name].bind(math));
  const list = functions.map(({ name }) => name).join(", ");
  const module = new Function(...names.map((name) => `$${name}`), `${text}\nreturn [${list}];`);
  const compiled = module(...intrinsics) as ((...values: number[]) => number)[];
  return ARGUMENTS.flatMap((values) => compiled.map((each) => each(...values)));
}

test.skipIf(!hasGcc)("integer expressions have the value that C gives them", () => {
  const wanted = fromGcc();
  const wrong = fromKbuild().flatMap((value, index) => {
    if (value === wanted[index]) return [];
    const { text, type } = functions[index % functions.length] ?? { text: "", type: "" };
    const values = ARGUMENTS[Math.floor(index / functions.length)];
    return [`(${type}) ${text} of ${values}: ${value}, in C ${wanted[index]}`];
  });
  expect(wanted).toHaveLength(functions.length * ARGUMENTS.length);
  expect(wrong.slice(0, 5)).toEqual([]);
});
