import { describe, expect, test } from "vitest";
import {
  AF_UNIX,
  CLOCK_MONOTONIC,
  EAGAIN,
  EBADF,
  EEXIST,
  EFD_SEMAPHORE,
  EINVAL,
  ELOOP,
  ENOENT,
  EPERM,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLOUT,
  O_NONBLOCK,
  O_RDWR,
  SIG_BLOCK,
  SIGUSR1,
  SOCK_STREAM,
} from "#abi";
import { type Call, type Guest, runGuest } from "./guest.ts";

/** Reads one 64-bit number. */
function* read8(g: Guest, fd: number): Call {
  const at = g.room(8);
  const got = yield* g.call("read", fd, at, 8);
  return got < 0 ? got : Number(g.view(at, 8).getBigUint64(0, true));
}

const write8 = (g: Guest, fd: number, value: number): Call =>
  g.call("write", fd, g.words(value), 8);

function* watch(g: Guest, epfd: number, fd: number, events: number, op = EPOLL_CTL_ADD): Call {
  const event = g.room(16);
  g.store32(event, [events, 0, fd, 7]);
  return yield* g.call("epoll_ctl", epfd, op, fd, event);
}

/** What is ready now: descriptor and events of each. */
function* ready(g: Guest, epfd: number, timeoutMs = 0): Generator<undefined, number[][], void> {
  const at = g.room(16 * 8);
  const count = yield* g.call("epoll_pwait", epfd, at, 8, timeoutMs, 0, 8);
  const view = g.view(at, 16 * 8);
  return Array.from({ length: Math.max(0, count) }, (_, i) => [
    view.getUint32(i * 16 + 8, true),
    view.getUint32(i * 16, true),
  ]);
}

describe("eventfd", () => {
  test("adds what is written and gives all of it at once", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.call("eventfd2", 3, O_NONBLOCK);
      yield* write8(g, fd, 4);
      return [yield* read8(g, fd), yield* read8(g, fd), yield* g.call("read", fd, g.room(8), 4)];
    });
    expect(seen).toEqual([7, -EAGAIN, -EINVAL]);
  });

  test("as a semaphore gives one at a time", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.call("eventfd2", 2, EFD_SEMAPHORE | O_NONBLOCK);
      return [yield* read8(g, fd), yield* read8(g, fd), yield* read8(g, fd)];
    });
    expect(seen).toEqual([1, 1, -EAGAIN]);
  });
});

describe("timerfd", () => {
  test("counts the expirations that nobody read", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.call("timerfd_create", CLOCK_MONOTONIC, 0);
      yield* g.call("timerfd_settime", fd, 0, g.words(0, 1000_000, 0, 5000_000), 0);
      const first = yield* read8(g, fd);
      yield* g.call("nanosleep", g.words(0, 3500_000), 0);
      const more = yield* read8(g, fd);
      const left = g.room(32);
      yield* g.call("timerfd_gettime", fd, left);
      return [first, more, Number(g.view(left, 32).getBigInt64(24, true)) < 1000_000];
    });
    expect(seen).toEqual([1, 3, true]);
  });

  test("that is disarmed never expires", () => {
    const seen = runGuest(function* (g) {
      const fd = yield* g.call("timerfd_create", CLOCK_MONOTONIC, O_NONBLOCK);
      yield* g.call("timerfd_settime", fd, 0, g.words(0, 0, 0, 1000), 0);
      yield* g.call("timerfd_settime", fd, 0, g.words(0, 0, 0, 0), 0);
      yield* g.call("nanosleep", g.words(0, 5000), 0);
      return [yield* read8(g, fd), yield* g.call("timerfd_create", 99, 0)];
    });
    expect(seen).toEqual([-EAGAIN, -EINVAL]);
  });
});

test("a signalfd takes blocked signals off the queue and tells who sent them", () => {
  const seen = runGuest(function* (g) {
    const mask = g.words(2 ** (SIGUSR1 - 1));
    yield* g.call("rt_sigprocmask", SIG_BLOCK, mask, 0, 8);
    const fd = yield* g.call("signalfd4", -1, mask, 8, O_NONBLOCK);
    const info = g.room(128);
    const before = yield* g.call("read", fd, info, 128);
    yield* g.call("kill", 1, SIGUSR1);
    const got = yield* g.call("read", fd, info, 128);
    const view = g.view(info, 128);
    const again = yield* g.call("read", fd, info, 128);
    return [before, got, view.getUint32(0, true), view.getUint32(12, true), again];
  });
  expect(seen).toEqual([-EAGAIN, 128, SIGUSR1, 1, -EAGAIN]);
});

