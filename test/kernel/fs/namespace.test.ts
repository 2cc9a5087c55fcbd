import { beforeEach, describe, expect, test } from "vitest";
import {
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  O_RDWR,
  RENAME_EXCHANGE,
  RENAME_NOREPLACE,
} from "#abi";
import * as ns from "../../../src/kernel/fs/namespace.ts";
import type { OpenFile } from "../../../src/kernel/fs/open-file.ts";
import { pathOfDirectory } from "../../../src/kernel/fs/path-walk.ts";
import { makeWorld, type World } from "./fixture.ts";

let w: World;
const mkdir = (path: string): number => ns.makeDirectory(w.vfs, w.root, w.vfs.root, path, 0o777);
const unlink = (path: string): number => ns.unlink(w.vfs, w.root, w.vfs.root, path);
const rmdir = (path: string): number => ns.removeDirectory(w.vfs, w.root, w.vfs.root, path);
const mv = (from: string, to: string, flags = 0): number =>
  ns.rename(
    w.vfs,
    w.root,
    { start: w.vfs.root, path: from },
    { start: w.vfs.root, path: to },
    flags,
  );
const text = (path: string): string | undefined => w.vfs.find(path)?.readText();

beforeEach(() => {
  w = makeWorld();
  w.vfs.populate({ "/f": "f", "/g": "g", "/d/inner": "i", "/empty": { dir: true } });
});

test("mkdir takes a trailing slash, honours the umask and counts links", () => {
  expect(mkdir("/new/")).toBe(0);
  expect(w.vfs.find("/new")?.permissions).toBe(0o755);
  expect(w.vfs.find("/new")?.nlink).toBe(2);
  expect([mkdir("/new"), mkdir("/"), mkdir("/d/.."), mkdir("/no/way")]).toEqual([
    -EEXIST,
    -EEXIST,
    -EEXIST,
    -ENOENT,
  ]);
});

describe("unlink and rmdir", () => {
  test.each([
    ["/empty", -EISDIR],
    ["/empty/", -EISDIR],
    ["/f/", -ENOTDIR],
    ["/nothing", -ENOENT],
    ["/d/..", -EISDIR],
    ["/f", 0],
  ])("unlink %s is %d", (path, result) => {
    expect(unlink(path)).toBe(result);
  });

  test.each([
    ["/d", -ENOTEMPTY],
    ["/f", -ENOTDIR],
    ["/empty/.", -EINVAL],
    ["/empty/..", -ENOTEMPTY],
    ["/", -EBUSY],
    ["/empty", 0],
  ])("rmdir %s is %d", (path, result) => {
    expect(rmdir(path)).toBe(result);
  });

  test("a file without names lives as long as it is open, and its space with it", () => {
    const before = w.vfs.space.usedInodes;
    const file = w.open("/f", O_RDWR) as OpenFile;
    expect(unlink("/f")).toBe(0);
    expect([file.inode.readText(), file.inode.nlink]).toEqual(["f", 0]);
    expect(w.vfs.space.usedInodes).toBe(before);
    file.release();
    expect(w.vfs.space.usedInodes).toBe(before - 1);
  });

  test("nothing can be made in a directory that was removed", () => {
    const empty = w.vfs.find("/empty");
    rmdir("/empty");
    expect(empty && ns.makeDirectory(w.vfs, w.root, empty, "x", 0o777)).toBe(-ENOENT);
    expect(empty && pathOfDirectory(empty, w.vfs.root)).toBeUndefined();
  });

  test("in a sticky directory only the owner removes", () => {
    w.vfs.writeFile("/tmp/roots", "");
    const tmp = w.vfs.find("/tmp");
    if (tmp !== undefined) tmp.permissions = 0o1777;
    expect(ns.unlink(w.vfs, w.user, w.vfs.root, "/tmp/roots")).toBe(-EPERM);
    expect(ns.unlink(w.vfs, w.user, w.vfs.root, "/f")).toBe(-EACCES);
  });
});

test("a hard link is the same file and survives the first name", () => {
  const f = w.vfs.find("/f");
  const made = f && ns.makeLink(w.vfs, w.root, f, w.vfs.root, "/f2");
  expect([made, f?.nlink, unlink("/f"), text("/f2")]).toEqual([0, 2, 0, "f"]);
  const d = w.vfs.find("/d");
  expect(d && ns.makeLink(w.vfs, w.root, d, w.vfs.root, "/d2")).toBe(-EPERM);
});

describe("rename", () => {
  test.each([
    ["/f", "/g", 0, 0],
    ["/f", "/new", 0, 0],
    ["/f", "/g", RENAME_NOREPLACE, -EEXIST],
    ["/f", "/new", RENAME_EXCHANGE, -ENOENT],
    ["/f", "/g", RENAME_EXCHANGE | RENAME_NOREPLACE, -EINVAL],
    ["/nothing", "/g", 0, -ENOENT],
    ["/f", "/empty", 0, -EISDIR],
    ["/empty", "/f", 0, -ENOTDIR],
    ["/empty", "/d", 0, -ENOTEMPTY],
    ["/d", "/empty", 0, 0],
    ["/d", "/d/below", 0, -EINVAL],
    ["/d/inner", "/d", 0, -ENOTEMPTY],
    ["/f/", "/new", 0, -ENOTDIR],
    ["/f", "/new/", 0, -ENOTDIR],
    ["/d/.", "/new", 0, -EBUSY],
    ["/f", "/f", 0, 0],
  ])("%s to %s with flags %d is %d", (from, to, flags, result) => {
    expect(mv(from, to, flags)).toBe(result);
  });

  test("replaces what was there in one step", () => {
    mv("/f", "/g");
    expect([text("/g"), w.vfs.find("/f")]).toEqual(["f", undefined]);
  });

  test("exchange swaps a file and a directory", () => {
    expect(mv("/f", "/d", RENAME_EXCHANGE)).toBe(0);
    expect([text("/d"), text("/f/inner")]).toEqual(["f", "i"]);
  });

  test("a moved directory has a new way up, and link counts follow", () => {
    const d = w.vfs.find("/d");
    mv("/d", "/empty/d");
    expect(d && pathOfDirectory(d, w.vfs.root)).toBe("/empty/d");
    expect([w.vfs.find("/empty")?.nlink, w.vfs.find("/empty/d/..")]).toEqual([
      3,
      w.vfs.find("/empty"),
    ]);
  });
});
