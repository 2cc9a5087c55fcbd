import { describe, expect, test } from "vitest";
import {
  _LINUX_CAPABILITY_VERSION_3,
  AT_FDCWD,
  CAP_KILL,
  CAP_NET_RAW,
  EACCES,
  EINVAL,
  EPERM,
  O_RDONLY,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_READ,
  PR_GET_NO_NEW_PRIVS,
  PR_SET_KEEPCAPS,
  PR_SET_NO_NEW_PRIVS,
  type SyscallName,
} from "#abi";
import { type Call, type Guest, runGuest } from "./guest.ts";

/** The three ids of getresuid or getresgid. */
function* ids(g: Guest, name: SyscallName): Generator<undefined, number[], void> {
  const at = [0, 1, 2].map(() => g.room(4));
  yield* g.call(name, ...at);
  return at.map((address) => g.view(address, 4).getUint32(0, true));
}

interface CapSets {
  readonly effective: number;
  readonly permitted: number;
}

function* capabilities(g: Guest): Generator<undefined, CapSets, void> {
  const header = g.room(8);
  const data = g.room(24);
  g.store32(header, [_LINUX_CAPABILITY_VERSION_3, 0]);
  yield* g.call("capget", header, data);
  const view = g.view(data, 12);
  return { effective: view.getUint32(0, true), permitted: view.getUint32(4, true) };
}

function* setCapabilities(g: Guest, effective: number, permitted: number): Call {
  const header = g.room(8);
  const data = g.room(24);
  g.store32(header, [_LINUX_CAPABILITY_VERSION_3, 0]);
  g.store32(data, [effective, permitted, 0, 0, 0, 0]);
  return yield* g.call("capset", header, data);
}

describe("user ids", () => {
  test("setuid by root changes all three, and there is no way back", () => {
    const seen = runGuest(function* (g) {
      const first = yield* g.call("setuid", 1000);
      const now = yield* ids(g, "getresuid");
      return [first, now, yield* g.call("setuid", 0), yield* g.call("setresuid", -1, 0, -1)];
    });
    expect(seen).toEqual([0, [1000, 1000, 1000], -EPERM, -EPERM]);
  });

  test("an effective user can become the saved one again", () => {
    const seen = runGuest(function* (g) {
      yield* g.call("setresuid", 1000, 1000, 0);
      const lowered = (yield* capabilities(g)).effective;
      const back = yield* g.call("setresuid", -1, 0, -1);
      return [lowered, back, yield* ids(g, "getresuid"), (yield* capabilities(g)).effective !== 0];
    });
    expect(seen).toEqual([0, 0, [1000, 0, 0], true]);
  });

  test("setreuid sets the saved id where the real one is set", () => {
    const seen = runGuest(function* (g) {
      const first = yield* g.call("setreuid", 5, 7);
      return [first, yield* ids(g, "getresuid"), yield* g.call("setreuid", 9, -1)];
    });
    expect(seen).toEqual([0, [5, 7, 7], -EPERM]);
  });

  test("-1 is no user", () => {
    expect(runGuest((g) => g.call("setuid", -1))).toBe(-EINVAL);
  });

  test("keeping capabilities keeps the permitted set, not the effective one", () => {
    const seen = runGuest(function* (g) {
      yield* g.call("prctl", PR_SET_KEEPCAPS, 1);
      yield* g.call("setuid", 1000);
      return yield* capabilities(g);
    });
    expect(seen).toEqual({ effective: 0, permitted: 0xffffffff });
  });
});

describe("groups", () => {
  test("a supplementary group opens what its members may read", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.open("/f", 0o101, 0o040);
      yield* g.call("fchmod", fd, 0o040);
      yield* g.call("fchownat", AT_FDCWD, g.str("/f"), 0, 50, 0);
      const list = g.room(8);
      g.store32(list, [60, 50]);
      const set = yield* g.call("setgroups", 2, list);
      yield* g.call("setuid", 1000);
      const opened = yield* g.open("/f", O_RDONLY);
      const count = yield* g.call("getgroups", 0, 0);
      const short = yield* g.call("getgroups", 1, list);
      return [set, opened > 0, count, short, yield* g.call("setgroups", 0, 0)];
    });
    expect(seen).toEqual([0, true, 2, -EINVAL, -EPERM]);
  });

  test("without it they are refused", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.open("/f", 0o101, 0o040);
      yield* g.call("fchmod", fd, 0o040);
      yield* g.call("fchown", fd, 0, 50);
      yield* g.call("setuid", 1000);
      return yield* g.open("/f", O_RDONLY);
    });
    expect(seen).toBe(-EACCES);
  });
});

describe("capabilities", () => {
  test("what is dropped from the permitted set does not come back", () => {
    const seen = runGuest(function* (g) {
      const kill = 1 << CAP_KILL;
      const dropped = yield* setCapabilities(g, 0, kill);
      const raised = yield* setCapabilities(g, kill, kill);
      return [dropped, raised, yield* setCapabilities(g, kill, kill | (1 << CAP_NET_RAW))];
    });
    expect(seen).toEqual([0, 0, -EPERM]);
  });

  test("root without CAP_DAC_OVERRIDE is a user like others", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.open("/f", 0o101, 0);
      yield* g.call("fchmod", fd, 0);
      const before = yield* g.open("/f", O_RDONLY);
      yield* setCapabilities(g, 0, 0);
      return [before > 0, yield* g.open("/f", O_RDONLY)];
    });
    expect(seen).toEqual([true, -EACCES]);
  });

  test("an unknown version is told which one is spoken", () => {
    const seen = runGuest(function* (g) {
      const header = g.room(8);
      g.store32(header, [1, 0]);
      const asked = yield* g.call("capget", header, 0);
      return [asked, g.view(header, 4).getUint32(0, true), yield* g.call("capset", header, 0)];
    });
    expect(seen).toEqual([0, _LINUX_CAPABILITY_VERSION_3, -14]);
  });

  test("an ambient one must be permitted and inheritable", () => {
    const seen = runGuest(function* (g) {
      const raise = yield* g.call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL);
      const isSet = yield* g.call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL);
      const bounded = yield* g.call("prctl", PR_CAPBSET_READ, CAP_KILL);
      return [raise, isSet, bounded, yield* g.call("prctl", PR_CAPBSET_READ, 63)];
    });
    expect(seen).toEqual([-EPERM, 0, 1, -EINVAL]);
  });
});

test("no_new_privs is set once and for all", () => {
  const seen = runGuest(function* (g) {
    const before = yield* g.call("prctl", PR_GET_NO_NEW_PRIVS);
    const unset = yield* g.call("prctl", PR_SET_NO_NEW_PRIVS, 0);
    const set = yield* g.call("prctl", PR_SET_NO_NEW_PRIVS, 1);
    return [before, unset, set, yield* g.call("prctl", PR_GET_NO_NEW_PRIVS)];
  });
  expect(seen).toEqual([0, -EINVAL, 0, 1]);
});
