import { describe, expect, test } from "vitest";
import { COVERAGE } from "#tracers";
import { guestPrograms } from "../../../src/ui/host/guest-programs.ts";
import { runCommand } from "../../support/shell-session.ts";

const root = { ...guestPrograms("programs/built"), "/usr/bin/coverage": COVERAGE };
const run = (command: string): string => runCommand(command, root);

describe("coverage", () => {
  test("counts a function's entries, its instructions that were executed, and their places", () => {
    const [, entered, instructions, places] =
      /^ *(\d+) +(\d+) +(\d+) {2}square$/m.exec(run("coverage calls 5")) ?? [];
    expect(Number(entered)).toBe(5);
    expect(Number(instructions)).toBe(5 * Number(places));
  });

  test("shows that what was not entered was not executed", () => {
    expect(run("coverage calls 0")).toMatch(/^ *0 +0 +0 {2}square$/m);
    expect(run("coverage calls 0")).not.toEqual(run("coverage calls 5"));
  });

  test("passes the program's status on, and says what it cannot run", () => {
    expect(run("coverage calls 0 2>/dev/null; echo $?")).toBe("0\n0\n");
    expect(run("coverage; echo $?")).toContain("must have PROG");
  });
});
