import { describe, expect, test } from "vitest";
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  decodeStruct,
  EBADF,
  EEXIST,
  EFAULT,
  EINVAL,
  EMFILE,
  ENOENT,
  ENOTDIR,
  ENOTTY,
  ERANGE,
  ESPIPE,
  F_DUPFD,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_LARGEFILE,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  POLLIN,
  POLLNVAL,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  STAT_LAYOUT,
  TCGETS,
} from "#abi";
import { bootGuest, runGuest } from "./guest.ts";

const FILES = { "/f": "0123456789", "/d/x": "", "/d/y": "" };

describe("reading and writing", () => {
  test("the position moves with read and write, and not with pread64", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/f", O_RDWR);
      const buf = g.room(16);
      const first = yield* g.call("read", fd, buf, 4);
      yield* g.call("pread64", fd, buf, 2, 8);
      const tail = g.text(buf, 2);
      const at = yield* g.call("lseek", fd, 0, SEEK_CUR);
      yield* g.write(fd, "AB");
      yield* g.call("pread64", fd, buf, 10, 0);
      return [first, tail, at, g.text(buf, 10)];
    }, FILES);
    expect(results).toEqual([4, "89", 4, "0123AB6789"]);
  });

  test("refusals come in Linux's order", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/f", O_RDONLY);
      const dir = yield* g.open("/d", O_RDONLY | O_DIRECTORY);
      const buf = g.room(16);
      return [
        yield* g.call("read", 99, buf, 4),
        yield* g.call("write", fd, buf, 4),
        yield* g.call("read", fd, 8, 4),
        yield* g.call("read", dir, buf, 4),
        yield* g.call("lseek", fd, -1, SEEK_SET),
        yield* g.call("lseek", 0, 0, SEEK_SET),
        yield* g.call("lseek", fd, 3, SEEK_END),
        yield* g.call("read", fd, buf, 4),
        yield* g.call("pread64", fd, buf, 4, -1),
      ];
    }, FILES);
    expect(results).toEqual([-EBADF, -EBADF, -EFAULT, -21, -EINVAL, -ESPIPE, 13, 0, -EINVAL]);
  });

  test("writev gathers and readv scatters", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/new", O_RDWR | O_CREAT);
      const written = yield* g.call(
        "writev",
        fd,
        g.words(g.str("ab"), 2, 0, 0, g.str("cde"), 3),
        3,
      );
      yield* g.call("lseek", fd, 0, SEEK_SET);
      const [one, two] = [g.room(16), g.room(16)];
      const read = yield* g.call("readv", fd, g.words(one, 1, two, 10), 2);
      return [written, read, g.text(one, 1), g.text(two, 4)];
    });
    expect(results).toEqual([5, 5, "a", "bcde"]);
  });

  test("O_APPEND writes at the end wherever the position is", () => {
    const run = bootGuest(function* (g) {
      const fd = yield* g.open("/f", O_WRONLY | O_APPEND);
      yield* g.call("lseek", fd, 0, SEEK_SET);
      yield* g.write(fd, "!");
    }, FILES);
    run.run();
    expect(run.k.vfs.find("/f")?.readText()).toBe("0123456789!");
  });

  test("sendfile moves a file into a pipe and its own offset along", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/f", O_RDONLY);
      const ends = g.room(8);
      yield* g.call("pipe2", ends, 0);
      const [out, into] = [g.view(ends, 8).getInt32(0, true), g.view(ends, 8).getInt32(4, true)];
      const offset = g.words(3);
      const sent = yield* g.call("sendfile", into, fd, offset, 4);
      const buf = g.room(16);
      yield* g.call("read", out, buf, 16);
      return [sent, g.text(buf, 4), g.view(offset, 8).getInt32(0, true)];
    }, FILES);
    expect(results).toEqual([4, "3456", 7]);
  });
});

describe("descriptors", () => {
  test("dup, dup3 and fcntl share the file and have flags of their own", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/f", O_RDONLY);
      return [
        fd,
        yield* g.call("dup", fd),
        yield* g.call("fcntl", fd, F_DUPFD, 10),
        yield* g.call("dup3", fd, 20, O_CLOEXEC),
        yield* g.call("fcntl", 20, F_GETFD),
        yield* g.call("fcntl", fd, F_GETFD),
        yield* g.call("fcntl", fd, F_SETFD, FD_CLOEXEC),
        yield* g.call("fcntl", fd, F_SETFL, O_NONBLOCK | O_WRONLY),
        yield* g.call("fcntl", 20, F_GETFL),
        yield* g.call("dup3", fd, fd, 0),
        yield* g.call("dup3", 50, 51, 0),
        yield* g.call("dup3", fd, 5000, 0),
        yield* g.call("close", fd),
        yield* g.call("close", fd),
      ];
    }, FILES);
    expect(results).toEqual([
      3,
      4,
      10,
      20,
      1,
      0,
      0,
      0,
      O_NONBLOCK | O_LARGEFILE,
      -EINVAL,
      -EBADF,
      -EBADF,
      0,
      -EBADF,
    ]);
  });

  test("the 1025th open file is EMFILE", () => {
    const last = runGuest(function* (g) {
      let fd = 0;
      const path = g.str("/f");
      for (let i = 0; i < 1022; i++) fd = yield* g.call("openat", AT_FDCWD, path, O_RDONLY, 0);
      return fd;
    }, FILES);
    expect(last).toBe(-EMFILE);
  });

  test("a pipe with nobody to read sends its writer SIGPIPE", () => {
    const run = bootGuest(function* (g) {
      const ends = g.room(8);
      yield* g.call("pipe2", ends, 0);
      yield* g.call("close", 3);
      yield* g.write(4, "x");
      yield* g.write(1, "still here");
    });
    const sent: number[] = [];
    run.k.log.on("signal-send", (event) => sent.push(event.sig));
    run.run();
    expect(sent).toContain(13);
  });

  test("ioctl on a file is ENOTTY and on the console gives its settings", () => {
    const results = runGuest(function* (g) {
      const fd = yield* g.open("/f", O_RDONLY);
      const at = g.room(64);
      return [yield* g.call("ioctl", fd, TCGETS, at), yield* g.call("ioctl", 0, TCGETS, at)];
    }, FILES);
    expect(results).toEqual([-ENOTTY, 0]);
  });
});

