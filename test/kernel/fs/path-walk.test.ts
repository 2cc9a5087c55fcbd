import { beforeEach, describe, expect, test } from "vitest";
import { EACCES, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR } from "#abi";
import { makeSymlink } from "../../../src/kernel/fs/namespace.ts";
import { lookupPath, pathOfDirectory } from "../../../src/kernel/fs/path-walk.ts";
import { makeWorld, type World } from "./fixture.ts";

let w: World;
const find = (path: string, follow = true, walker = w.root): number | string => {
  const found = lookupPath(walker, walker.fs.cwd, path, follow);
  return typeof found === "number" ? found : found.kind;
};
const link = (target: string, path: string): number =>
  makeSymlink(w.vfs, w.root, target, w.vfs.root, path);

beforeEach(() => {
  w = makeWorld();
  w.vfs.populate({ "/etc/passwd": "root", "/tmp": { dir: true }, "/secret/key": "k" });
});

test.each([
  ["/", "dir"],
  ["//etc///passwd", "file"],
  ["etc/../etc/./passwd", "file"],
  ["/../..", "dir"],
  ["etc/", "dir"],
  ["", -ENOENT],
  ["/etc/nothing", -ENOENT],
  ["/etc/nothing/more", -ENOENT],
  ["/etc/passwd/", -ENOTDIR],
  ["/etc/passwd/more", -ENOTDIR],
  ["/etc/passwd/..", -ENOTDIR],
  [`/${"n".repeat(255)}`, -ENOENT],
  [`/${"n".repeat(256)}`, -ENAMETOOLONG],
  [`/${"a/".repeat(2048)}`, -ENAMETOOLONG],
])("%s leads to %s", (path, expected) => {
  expect(find(path)).toBe(expected);
});

describe("symbolic links", () => {
  test("a link in the middle is followed, a last one only when asked", () => {
    link("etc", "/link");
    expect([find("/link/passwd"), find("/link", false), find("/link/", false)]).toEqual([
      "file",
      "symlink",
      "dir",
    ]);
  });

  test("a relative target starts at the directory of the link", () => {
    link("../etc/passwd", "/tmp/p");
    expect(find("/tmp/p")).toBe("file");
  });

  test("40 links in a row are followed, the 41st is ELOOP", () => {
    link("/etc/passwd", "/l1");
    for (let i = 2; i <= 41; i++) link(`/l${i - 1}`, `/l${i}`);
    expect([find("/l40"), find("/l41")]).toEqual(["file", -ELOOP]);
  });

  test("two links that point at each other are ELOOP, with a trailing slash too", () => {
    link("/b", "/a");
    link("/a", "/b");
    expect([find("/a"), find("/a/x"), find("/a/", false)]).toEqual([-ELOOP, -ELOOP, -ELOOP]);
  });

  test("a dangling link is ENOENT", () => {
    link("/nowhere", "/d");
    expect(find("/d")).toBe(-ENOENT);
  });
});

test("a directory that may not be searched is EACCES before the name is looked at", () => {
  const secret = w.vfs.find("/secret");
  if (secret !== undefined) secret.permissions = 0o700;
  expect(find("/secret/key", true, w.user)).toBe(-EACCES);
  expect(find(`/secret/${"n".repeat(256)}`, true, w.user)).toBe(-EACCES);
  expect(find("/secret/key")).toBe("file");
});

test("a directory knows its path until it is removed", () => {
  w.vfs.makeDirectories("/tmp/a/b");
  const b = w.vfs.find("/tmp/a/b");
  expect(b && pathOfDirectory(b, w.vfs.root)).toBe("/tmp/a/b");
  expect(pathOfDirectory(w.vfs.root, w.vfs.root)).toBe("/");
});
