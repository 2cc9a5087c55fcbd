import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLD_EXITED,
  constantName,
  decodeSiginfo,
  decodeUtsname,
  encodeSiginfo,
  encodeUtsname,
  errnoName,
  PTRACE_EVENT_EXEC,
  readField,
  SEGV_MAPERR,
  SI_QUEUE,
  SI_TKILL,
  SIGCHLD,
  SIGKILL,
  SIGSEGV,
  SIGTRAP,
  SIGUSR1,
  STAT_LAYOUT,
  SYSCALL_NUMBERS,
  signalDefault,
  signalName,
  signalNumber,
  strerror,
  structBytes,
  syscallName,
  viewOf,
  waitStatusExited,
  waitStatusSignaled,
  waitStatusStopped,
  wexitstatus,
  wifcontinued,
  wifexited,
  wifsignaled,
  wifstopped,
  writeField,
  wstopevent,
  wstopsig,
  wtermsig,
} from "#abi";

test("the numbers are riscv64's: no open, openat is 56, exit_group is 94", () => {
  expect("open" in SYSCALL_NUMBERS).toBe(false);
  expect([SYSCALL_NUMBERS.openat, SYSCALL_NUMBERS.exit_group]).toEqual([56, 94]);
  expect(syscallName(260)).toBe("wait4");
  expect(syscallName(9999)).toBeUndefined();
});

test("an errno has a name and glibc's text, negated or not", () => {
  expect([errnoName(-2), strerror(-2)]).toEqual(["ENOENT", "No such file or directory"]);
  expect([errnoName(600), strerror(600)]).toEqual([undefined, "Unknown error 600"]);
});

test("real-time signals are named by their distance from SIGRTMIN", () => {
  expect([signalName(9), signalName(32), signalName(35), signalName(65)]).toEqual([
    "SIGKILL",
    "SIGRTMIN",
    "SIGRT_3",
    undefined,
  ]);
  expect([signalNumber("int"), signalNumber("SIGKILL"), signalNumber("15")]).toEqual([2, 9, 15]);
  expect(signalNumber("nothing")).toBeUndefined();
});

test("SIGCHLD is ignored, SIGSEGV dumps core, SIGUSR1 ends a process by default", () => {
  expect([SIGCHLD, SIGSEGV, SIGUSR1, SIGKILL].map(signalDefault)).toEqual([
    "ignore",
    "core",
    "terminate",
    "terminate",
  ]);
});

describe("wait status", () => {
  test("exactly one of the four predicates holds for any status made here", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 0, max: 255 }).map(waitStatusExited),
          fc
            .tuple(fc.integer({ min: 1, max: 64 }), fc.boolean())
            .map(([s, c]) => waitStatusSignaled(s, c)),
          fc
            .tuple(fc.integer({ min: 1, max: 0xc0 }), fc.integer({ min: 0, max: 128 }))
            .map(([s, e]) => waitStatusStopped(s, e)),
          fc.constant(0xffff),
        ),
        (status) => {
          const kinds = [wifexited, wifsignaled, wifstopped, wifcontinued].filter((is) =>
            is(status),
          );
          expect(kinds).toHaveLength(1);
        },
      ),
    );
  });

  test("an event stop carries its event above the signal", () => {
    const status = waitStatusStopped(SIGTRAP, PTRACE_EVENT_EXEC);
    expect([status, wstopsig(status), wstopevent(status)]).toEqual([0x4057f, 5, 4]);
  });

  test("an exit code keeps 8 bits and a core dump does not hide its signal", () => {
    expect(wexitstatus(waitStatusExited(0x1ff))).toBe(255);
    expect(wtermsig(waitStatusSignaled(SIGSEGV, true))).toBe(SIGSEGV);
  });
});

test("64-bit fields come back as they went in, up to 2^53 either way", () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      writeField(view, 0, "s64", value);
      expect(readField(view, 0, "s64")).toBe(value);
      expect(view.getBigInt64(0, true)).toBe(BigInt(value));
    }),
  );
});

test("struct stat has st_size at 48 and st_ctime at 104", () => {
  const view = viewOf(structBytes(STAT_LAYOUT, { st_size: 5, st_ctime: 7 }));
  expect([view.byteLength, view.getInt32(48, true), view.getInt32(104, true)]).toEqual([128, 5, 7]);
});

test.each([
  {
    si_signo: SIGCHLD,
    si_errno: 0,
    si_code: CLD_EXITED,
    si_pid: 7,
    si_uid: 1,
    si_status: 3,
    si_utime: 0,
    si_stime: 0,
  },
  { si_signo: SIGSEGV, si_errno: 0, si_code: SEGV_MAPERR, si_addr: 0x1000 },
  { si_signo: SIGUSR1, si_errno: 0, si_code: SI_TKILL, si_pid: 7, si_uid: 0, si_value: 0 },
  { si_signo: SIGUSR1, si_errno: 0, si_code: SI_QUEUE, si_pid: 7, si_uid: 0, si_value: 42 },
  // A ptrace stop's siginfo: its code is above SI_KERNEL, so pid and uid are valid.
  {
    si_signo: SIGTRAP,
    si_errno: 0,
    si_code: (PTRACE_EVENT_EXEC << 8) | SIGTRAP,
    si_pid: 9,
    si_uid: 0,
  },
])("siginfo $si_signo/$si_code keeps the members of its kind", (info) => {
  expect(decodeSiginfo(encodeSiginfo(info))).toEqual(info);
});

test("utsname fields hold 64 characters and a NUL", () => {
  const long = "x".repeat(80);
  const name = {
    sysname: "Linux",
    nodename: long,
    release: "2.6.32",
    version: "#1",
    machine: "riscv64",
    domainname: "",
  };
  expect(decodeUtsname(encodeUtsname(name))).toEqual({ ...name, nodename: "x".repeat(64) });
});

test("constants are found by prefix within one header", () => {
  expect(constantName("fcntl", "SEEK_", 2)).toBe("SEEK_END");
  expect(constantName("ptrace", "PTRACE_EVENT_", 4)).toBe("PTRACE_EVENT_EXEC");
});
