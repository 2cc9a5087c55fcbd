import { expect, test } from "vitest";
import { runCommand } from "../../support/shell-session.ts";

test("ps names the terminal of a session that has one, and marks the foreground group", () => {
  const rows = runCommand("ps ax -o pid,tty,stat,comm").trim().split("\n").slice(1);
  expect(rows.map((row) => row.trim().replace(/ +/g, " "))).toEqual([
    "1 ? Ss init",
    "2 console Ss sh",
    "3 console R+ ps",
  ]);
});

test("a process without a controlling terminal has tty_nr 0 and tpgid -1", () => {
  // Field 7 and 8 of pid 1's line, which belongs to no session of a terminal.
  const [pid, , , , , , tty, tpgid] = runCommand("cat /proc/1/stat").split(" ");
  expect([pid, tty, tpgid]).toEqual(["1", "0", "-1"]);
});

test("stat has 52 fields, among them the memory that is mapped and what of it is there", () => {
  const fields = runCommand("cat /proc/self/stat").trim().split(" ");
  expect(fields).toHaveLength(52);
  const [vsize, rss] = [Number(fields[22]), Number(fields[23])];
  expect(vsize).toBeGreaterThan(8 * 1024 * 1024);
  expect(rss).toBeGreaterThan(0);
});

test("status has the sizes in kilobytes", () => {
  const lines = runCommand("grep '^Vm' /proc/self/status").trim().split("\n");
  expect(lines.map((line) => line.slice(0, line.indexOf(":")))).toEqual([
    "VmPeak",
    "VmSize",
    "VmHWM",
    "VmRSS",
    "VmData",
    "VmStk",
    "VmExe",
  ]);
  expect(lines[5]).toBe("VmStk:\t    8192 kB");
});

test("syscall shows the call that a task sleeps in", () => {
  const line = runCommand("sleep 50 & read x < /proc/$!/stat; sleep 1; cat /proc/$!/syscall");
  expect(line).toMatch(/^\[1\] \d+\n101( 0x[0-9a-f]+){8}\n$/);
});

test("a zombie has no memory to speak of", () => {
  const text = runCommand(
    "sh -c 'true & exec sleep 3' & sleep 1; grep -l 'State:.Z' /proc/[0-9]*/status",
  );
  const path = text.trim().split("\n").at(-1) ?? "";
  expect(path).toMatch(/^\/proc\/\d+\/status$/);
});
