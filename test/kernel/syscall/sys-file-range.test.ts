import { expect, test } from "vitest";
import {
  EBADF,
  EINVAL,
  ENOENT,
  ENXIO,
  EOPNOTSUPP,
  ESPIPE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  O_RDONLY,
  O_RDWR,
  SEEK_CUR,
  SEEK_DATA,
  SEEK_HOLE,
} from "#abi";
import { runGuest } from "./guest.ts";

const ROOT = { "/f": "0123456789" };

test("preadv fills its buffers from a position and leaves the file's own", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.open("/f", O_RDONLY);
    const [a, b] = [g.room(8), g.room(8)];
    const got = yield* g.call("preadv", fd, g.words(a, 2, b, 3), 2, 4, 0);
    const at = yield* g.call("lseek", fd, 0, SEEK_CUR);
    return [got, g.text(a, 2), g.text(b, 3), at, yield* g.call("preadv", fd, 0, 0, -1, 0)];
  }, ROOT);
  expect(seen).toEqual([5, "45", "678", 0, -EINVAL]);
});

test("fallocate makes a file longer, and a hole in it zeros", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.open("/f", O_RDWR);
    const grown = yield* g.call("fallocate", fd, 0, 8, 4);
    const hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    const punched = yield* g.call("fallocate", fd, hole, 1, 2);
    const text = g.room(16);
    const size = yield* g.call("pread64", fd, text, 16, 0);
    const alone = yield* g.call("fallocate", fd, FALLOC_FL_PUNCH_HOLE, 1, 2);
    return [grown, punched, size, g.text(text, 5), alone];
  }, ROOT);
  expect(seen).toEqual([0, 0, 12, "0\0\x0034", -EOPNOTSUPP]);
});

test("SEEK_DATA stays where there is data, SEEK_HOLE goes to the end", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.open("/f", O_RDONLY);
    return [
      yield* g.call("lseek", fd, 3, SEEK_DATA),
      yield* g.call("lseek", fd, 3, SEEK_HOLE),
      yield* g.call("lseek", fd, 10, SEEK_DATA),
    ];
  }, ROOT);
  expect(seen).toEqual([3, 10, -ENXIO]);
});

test("copy_file_range copies within the kernel, and never onto itself", () => {
  const seen = runGuest(function* (g) {
    const from = yield* g.open("/f", O_RDONLY);
    const to = yield* g.open("/g", O_RDWR | 0o100);
    const at = g.words(6);
    const copied = yield* g.call("copy_file_range", from, at, to, 0, 100, 0);
    const text = g.room(8);
    yield* g.call("pread64", to, text, 8, 0);
    const moved = Number(g.view(at, 8).getBigInt64(0, true));
    const back = yield* g.call("copy_file_range", to, 0, from, 0, 1, 0);
    return [copied, g.text(text, 4), moved, back];
  }, ROOT);
  expect(seen).toEqual([4, "6789", 10, -EBADF]);
});

test("splice moves between a file and a pipe, which has no position", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.open("/f", O_RDONLY);
    const ends = g.room(8);
    yield* g.call("pipe2", ends, 0);
    const [read, write] = [g.view(ends, 8).getInt32(0, true), g.view(ends, 8).getInt32(4, true)];
    const moved = yield* g.call("splice", fd, 0, write, 0, 4, 0);
    const text = g.room(8);
    yield* g.call("read", read, text, 8);
    return [
      moved,
      g.text(text, 4),
      yield* g.call("splice", fd, 0, write, g.words(0), 4, 0),
      yield* g.call("splice", fd, 0, fd, 0, 4, 0),
    ];
  }, ROOT);
  expect(seen).toEqual([4, "0123", -ESPIPE, -EBADF]);
});

test("after chroot the names above are out of reach", () => {
  const seen = runGuest(
    function* (g) {
      const done = yield* g.call("chroot", g.str("/d"));
      yield* g.call("chdir", g.str("/"));
      const inside = yield* g.open("/../x", O_RDONLY);
      return [done, inside > 0, yield* g.open("/f", O_RDONLY)];
    },
    { ...ROOT, "/d/x": "inside" },
  );
  expect(seen).toEqual([0, true, -ENOENT]);
});
