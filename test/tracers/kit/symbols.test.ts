import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteBytes } from "../../../src/tracers/kit/quote.ts";
import { siginfoText } from "../../../src/tracers/kit/siginfo-text.ts";
import { modeText, sigsetText, waitStatusText } from "../../../src/tracers/kit/structures.ts";
import { enumText, flagsText } from "../../../src/tracers/kit/symbols.ts";

describe("flags, as strace 6.1 prints them", () => {
  test.each([
    ["open", 0, "O_RDONLY"],
    ["open", 0o1101, "O_WRONLY|O_CREAT|O_TRUNC"],
    ["open", 0o2204000, "O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY"],
    ["open", 0o4010002, "O_RDWR|O_SYNC"],
    ["map", 0x22, "MAP_PRIVATE|MAP_ANONYMOUS"],
    ["prot", 0, "PROT_NONE"],
    ["prot", 3, "PROT_READ|PROT_WRITE"],
    ["clone", 17, "SIGCHLD"],
    ["clone", 0x1200011, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD"],
    ["clone", 0x50f00, "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM"],
    ["access", 0, "F_OK"],
    ["access", 6, "R_OK|W_OK"],
    ["wait", 3, "WNOHANG|WSTOPPED"],
    ["wait", 0, "0"],
    ["futex", 0x80, "FUTEX_WAIT_PRIVATE"],
    ["sa", 0x10000000, "SA_RESTART"],
    ["pipe", 0o2000000, "O_CLOEXEC"],
    ["fd", 0x10, "0x10"],
  ] as const)("%s %d is %s", (set, value, text) => {
    expect(flagsText(set, value)).toBe(text);
  });

  test("no bit of a word is lost: what has no name is shown in hex", () => {
    fc.assert(
      fc.property(fc.constantFrom("open", "map", "clone", "wait", "sa"), fc.nat(), (set, word) => {
        const hex = /0x[\da-f]+/.exec(flagsText(set as "open", word))?.[0];
        expect(Number(hex ?? 0) & ~word).toBe(0);
      }),
    );
  });
});

test("numbers of closed lists have one name, unknown ones their number", () => {
  expect(enumText("whence", 2)).toBe("SEEK_END");
  expect(enumText("ptrace-request", 0x4206)).toBe("PTRACE_SEIZE");
  expect(enumText("ptrace-request", 0)).toBe("PTRACE_TRACEME");
  expect(enumText("fcntl-cmd", 0)).toBe("F_DUPFD");
  expect(enumText("ioctl-cmd", 0x5413)).toBe("TIOCGWINSZ");
  expect(enumText("whence", 99)).toBe("0x63 /* SEEK_??? */");
});

test("strings are escaped as in C, octal as short as it can be", () => {
  const bytes = Uint8Array.from([97, 34, 92, 10, 0, 49, 0, 200, 127]);
  expect(quoteBytes(bytes, 32)).toBe('"a\\"\\\\\\n\\0001\\0\\310\\177"');
  expect(quoteBytes(bytes, 1)).toBe('"a"...');
});

test.each([
  [0x0000, "{WIFEXITED(s) && WEXITSTATUS(s) == 0}"],
  [0x0300, "{WIFEXITED(s) && WEXITSTATUS(s) == 3}"],
  [0x0009, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}"],
  [0x008b, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}"],
  [0x137f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}"],
  [0x857f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP | 0x80}"],
  [0xffff, "{WIFCONTINUED(s)}"],
])("wait status %d", (status, text) => {
  expect(waitStatusText(status)).toBe(text);
});

test("modes and signal sets", () => {
  expect(modeText(0o100644)).toBe("S_IFREG|0644");
  expect(modeText(0o41777)).toBe("S_IFDIR|S_ISVTX|0777");
  expect(modeText(0)).toBe("000");
  expect(sigsetText(0, 0)).toBe("[]");
  expect(sigsetText(0x10002, 0)).toBe("[INT CHLD]");
  expect(sigsetText(0xfffbfeff, 0xffffffff)).toBe("~[KILL STOP]");
});

test("siginfo of a child, of kill and of a fault", () => {
  const base = { si_errno: 0, si_pid: 12, si_uid: 0 };
  expect(
    siginfoText({ ...base, si_signo: 17, si_code: 1, si_status: 3, si_utime: 0, si_stime: 0 }),
  ).toBe(
    "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12, si_uid=0, si_status=3, si_utime=0, si_stime=0}",
  );
  expect(siginfoText({ ...base, si_signo: 10, si_code: 0 })).toBe(
    "{si_signo=SIGUSR1, si_code=SI_USER, si_pid=12, si_uid=0}",
  );
  expect(siginfoText({ si_signo: 11, si_errno: 0, si_code: 1, si_addr: 0 })).toBe(
    "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}",
  );
});
