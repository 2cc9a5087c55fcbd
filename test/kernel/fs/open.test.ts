import { beforeEach, describe, expect, test } from "vitest";
import {
  EACCES,
  EEXIST,
  EFBIG,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ETXTBSY,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "#abi";
import { FileData } from "../../../src/kernel/fs/file-data.ts";
import { makeSymlink } from "../../../src/kernel/fs/namespace.ts";
import { FILE_SIZE_MAX_BYTES } from "../../../src/kernel/lib/limits.ts";
import { makeCaller, makeWorld, now, type World } from "./fixture.ts";

let w: World;
const result = (path: string, flags: number): number | string => {
  const file = w.open(path, flags);
  return typeof file === "number" ? file : file.inode.kind;
};

beforeEach(() => {
  w = makeWorld();
  w.vfs.populate({
    "/f": "text",
    "/d": { dir: true },
    "/bin/prog": { name: "prog", entries: {} },
  });
  makeSymlink(w.vfs, w.root, "/f", w.vfs.root, "/link");
  makeSymlink(w.vfs, w.root, "/made", w.vfs.root, "/dangling");
});

test.each([
  ["/f", O_RDONLY, "file"],
  ["/nothing", O_RDWR, -ENOENT],
  ["/nothing", O_CREAT | O_WRONLY, "file"],
  ["/nothing/", O_CREAT | O_WRONLY, -EISDIR],
  ["/f", O_CREAT | O_EXCL | O_WRONLY, -EEXIST],
  ["/link", O_CREAT | O_EXCL | O_WRONLY, -EEXIST],
  ["/d", O_RDONLY, "dir"],
  ["/d", O_WRONLY, -EISDIR],
  ["/d", O_CREAT, -EISDIR],
  ["/f", O_DIRECTORY, -ENOTDIR],
  ["/link", O_NOFOLLOW, -ELOOP],
  ["/link", O_NOFOLLOW | O_PATH, "symlink"],
  ["/f/x", O_RDONLY, -ENOTDIR],
  ["/bin/prog", O_RDONLY, "file"],
  ["/bin/prog", O_WRONLY, -ETXTBSY],
])("open %s with flags %d gives %s", (path, flags, expected) => {
  expect(result(path, flags)).toBe(expected);
});

test("creation through a dangling link makes the link's target", () => {
  expect(result("/dangling", O_CREAT | O_WRONLY)).toBe("file");
  expect(w.vfs.find("/made")?.kind).toBe("file");
});

test("a stranger may not write, nor create where it may not write", () => {
  expect(w.open("/f", O_WRONLY, w.user)).toBe(-EACCES);
  expect(w.open("/f", O_RDONLY | O_TRUNC, w.user)).toBe(-EACCES);
  expect(w.open("/new", O_CREAT, w.user)).toBe(-EACCES);
});

test("creation flags are gone from F_GETFL, which shows O_LARGEFILE", () => {
  const file = w.open("/f", O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC);
  expect(typeof file === "number" ? file : file.flags).toBe(O_RDWR | O_APPEND | O_LARGEFILE);
  expect(w.vfs.find("/f")?.size).toBe(0);
});

test("a program's file says whose it is, and can be run", () => {
  const prog = w.vfs.find("/bin/prog");
  expect([prog?.readText(), prog?.program?.name, prog?.mode]).toEqual([
    "#!quicksand-program prog\n",
    "prog",
    0o100755,
  ]);
});

describe("a generated file", () => {
  test("is made anew when it is read from its beginning, and stays whole in between", () => {
    let count = 0;
    w.vfs.place(
      "/count",
      w.vfs.makeGeneratedFile(() => `${++count} text`),
    );
    const file = w.open("/count", O_RDONLY);
    if (typeof file === "number") throw new Error("open failed");
    const read = (at: number): string =>
      String.fromCharCode(...(now(file.ops.read?.(file, at, 3, makeCaller()) ?? 0) as Uint8Array));
    expect([read(0), read(3), read(6), read(0)]).toEqual(["1 t", "ext", "", "2 t"]);
  });

  test("lives in a directory that makes its names up", () => {
    const names = {
      list: () => [{ name: "7", kind: "dir" as const }],
      lookup: (name: string) =>
        name === "7"
          ? w.vfs.makeDynamicDirectory({
              list: () => [],
              lookup: () => w.vfs.makeGeneratedFile(() => "x"),
            })
          : undefined,
    };
    w.vfs.place("/proc", w.vfs.makeDynamicDirectory(names));
    expect([result("/proc/7/status", O_RDONLY), result("/proc/8", O_RDONLY)]).toEqual([
      "file",
      -ENOENT,
    ]);
    expect(w.vfs.find("/proc/7/..")).toBe(w.vfs.find("/proc"));
    expect(result("/proc/new", O_CREAT)).toBe(-ENOENT);
  });
});

test("a file stops growing at its limit and the space of all files is counted", () => {
  const data = new FileData(w.vfs.space);
  const before = w.vfs.space.usedBytes;
  expect(data.write(FILE_SIZE_MAX_BYTES, Uint8Array.of(1))).toBe(-EFBIG);
  expect(data.write(FILE_SIZE_MAX_BYTES - 1, Uint8Array.of(1, 2))).toBe(1);
  expect(w.vfs.space.usedBytes - before).toBe(FILE_SIZE_MAX_BYTES);
  expect([data.resize(0), w.vfs.space.usedBytes]).toEqual([0, before]);
});

test("what is cut off and grown again reads as zeros", () => {
  const data = new FileData(w.vfs.space);
  data.write(0, Uint8Array.of(1, 2, 3));
  data.resize(1);
  data.resize(3);
  expect([...data.read(0, 10)]).toEqual([1, 0, 0]);
});
