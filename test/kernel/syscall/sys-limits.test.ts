import { describe, expect, test } from "vitest";
import {
  EINVAL,
  EPERM,
  PRIO_PROCESS,
  RLIMIT_NOFILE,
  RLIMIT_STACK,
  RUSAGE_SELF,
  STATFS_LAYOUT,
  SYSINFO_LAYOUT,
  TMPFS_MAGIC,
} from "#abi";
import { runGuest } from "./guest.ts";

const INFINITE = 0xffffffffffffffffn;

describe("resource limits", () => {
  test("are what Linux starts a process with", () => {
    const seen = runGuest(function* (g) {
      const at = g.room(16);
      yield* g.call("prlimit64", 0, RLIMIT_STACK, 0, at);
      return [g.view(at, 16).getBigUint64(0, true), g.view(at, 16).getBigUint64(8, true)];
    });
    expect(seen).toEqual([8388608n, INFINITE]);
  });

  test("a soft one above the hard one is EINVAL, a hard one raised by a user EPERM", () => {
    const seen = runGuest(function* (g) {
      const above = yield* g.call("setrlimit", RLIMIT_NOFILE, g.words(20, 10));
      const lower = yield* g.call("setrlimit", RLIMIT_NOFILE, g.words(8, 10));
      yield* g.call("setuid", 1000);
      const raise = yield* g.call("setrlimit", RLIMIT_NOFILE, g.words(8, 11));
      return [above, lower, raise, yield* g.call("setrlimit", 16, g.words(1, 1))];
    });
    expect(seen).toEqual([-EINVAL, 0, -EPERM, -EINVAL]);
  });
});

test("getrusage tells time in the kernel", () => {
  const seen = runGuest(function* (g) {
    const at = g.room(144);
    for (let i = 0; i < 20; i++) yield* g.call("getppid");
    const result = yield* g.call("getrusage", RUSAGE_SELF, at);
    return [
      result,
      Number(g.view(at, 144).getBigInt64(24, true)),
      yield* g.call("getrusage", 7, at),
    ];
  });
  expect(seen[0]).toBe(0);
  expect(seen[1]).toBeGreaterThan(4);
  expect(seen[2]).toBe(-EINVAL);
});

test("a nice value is answered as 20 less, and only root lowers it", () => {
  const seen = runGuest(function* (g) {
    const first = yield* g.call("getpriority", PRIO_PROCESS, 0);
    yield* g.call("setpriority", PRIO_PROCESS, 0, 50);
    const raised = yield* g.call("getpriority", PRIO_PROCESS, 0);
    yield* g.call("setuid", 1000);
    return [first, raised, yield* g.call("setpriority", PRIO_PROCESS, 0, 0)];
  });
  expect(seen).toEqual([20, 1, -13]);
});

test("there is one processor", () => {
  const seen = runGuest(function* (g) {
    const mask = g.room(128);
    const size = yield* g.call("sched_getaffinity", 0, 128, mask);
    return [
      size,
      g.view(mask, 8).getBigUint64(0, true),
      yield* g.call("sched_getaffinity", 0, 3, mask),
    ];
  });
  expect(seen).toEqual([8, 1n, -EINVAL]);
});

test("the file system is a tmpfs, and the machine has 2 GiB", () => {
  const seen = runGuest(function* (g) {
    const fs = g.room(STATFS_LAYOUT.size);
    const info = g.room(SYSINFO_LAYOUT.size);
    yield* g.call("statfs", g.str("/"), fs);
    yield* g.call("sysinfo", info);
    return [
      Number(g.view(fs, 8).getBigInt64(0, true)),
      Number(g.view(info, 112).getBigUint64(32, true)),
      g.view(info, 112).getUint16(80, true),
    ];
  });
  expect(seen).toEqual([TMPFS_MAGIC, 2 ** 31, 1]);
});