describe("names", () => {
  test("getdents64 lists ., .. and the names, in pieces that fit", () => {
    const names = runGuest(function* (g) {
      const fd = yield* g.open("/d", O_RDONLY | O_DIRECTORY);
      const buf = g.room(64);
      const found: string[] = [];
      if ((yield* g.call("getdents64", fd, buf, 8)) !== -EINVAL) return ["no EINVAL"];
      for (;;) {
        const size = yield* g.call("getdents64", fd, buf, 50);
        if (size <= 0) return found;
        const view = g.view(buf, size);
        for (let at = 0; at < size; at += view.getUint16(at + 16, true)) {
          found.push(g.text(buf + at + 19, 2).replace(/\0.*/s, ""));
        }
      }
    }, FILES);
    expect(names).toEqual([".", "..", "x", "y"]);
  });

  test("the working directory follows renames and is lost with its directory", () => {
    const results = runGuest(function* (g) {
      const buf = g.room(64);
      yield* g.call("mkdirat", AT_FDCWD, g.str("a"), 0o755);
      yield* g.call("chdir", g.str("/a"));
      yield* g.call("renameat2", AT_FDCWD, g.str("/a"), AT_FDCWD, g.str("/b"), 0);
      const length = yield* g.call("getcwd", buf, 64);
      const path = g.text(buf, 2);
      const small = yield* g.call("getcwd", buf, 2);
      yield* g.call("unlinkat", AT_FDCWD, g.str("../b"), AT_REMOVEDIR);
      return [length, path, small, yield* g.call("getcwd", buf, 64)];
    });
    expect(results).toEqual([3, "/b", -ERANGE, -ENOENT]);
  });

  test("a path is relative to the descriptor given", () => {
    const results = runGuest(function* (g) {
      const dir = yield* g.open("/d", O_RDONLY | O_DIRECTORY);
      const file = yield* g.open("/f", O_RDONLY);
      const name = g.str("x");
      return [
        yield* g.call("faccessat", dir, name, 0),
        yield* g.call("faccessat", file, name, 0),
        yield* g.call("faccessat", 99, name, 0),
        yield* g.call("faccessat", 99, g.str("/f"), 0),
        yield* g.call("faccessat", 99, g.str(""), 0),
        yield* g.call("mkdirat", dir, name, 0o755),
      ];
    }, FILES);
    expect(results).toEqual([0, -ENOTDIR, -EBADF, 0, -ENOENT, -EEXIST]);
  });

  test("stat shows size, mode, links; a symlink has its own, and readlinkat its target", () => {
    const results = runGuest(function* (g) {
      const buf = g.room(128);
      yield* g.call("symlinkat", g.str("/f"), AT_FDCWD, g.str("/s"));
      yield* g.call("linkat", AT_FDCWD, g.str("/f"), AT_FDCWD, g.str("/h"), 0);
      yield* g.call("fchmodat", AT_FDCWD, g.str("/h"), 0o600);
      yield* g.call("newfstatat", AT_FDCWD, g.str("/s"), buf, 0);
      const f = decodeStruct(STAT_LAYOUT, g.view(buf, 128));
      yield* g.call("newfstatat", AT_FDCWD, g.str("/s"), buf, 0x100);
      const s = decodeStruct(STAT_LAYOUT, g.view(buf, 128));
      const length = yield* g.call("readlinkat", AT_FDCWD, g.str("/s"), buf, 64);
      return [f.st_size, f.st_mode, f.st_nlink, s.st_mode, s.st_size, g.text(buf, length)];
    }, FILES);
    expect(results).toEqual([10, 0o100600, 2, 0o120777, 2, "/f"]);
  });
});

test("a read of the console sleeps until somebody types a line", () => {
  const run = bootGuest(function* (g) {
    const buf = g.room(16);
    const size = yield* g.call("read", 0, buf, 16);
    yield* g.write(1, `got ${g.text(buf, size)}`);
  });
  run.run();
  expect(run.tty.waitingReaders).toBe(1);
  run.tty.type("hi\n");
  run.run();
  expect(run.screen()).toBe("hi\ngot hi\n");
});

test("ppoll answers what is ready, and its timeout otherwise", () => {
  const results = runGuest(function* (g) {
    const ends = g.room(8);
    yield* g.call("pipe2", ends, 0);
    const fds = g.put(new Uint8Array(new Int32Array([3, POLLIN, 99, POLLIN]).buffer));
    const bad = yield* g.call("ppoll", fds, 2, 0, 0, 8);
    const nval = g.view(fds, 16).getUint16(14, true);
    const empty = yield* g.call("ppoll", fds, 1, g.words(0, 1000), 0, 8);
    yield* g.write(4, "x");
    const ready = yield* g.call("ppoll", fds, 1, 0, 0, 8);
    return [bad, nval, empty, ready, g.view(fds, 8).getUint16(6, true)];
  });
  expect(results).toEqual([1, POLLNVAL, 0, 1, POLLIN]);
});
