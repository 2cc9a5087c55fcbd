import { describe, expect, test } from "vitest";
import { FUNCTRACE, STRACE_TRACER } from "#tracers";
import { guestPrograms } from "../../../src/ui/host/guest-programs.ts";
import { runCommand } from "../../support/shell-session.ts";

const root = { ...guestPrograms("programs/built"), "/usr/bin/functrace": FUNCTRACE };
const run = (command: string): string => runCommand(command, root);

describe("functrace", () => {
  test("prints calls with their argument, nested, and their results", () => {
    expect(run("functrace calls 2 2>&1 >/dev/null | grep square")).toBe(
      [
        "      sum_of_squares(2)",
        "        square(1)",
        "        square(1) = 1",
        "        square(2)",
        "        square(2) = 4",
        "      sum_of_squares(2) = 5\n",
      ].join("\n"),
    );
  });

  test("leaves the program's output and status as they are", () => {
    expect(run("functrace calls 4 2>/dev/null; echo $?")).toBe("30\n0\n");
    expect(run("functrace introspect 2>/dev/null; echo $?")).toContain("watched(2) is 6");
  });

  test("says what it cannot trace", () => {
    expect(run("functrace; echo $?")).toBe("functrace: must have PROG [ARGS]\n1\n");
    expect(run("functrace nothere; echo $?")).toContain("nothere");
    expect(run("functrace cat; echo $?")).toBe("functrace: /bin/cat names no functions\n1\n");
  });

  test("works under strace, which sees it write its breakpoints", () => {
    expect(STRACE_TRACER.house).toBe("rock");
    const calls = run("strace -o /tmp/o -e trace=ptrace functrace calls 0 2>/dev/null; cat /tmp/o");
    expect(calls).toMatch(/ptrace\(PTRACE_POKEDATA, \d+, 0x[\da-f]+, 0x[\da-f]*9002[\da-f]*\) = 0/);
    expect(calls).toContain("+++ exited with 0 +++");
  });
});
