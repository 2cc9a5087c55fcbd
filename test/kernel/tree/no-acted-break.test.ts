/**
 * A patch changes what the tree's own code does. One that merely told the core, through the port, to
 * behave otherwise would be an acted break: the same call of a port row with another literal in it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { portHeader } from "#kernel";

const FOLDER = "src/kernel/tree/patches";
const ROWS = [...portHeader().matchAll(/function (\w+)\(/g)].map(([, name]) => name ?? "");
const LITERAL = /\b(?:true|false|0x[\da-f]+|\d+)\b|"[^"]*"/g;

/** Calls of port rows in a patch's lines that begin with `sign`, literals blanked: row, shape, text. */
function calls(patch: string, sign: "+" | "-"): { shape: string; text: string }[] {
  const lines = patch.split("\n").filter((line) => line.startsWith(sign) && line[1] !== sign);
  return lines.flatMap((line) =>
    [...line.matchAll(/\b(\w+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)]
      .filter(([, name]) => ROWS.includes(name ?? ""))
      .map(([text]) => ({ text, shape: text.replace(LITERAL, "?") })),
  );
}

/** Port calls that a patch replaced by themselves with other literals. */
function flags(patch: string): string[] {
  const removed = calls(patch, "-");
  return calls(patch, "+")
    .filter(({ shape, text }) => {
      const before = removed.filter((call) => call.shape === shape);
      return before.length > 0 && before.every((call) => call.text !== text);
    })
    .map(({ text }) => text);
}

describe("a patch that passes a flag to the core", () => {
  test("is found", () => {
    expect(ROWS.length).toBeGreaterThan(20);
    const row = ROWS[0] ?? "";
    expect(flags(`-  ${row}(task, 0);\n+  ${row}(task, 1);`)).toEqual([`${row}(task, 1)`]);
    expect(flags(`-  ${row}(task, 0);\n+  ${row}(task, 0);`)).toEqual([]);
  });

  test.each(readdirSync(FOLDER))("is not %s", (name) => {
    expect(flags(readFileSync(`${FOLDER}/${name}`, "utf8"))).toEqual([]);
  });
});
