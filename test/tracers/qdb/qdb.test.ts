import { describe, expect, test } from "vitest";
import { QDB } from "#tracers";
import { guestPrograms } from "../../../src/ui/host/guest-programs.ts";
import { runCommand } from "../../support/shell-session.ts";

const root = { ...guestPrograms("programs/built"), "/usr/bin/qdb": QDB };
const debug = (program: string, ...commands: readonly string[]): string =>
  runCommand(`printf '${commands.map((each) => `${each}\\n`).join("")}' | qdb ${program}`, root);

describe("qdb", () => {
  test("stops at a function, shows a register and goes on", () => {
    const text = debug(
      "calls 3",
      "break square",
      "continue",
      "print a0",
      "continue",
      "print a0",
      "quit",
    );
    expect(text).toMatch(/breakpoint at 0x[\da-f]+/);
    expect(text.match(/^\(qdb\) square$/gm)).toHaveLength(2);
    expect(text).toMatch(/a0 *=? *(?:0x)?1\b/);
    expect(text).toMatch(/a0 *=? *(?:0x)?2\b/);
  });

  test("changes what a program computes with", () => {
    const text = debug(
      "calls 3",
      "break sum_of_squares",
      "continue",
      "set a0 1",
      "continue",
      "quit",
    );
    expect(text).toContain("(qdb) 1\n");
    expect(text).not.toContain("14\n");
  });

  test("hides its breakpoint in a disassembly and shows it in memory", () => {
    const text = debug(
      "introspect",
      "break watched",
      "continue",
      "disas watched 1",
      "x watched",
      "quit",
    );
    expect(text).not.toContain("ebreak");
    expect(text).toMatch(/0x[\da-f]*9002\n/);
  });

  test("steps one instruction at a time", () => {
    const text = debug("calls 1", "break square", "continue", "step", "step 2", "quit");
    const places = [...text.matchAll(/^ {3}(0x[\da-f]+) {2}/gm)].map(([, at]) => Number(at));
    expect(places).toHaveLength(4);
    expect(places[2]).toBeGreaterThan(places[1] as number);
  });

  test("answers a mistyped command with one line and goes on", () => {
    const text = debug("calls 1", "brake square", "break nosuch", "print xyz", "continue", "quit");
    expect(text).toContain("brake");
    expect(text).toContain("nosuch");
    expect(text).toContain("xyz");
    expect(text).toContain("exited with 0");
  });
});
