import { describe, expect, test } from "vitest";
import { runCommand as runRaw, ShellSession } from "../../support/shell-session.ts";

/** Addresses depend on how much stack is in use; here they do not matter. */
const runCommand = (command: string): string => runRaw(command).replace(/0x3f[\da-f]+/g, "0xADDR");

describe("text", () => {
  test("a simple program, call by call", () => {
    expect(runCommand("strace -o /tmp/o cat /etc/hostname; cat /tmp/o")).toMatchInlineSnapshot(`
      "quicksand
      execve("/bin/cat", ["cat", "/etc/hostname"], 0xADDR /* 5 vars */) = 0
      openat(AT_FDCWD, "/etc/hostname", O_RDONLY) = 3
      read(3, "quicksand\\n", 65536)           = 10
      write(1, "quicksand\\n", 10)             = 10
      read(3, "", 65536)                      = 0
      close(3)                                = 0
      exit_group(0)                           = ?
      +++ exited with 0 +++
      "
    `);
  });

  test("signals, handlers and how the process ended", () => {
    const script = "trap : USR1; kill -USR1 $$; kill -9 $$";
    expect(
      runCommand(`strace -o /tmp/o -e kill sh -c '${script}'; cat /tmp/o`),
    ).toMatchInlineSnapshot(`
        "Killed
        kill(4, SIGUSR1)                        = 0
        --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=4, si_uid=0} ---
        kill(4, SIGKILL)                        = ?
        +++ killed by SIGKILL +++
        "
      `);
  });

  test("the return from a handler shows the mask that it brings back", () => {
    const script = "trap : USR1; kill -USR1 $$; true";
    const text = runCommand(`strace -o /tmp/o -e rt_sigreturn sh -c '${script}'; cat /tmp/o`);
    expect(text).toContain("rt_sigreturn({mask=[]})                 = 0\n");
  });

  test("a failure has its name and its words", () => {
    expect(runCommand("strace -e trace=%file ls /nope 2>&1 | grep nope")).toBe(
      'execve("/bin/ls", ["ls", "/nope"], 0xADDR /* 5 vars */) = 0\n' +
        'newfstatat(AT_FDCWD, "/nope", 0xADDR, 0) = -1 ENOENT (No such file or directory)\n' +
        "ls: cannot access '/nope': No such file or directory\n",
    );
  });

  test("long strings are cut at -s, 32 without it", () => {
    const command =
      "-o /tmp/o -e write echo 0123456789012345678901234567890123456789 >/dev/null; grep write /tmp/o";
    expect(runCommand(`strace ${command}`)).toBe(
      'write(1, "01234567890123456789012345678901"..., 41) = 41\n',
    );
    expect(runCommand(`strace -s 4 ${command}`)).toBe(
      'write(1, "0123"..., 41)                 = 41\n',
    );
  });
});

describe("options", () => {
  test("-f follows children, and -o puts every pid in front", () => {
    const text = runCommand(
      "strace -f -o /tmp/o -e trace=clone,execve,exit_group sh -c '/bin/true; /bin/true'; cat /tmp/o",
    );
    expect(text).not.toContain("attached");
    const lines = text.split("\n").slice(0, -1);
    expect(lines.every((line) => /^[456] {4} /.test(line))).toBe(true);
    expect(lines.at(-1)).toBe("4     +++ exited with 0 +++");
  });

  test("-f on the terminal marks the lines while there are several processes", () => {
    const lines = runCommand("strace -f -e trace=execve,wait4 sh -c '/bin/true; exit'").split("\n");
    expect(lines).toContain("strace: Process 5 attached");
    expect(lines.some((line) => line.startsWith("[pid     5] "))).toBe(true);
    expect(
      lines.some((line) =>
        /^<\.\.\. wait4 resumed>\[\{WIFEXITED\(s\) && WEXITSTATUS\(s\) == 0\}\], 0, NULL\) = 5$/.test(
          line,
        ),
      ),
    ).toBe(true);
    expect(lines.at(-2)).toBe("+++ exited with 0 +++");
  });

  test("-c counts calls and time in the kernel instead of telling, the longest first", () => {
    const lines = runCommand("strace -c cat /etc/hostname /nope 2>&1 | grep -v hostname").split(
      "\n",
    );
    expect(lines).toContain("% time     seconds  usecs/call     calls    errors syscall");
    const rows = lines.filter((line) => /^ *\d/.test(line)).map((line) => line.trim().split(/ +/));
    // execve reads a program and makes an address space; nothing else here takes as long.
    expect(rows[0]?.at(-1)).toBe("execve");
    expect(rows.find((row) => row.at(-1) === "openat")?.slice(3)).toEqual(["2", "1", "openat"]);
    expect(rows.every(([, seconds]) => Number(seconds) > 0)).toBe(true);
    expect(rows.at(-1)?.slice(3)).toEqual(["8", "1", "total"]);
  });

  test("-p attaches to a running process and ^C lets it go unharmed", () => {
    const session = new ShellSession();
    session.run("sleep 50 &");
    session.run("sleep 1");
    expect(session.type("strace -p 3\n", 1)).toContain("strace: Process 3 attached\n");
    expect(session.type("\x03")).toContain("strace: Process 3 detached\n");
    expect(session.run("ps -p 3 -o s,tracer,comm")).toBe("S  TRACER COMMAND\nS       0 sleep\n");
  });

  test("the exit status is the program's", () => {
    expect(runCommand("strace -o /dev/null sh -c 'exit 7'; echo $?")).toBe("7\n");
    expect(runCommand("strace -o /dev/null sh -c 'kill -TERM $$'; echo $?")).toBe(
      "Terminated\n143\n",
    );
  });
});

test.each([
  ["strace", "strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.\n"],
  ["strace nope", "strace: Can't stat 'nope': No such file or directory\n"],
  ["strace -p 99999", "strace: attach: ptrace(PTRACE_SEIZE, 99999): No such process\n"],
  ["strace -p x", "strace: Invalid process id: 'x'\nTry 'strace -h' for more information.\n"],
  [
    "strace -e nope ls",
    "strace: invalid system call 'nope'\nTry 'strace -h' for more information.\n",
  ],
  ["strace -Z ls", "strace: invalid option -- 'Z'\nTry 'strace -h' for more information.\n"],
])("%s", (command, message) => {
  expect(runCommand(command)).toBe(message);
});

test("a second tracer of the same process is refused", () => {
  const session = new ShellSession();
  session.run("sleep 50 &");
  session.run("strace -o /dev/null -p 3 &");
  expect(session.run("strace -p 3")).toBe(
    "strace: attach: ptrace(PTRACE_SEIZE, 3): Operation not permitted\n",
  );
});