describe("epoll", () => {
  test("level-triggered reports for as long as there is something", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const fd = yield* g.call("eventfd2", 0, 0);
      const added = yield* watch(g, epfd, fd, EPOLLIN);
      const nothing = yield* ready(g, epfd);
      yield* write8(g, fd, 1);
      const twice = [...(yield* ready(g, epfd)), ...(yield* ready(g, epfd))];
      yield* read8(g, fd);
      return [added, nothing, twice.map(([, events]) => events), yield* ready(g, epfd)];
    });
    expect(seen).toEqual([0, [], [EPOLLIN, EPOLLIN], []]);
  });

  test("edge-triggered reports each stir once", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const fd = yield* g.call("eventfd2", 1, 0);
      yield* watch(g, epfd, fd, EPOLLIN | EPOLLET);
      const counts = [(yield* ready(g, epfd)).length, (yield* ready(g, epfd)).length];
      yield* write8(g, fd, 1);
      return [...counts, (yield* ready(g, epfd)).length, (yield* ready(g, epfd)).length];
    });
    expect(seen).toEqual([1, 0, 1, 0]);
  });

  test("one-shot is silent until it is modified", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const fd = yield* g.call("eventfd2", 1, 0);
      yield* watch(g, epfd, fd, EPOLLIN | EPOLLONESHOT);
      const counts = [(yield* ready(g, epfd)).length, (yield* ready(g, epfd)).length];
      yield* watch(g, epfd, fd, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
      return [...counts, (yield* ready(g, epfd)).length];
    });
    expect(seen).toEqual([1, 0, 1]);
  });

  test("wakes a sleeper when a timer fires, and times out when none does", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const timer = yield* g.call("timerfd_create", CLOCK_MONOTONIC, 0);
      yield* watch(g, epfd, timer, EPOLLIN);
      const timedOut = yield* ready(g, epfd, 1);
      yield* g.call("timerfd_settime", timer, 0, g.words(0, 0, 0, 1000), 0);
      return [timedOut, (yield* ready(g, epfd, -1))[0]?.[0] === timer];
    });
    expect(seen).toEqual([[], true]);
  });
});

describe("an epoll's files", () => {
  test("are forgotten with their last descriptor", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const fd = yield* g.call("eventfd2", 1, 0);
      yield* watch(g, epfd, fd, EPOLLIN);
      const copy = yield* g.call("dup", fd);
      yield* g.call("close", fd);
      const held = (yield* ready(g, epfd)).length;
      yield* g.call("close", copy);
      return [held, (yield* ready(g, epfd)).length];
    });
    expect(seen).toEqual([1, 0]);
  });

  test("tell that the other end of a socket has gone", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const pair = g.room(8);
      yield* g.call("socketpair", AF_UNIX, SOCK_STREAM, 0, pair);
      const [a, b] = [g.view(pair, 8).getInt32(0, true), g.view(pair, 8).getInt32(4, true)];
      yield* watch(g, epfd, a, EPOLLIN | EPOLLOUT);
      const open = yield* ready(g, epfd);
      yield* g.call("close", b);
      return [open, yield* ready(g, epfd)].map((list) => list[0]?.[1]);
    });
    expect(seen).toEqual([EPOLLOUT, EPOLLIN | EPOLLOUT | EPOLLHUP]);
  });

  test("are refused where there is nothing to watch", () => {
    const seen = runGuest(function* (g) {
      const epfd = yield* g.call("epoll_create1", 0);
      const inner = yield* g.call("epoll_create1", 0);
      const file = yield* g.open("/f", O_RDWR | 0o100);
      const event = yield* g.call("eventfd2", 0, 0);
      yield* watch(g, epfd, event, EPOLLIN);
      yield* watch(g, inner, epfd, EPOLLIN);
      return [
        yield* watch(g, epfd, file, EPOLLIN),
        yield* watch(g, epfd, epfd, EPOLLIN),
        yield* watch(g, epfd, event, EPOLLIN),
        yield* watch(g, epfd, inner, EPOLLIN),
        yield* watch(g, epfd, file, EPOLLIN, EPOLL_CTL_DEL),
        yield* watch(g, epfd, 99, EPOLLIN),
        yield* g.call("epoll_pwait", event, g.room(16), 1, 0, 0, 8),
      ];
    });
    expect(seen).toEqual([-EPERM, -EINVAL, -EEXIST, -ELOOP, -ENOENT, -EBADF, -EINVAL]);
  });
});

test("pselect6 tells the ready descriptors by their bits, and a closed one is EBADF", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.call("eventfd2", 1, 0);
    const [reading, writing] = [g.words(2 ** fd), g.words(2 ** fd)];
    const count = yield* g.call("pselect6", fd + 1, reading, writing, 0, g.words(0, 0), 0);
    const bits = Number(g.view(reading, 8).getBigUint64(0, true));
    const bad = yield* g.call("pselect6", 60, g.words(2 ** 50), 0, 0, 0, 0);
    return [count, bits === 2 ** fd, bad];
  });
  expect(seen).toEqual([2, true, -EBADF]);
});

test("a memfd is a file without a name", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.call("memfd_create", g.str("x"), 0);
    yield* g.write(fd, "text");
    const at = g.room(8);
    return [yield* g.call("pread64", fd, at, 8, 0), g.text(at, 4)];
  });
  expect(seen).toEqual([4, "text"]);
});
