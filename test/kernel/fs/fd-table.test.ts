import { beforeEach, expect, test } from "vitest";
import { EBADF, EISDIR, EMFILE, O_RDONLY, O_WRONLY } from "#abi";
import { FdTable } from "../../../src/kernel/fs/fd-table.ts";
import { openInode } from "../../../src/kernel/fs/open.ts";
import type { OpenFile } from "../../../src/kernel/fs/open-file.ts";
import { makeCaller, makeWorld, type World } from "./fixture.ts";

let w: World;
let table: FdTable;
const open = (path = "/f"): OpenFile => w.open(path, O_RDONLY) as OpenFile;

beforeEach(() => {
  w = makeWorld();
  w.vfs.populate({ "/f": "text" });
  table = new FdTable();
});

test("a new descriptor is the lowest that is free", () => {
  expect([table.install(open()), table.install(open()), table.install(open())]).toEqual([0, 1, 2]);
  table.close(1);
  expect([table.install(open()), table.install(open(), false, 10)]).toEqual([1, 10]);
});

test("the limit is EMFILE and a closed descriptor EBADF", () => {
  table.install(open());
  expect([table.install(open(), false, 0, 1), table.close(5), table.get(-1)]).toEqual([
    -EMFILE,
    -EBADF,
    undefined,
  ]);
});

test("a duplicate shares the position; the file closes with its last descriptor", () => {
  const { vfs } = w;
  const inode = vfs.makePipe();
  const caller = makeCaller();
  const writer = openInode(vfs, inode, O_WRONLY, caller) as OpenFile;
  const fd = table.install(writer);
  table.installAt(writer, 7, false);
  expect(table.get(7)).toBe(table.get(fd));
  const pipe = inode.body.kind === "fifo" ? inode.body.pipe : undefined;
  table.close(fd);
  expect(pipe?.writers).toBe(1);
  table.close(7);
  expect(pipe?.writers).toBe(0);
});

test("a copy keeps its descriptors when the original closes them", () => {
  const fd = table.install(open());
  const copy = table.copy();
  table.close(fd);
  expect([table.get(fd), copy.get(fd)?.inode.readText()]).toEqual([undefined, "text"]);
});

test("a shared table closes everything only with its last user", () => {
  const fd = table.install(open());
  const shared = table.share();
  table.release();
  expect(shared.get(fd)).toBeDefined();
  shared.release();
  expect(shared.get(fd)).toBeUndefined();
});

test("execve closes what is marked, in a table of its own", () => {
  const kept = table.install(open());
  const marked = table.install(open(), true);
  const other = table.share();
  const own = table.forExec();
  expect([own.get(kept) !== undefined, own.get(marked)]).toEqual([true, undefined]);
  expect(other.get(marked)).toBeDefined();
});

test("a whole file is read for the kernel, a directory is not", () => {
  const fd = table.install(open());
  const dir = table.install(open("/"));
  expect([table.readWhole(fd, 10), table.readWhole(dir, 10)]).toEqual([
    new TextEncoder().encode("text"),
    -EISDIR,
  ]);
});
