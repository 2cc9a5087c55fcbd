import { expect, test } from "vitest";
import { ShellSession } from "../../support/shell-session.ts";

test("a background job announces itself, is listed, and is said goodbye to at the next prompt", () => {
  const session = new ShellSession();
  expect(session.run("sleep 5 &")).toBe("[1] 3\n");
  expect(session.run("jobs")).toBe("[1]+  Running                 sleep 5 &\n");
  session.run("sleep 6");
  expect(session.run("true")).toBe("");
  expect(session.run("jobs")).toBe("");
});

test("^C ends the job in front and not the shell", () => {
  const session = new ShellSession();
  session.type("sleep 1000\n", 1);
  expect(session.type("\x03")).toBe("^C\n# ");
  expect(session.run("echo $?")).toBe("130\n");
});

test("^C ends a whole pipeline", () => {
  const session = new ShellSession();
  session.type("sleep 1000 | cat\n", 1);
  session.type("\x03");
  expect(session.run("ps -eo comm")).not.toContain("sleep");
});

test("^C at the prompt drops the line", () => {
  const session = new ShellSession();
  expect(session.type("echo never\x03")).toContain("^C");
  expect(session.run("echo now")).toBe("now\n");
});

test("^Z stops the job in front; bg and fg set it going again", () => {
  const session = new ShellSession();
  session.type("sleep 1000\n", 1);
  expect(session.type("\x1a")).toBe("^Z\n[1]+  Stopped                 sleep 1000\n# ");
  expect(session.run("bg")).toBe("[1] sleep 1000\n");
  expect(session.run("jobs")).toBe("[1]+  Running                 sleep 1000 &\n");
  expect(session.type("fg\n", 1)).toBe("fg\nsleep 1000\n");
  session.type("\x03");
  expect(session.run("jobs")).toBe("");
});

test("kill %1 ends a job and the shell says how it ended", () => {
  const session = new ShellSession();
  session.run("sleep 1000 &");
  session.run("kill %1");
  expect(session.run("sleep 1")).toBe("[1]+  Terminated              sleep 1000\n");
});

test("a background job that reads the terminal is stopped", () => {
  const session = new ShellSession();
  session.run("cat &");
  session.run("sleep 1");
  expect(session.run("jobs")).toContain("Stopped");
});

test("a shell within a shell has its own jobs and gives the terminal back", () => {
  const session = new ShellSession();
  session.run("sh");
  session.type("sleep 1000\n", 1);
  session.type("\x03");
  expect(session.run("exit 3")).toBe("");
  expect(session.run("echo $?")).toBe("3\n");
});

test("^C ends a loop that makes no call", () => {
  const session = new ShellSession();
  session.type("while :; do :; done\n", 0.02);
  expect(session.type("\x03")).toContain("^C");
  expect(session.run("echo $?")).toBe("130\n");
});

test("a loop that makes no call leaves the processor to others", () => {
  const session = new ShellSession();
  session.type("(while :; do :; done) &\n", 0.02);
  expect(session.type("echo here; kill $!; wait; echo over\n", 0.1)).toMatch(/here\n(.|\n)*over\n/);
});
