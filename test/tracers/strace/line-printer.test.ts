import { expect, test } from "vitest";
import { LinePrinter } from "../../../src/tracers/strace/line-printer.ts";

test("the equals sign stands in column 40 when the call is short", () => {
  const lines = new LinePrinter({ always: false });
  const text = lines.callEntry(1, "close(3", false) + lines.callExit(1, "close", "", "0", false);
  expect(text).toBe("close(3)                                = 0\n");
  expect(text.indexOf("=")).toBe(40);
});

test("a long call has one blank before its result", () => {
  const lines = new LinePrinter({ always: false });
  const call = `write(1, "${"x".repeat(40)}", 40`;
  expect(lines.callEntry(1, call, false) + lines.callExit(1, "write", "", "40", false)).toBe(
    `${call}) = 40\n`,
  );
});

test("a call that another process interrupts is resumed by name", () => {
  const lines = new LinePrinter({ always: false });
  const text =
    lines.callEntry(7, "wait4(-1, ", true) +
    lines.callEntry(8, "getpid(", true) +
    lines.callExit(8, "getpid", "", "8", true) +
    lines.event(8, "+++ exited with 0 +++", true) +
    lines.callExit(7, "wait4", "NULL, 0, NULL", "8", false);
  expect(text).toBe(
    "[pid     7] wait4(-1,  <unfinished ...>\n" +
      "[pid     8] getpid()                    = 8\n" +
      "[pid     8] +++ exited with 0 +++\n" +
      "<... wait4 resumed>NULL, 0, NULL)       = 8\n",
  );
});

test("a process that dies in a call leaves it unfinished, or complete when all was said", () => {
  const lines = new LinePrinter({ always: true });
  expect(lines.callEntry(7, "read(0, ", false) + lines.callLost(7, "read", false, false)).toBe(
    "7     read(0,  <unfinished ...>)        = ?\n",
  );
  expect(
    lines.callEntry(7, "exit_group(0", false) + lines.callLost(7, "exit_group", true, false),
  ).toBe("7     exit_group(0)                     = ?\n");
});
