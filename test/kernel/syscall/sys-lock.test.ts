import { describe, expect, test } from "vitest";
import {
  EAGAIN,
  EBADF,
  EDEADLK,
  EINVAL,
  F_GETLK,
  F_GETPIPE_SZ,
  F_OFD_SETLK,
  F_RDLCK,
  F_SETLK,
  F_SETLKW,
  F_SETPIPE_SZ,
  F_UNLCK,
  F_WRLCK,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
} from "#abi";
import type { Proc, UserCall } from "#userland";
import { runBare } from "../../support/bare-machine.ts";
import { type Call, type Guest, runGuest } from "./guest.ts";

/** A struct flock. */
function lockAt(g: Guest, type: number, start: number, length: number): number {
  const at = g.room(32);
  g.store32(at, [type, 0, start, 0, length, 0, 0, 0]);
  return at;
}

const set = (g: Guest, fd: number, type: number, start = 0, length = 0): Call =>
  g.call("fcntl", fd, F_OFD_SETLK, lockAt(g, type, start, length));

describe("a record lock", () => {
  test("of another open file is in the way where it overlaps, and only there", () => {
    const seen = runGuest(function* (g) {
      const [a, b] = [yield* g.open("/f", O_RDWR | O_CREAT), yield* g.open("/f", O_RDWR)];
      return [
        yield* set(g, a, F_WRLCK, 10, 10),
        yield* set(g, b, F_RDLCK, 15, 1),
        yield* set(g, b, F_WRLCK, 20, 5),
        yield* set(g, a, F_UNLCK, 12, 6),
        yield* set(g, b, F_WRLCK, 12, 6),
        yield* set(g, b, F_WRLCK, 11, 1),
      ];
    });
    expect(seen).toEqual([0, -EAGAIN, 0, 0, 0, -EAGAIN]);
  });

  test("to read needs a descriptor that can, to write one that can", () => {
    const seen = runGuest(function* (g) {
      yield* g.open("/f", O_RDWR | O_CREAT);
      const reading = yield* g.open("/f", O_RDONLY);
      return [
        yield* set(g, reading, F_RDLCK),
        yield* set(g, reading, F_WRLCK),
        yield* g.call("fcntl", reading, F_SETLK, lockAt(g, 9, 0, 0)),
      ];
    });
    expect(seen).toEqual([0, -EBADF, -EINVAL]);
  });
});

/** fcntl's lock on one byte of a file by a program of the userland. */
function* lockByte(p: Proc, fd: number, command: number, at: number): UserCall {
  const lock = p.sys.push(32);
  p.mem.write(lock, new Uint8Array(32));
  p.mem.store32(lock, F_WRLCK);
  p.mem.store64(lock + 8, at);
  p.mem.store64(lock + 16, 1);
  const result = yield* p.sys.fcntl(fd, command, lock);
  if (result < 0 || command !== F_GETLK) return result;
  return (p.mem.load32(lock) & 0xffff) === F_UNLCK ? 0 : p.mem.load32(lock + 24);
}

describe("a process", () => {
  test("never stands in its own way, and loses its locks of a file with any close of it", () => {
    const { output } = runBare(
      function* (p) {
        const fd = yield* p.sys.open("/tmp/f", O_RDWR | O_CREAT);
        const own = [yield* lockByte(p, fd, F_SETLK, 0), yield* lockByte(p, fd, F_SETLK, 0)];
        yield* p.sys.wait4(yield* p.sys.spawn(p.entry("child"), fd));
        yield* p.sys.close(yield* p.sys.open("/tmp/f", O_RDWR));
        yield* p.sys.wait4(yield* p.sys.spawn(p.entry("child"), fd));
        yield* p.print(`${own}\n`);
        return 0;
      },
      {
        *child(p) {
          yield* p.print(`${yield* lockByte(p, p.arg, F_GETLK, 0)}\n`);
          return 0;
        },
      },
    );
    expect(output).toBe("2\n0\n0,0\n");
  });

  test("that would wait for one that waits for it is told of the deadlock", () => {
    const { output } = runBare(
      function* (p) {
        const fd = yield* p.sys.open("/tmp/f", O_RDWR | O_CREAT);
        yield* lockByte(p, fd, F_SETLKW, 0);
        const child = yield* p.sys.spawn(p.entry("child"), fd);
        yield* p.sys.nanosleep(1_000_000);
        yield* p.print(`${yield* lockByte(p, fd, F_SETLKW, 1)}\n`);
        yield* p.sys.close(fd);
        yield* p.sys.wait4(child);
        return 0;
      },
      {
        *child(p) {
          for (const at of [1, 0])
            yield* p.print(`child ${yield* lockByte(p, p.arg, F_SETLKW, at)}\n`);
          return 0;
        },
      },
    );
    expect(output).toBe(`child 0\n${-EDEADLK}\nchild 0\n`);
  });
});

test("flock belongs to the open file, however many descriptors it has", () => {
  const seen = runGuest(function* (g) {
    const [a, b] = [yield* g.open("/f", O_RDWR | O_CREAT), yield* g.open("/f", O_RDWR)];
    const copy = yield* g.call("dup", a);
    return [
      yield* g.call("flock", a, LOCK_SH),
      yield* g.call("flock", b, LOCK_SH),
      yield* g.call("flock", copy, LOCK_EX | LOCK_NB),
      yield* g.call("flock", b, LOCK_UN),
      yield* g.call("flock", copy, LOCK_EX | LOCK_NB),
      yield* g.call("flock", b, LOCK_SH | LOCK_NB),
      yield* g.call("close", a),
      yield* g.call("close", copy),
      yield* g.call("flock", b, LOCK_SH | LOCK_NB),
    ];
  });
  expect(seen).toEqual([0, 0, -EAGAIN, 0, 0, -EAGAIN, 0, 0, 0]);
});

test("a pipe's size is a power of two, and never less than what is inside", () => {
  const seen = runGuest(function* (g) {
    const at = g.room(8);
    yield* g.call("pipe2", at, 0);
    const [read, write] = [g.view(at, 8).getInt32(0, true), g.view(at, 8).getInt32(4, true)];
    const first = yield* g.call("fcntl", read, F_GETPIPE_SZ);
    const larger = yield* g.call("fcntl", read, F_SETPIPE_SZ, 70_000);
    yield* g.call("write", write, g.room(8192), 8192);
    return [first, larger, yield* g.call("fcntl", write, F_SETPIPE_SZ, 4096)];
  });
  expect(seen).toEqual([65536, 131072, -16]);
});
