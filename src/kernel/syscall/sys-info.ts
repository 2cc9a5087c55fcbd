/**
 * What the machine and its file system say of themselves: sysinfo, statfs, getcpu, personality, and
 * hints about files that change nothing here.
 *
 * Source: sysinfo(2), statfs(2), getcpu(2), posix_fadvise(2), xattr(7); fs/statfs.c, mm/shmem.c of Linux
 * 6.1. All is one tmpfs, /proc excepted. Left out: load averages, swap.
 */
import { CAP_SYS_ADMIN } from "../abi/capability.ts";
import { EBADF, EINVAL, ENODATA, EOPNOTSUPP, EPERM, ESPIPE } from "../abi/errno.ts";
import { AT_FDCWD } from "../abi/fcntl.ts";
import {
  PIPEFS_MAGIC,
  PROC_SUPER_MAGIC,
  SOCKFS_MAGIC,
  STATFS_LAYOUT,
  TMPFS_MAGIC,
} from "../abi/statfs.ts";
import { structBytes } from "../abi/struct.ts";
import { SYSINFO_LAYOUT } from "../abi/sysinfo.ts";
import type { Inode } from "../fs/inode.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import {
  FILE_SYSTEM_INODES_MAX,
  FILE_SYSTEM_SIZE_MAX_BYTES,
  NAME_LENGTH_MAX_BYTES,
  PHYSICAL_FRAMES_MAX,
} from "../lib/limits.ts";
import { decodeUtf8 } from "../lib/text.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readPath, writeBytes, writeView } from "../task/user-data.ts";
import { fileOf, inodeAt } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

const FADVISE_MAX = 5;
const PERSONALITY_ASK = 0xffffffff;

function sysinfo(k: Kernel, t: Task, address: number): number {
  return writeBytes(
    t,
    address,
    structBytes(SYSINFO_LAYOUT, {
      uptime: Math.floor(k.clock.now / 1e9),
      totalram: PHYSICAL_FRAMES_MAX * PAGE_SIZE,
      freeram: (PHYSICAL_FRAMES_MAX - k.memory.used) * PAGE_SIZE,
      procs: k.tasks.size,
      mem_unit: 1,
    }),
  );
}

function fileSystemOf(inode: Inode): number {
  if (inode.kind === "fifo") return PIPEFS_MAGIC;
  if (inode.kind === "socket") return SOCKFS_MAGIC;
  // What has no table of names, in or above it, is made up.
  const directory = inode.kind === "dir" ? inode : undefined;
  const isMadeUp =
    inode.body.kind === "generated" ||
    (directory !== undefined && directory.directory?.names === undefined);
  return isMadeUp ? PROC_SUPER_MAGIC : TMPFS_MAGIC;
}

function statfs(k: Kernel, t: Task, inode: Inode | undefined | number, address: number): number {
  if (inode === undefined) return -EBADF;
  if (typeof inode === "number") return inode;
  const type = fileSystemOf(inode);
  const { space } = k.vfs;
  const sizes =
    type === TMPFS_MAGIC
      ? {
          f_blocks: FILE_SYSTEM_SIZE_MAX_BYTES / PAGE_SIZE,
          f_bfree: Math.floor((FILE_SYSTEM_SIZE_MAX_BYTES - space.usedBytes) / PAGE_SIZE),
          f_bavail: Math.floor((FILE_SYSTEM_SIZE_MAX_BYTES - space.usedBytes) / PAGE_SIZE),
          f_files: FILE_SYSTEM_INODES_MAX,
          f_ffree: FILE_SYSTEM_INODES_MAX - space.usedInodes,
        }
      : {};
  return writeBytes(
    t,
    address,
    structBytes(STATFS_LAYOUT, {
      f_type: type,
      f_bsize: PAGE_SIZE,
      f_frsize: PAGE_SIZE,
      f_namelen: NAME_LENGTH_MAX_BYTES,
      ...sizes,
    }),
  );
}

function getcpu(t: Task, cpu: number, node: number): number {
  for (const address of [cpu, node]) {
    const failed = address === 0 ? 0 : writeView(t, address, 4, () => {});
    if (failed < 0) return failed;
  }
  return 0;
}

function fadvise(t: Task, fd: number, advice: number): number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  if (file.inode.kind === "fifo") return -ESPIPE;
  return advice >>> 0 > FADVISE_MAX ? -EINVAL : 0;
}

function setdomainname(k: Kernel, t: Task, address: number, size: number): number {
  if (!isCapable(t.cred, CAP_SYS_ADMIN)) return -EPERM;
  if (size < 0 || size > 64) return -EINVAL;
  const bytes = t.mm?.copyIn(address, size) ?? -EINVAL;
  if (typeof bytes === "number") return bytes;
  k.uts.domainname = decodeUtf8(bytes);
  return 0;
}

/** Extended attributes: the file is found, its list is empty, and none can be added. */
type Found = (t: Task, where: number) => Inode | number | undefined;

const followed: Found = (t, path) => inodeAt(t, AT_FDCWD, path, { follow: true });
const notFollowed: Found = (t, path) => inodeAt(t, AT_FDCWD, path, { follow: false });
const opened: Found = (t, fd) => fileOf(t, fd)?.inode;

function attribute(t: Task, find: Found, where: number, name: number, ofNone: number): number {
  const inode = find(t, where);
  if (inode === undefined) return -EBADF;
  if (typeof inode === "number") return inode;
  const text = name === 0 ? "" : readPath(t, name);
  if (typeof text === "number") return text;
  return /^(?:security|trusted)[.]/.test(text) || name === 0 ? ofNone : -EOPNOTSUPP;
}

const NO_ATTRIBUTES = { support: "stub", note: "no file has attributes" } as const;

const ROWS_XATTR: readonly Row[] = (
  [
    ["", followed, "path"],
    ["l", notFollowed, "path"],
    ["f", opened, "fd"],
  ] as const
).flatMap(([prefix, find, kind]) => [
  row(
    `${prefix}setxattr`,
    [kind, "str", "ptr", "size", "hex"],
    (_k, t, where, name) => attribute(t, find, where, name, -EOPNOTSUPP),
    NO_ATTRIBUTES,
  ),
  row(
    `${prefix}getxattr`,
    [kind, "str", "ptr", "size"],
    (_k, t, where, name) => attribute(t, find, where, name, -ENODATA),
    NO_ATTRIBUTES,
  ),
  row(
    `${prefix}listxattr`,
    [kind, "ptr", "size"],
    (_k, t, where) => attribute(t, find, where, 0, 0),
    NO_ATTRIBUTES,
  ),
  row(
    `${prefix}removexattr`,
    [kind, "str"],
    (_k, t, where, name) => attribute(t, find, where, name, -ENODATA),
    NO_ATTRIBUTES,
  ),
]);

export const ROWS_INFO: readonly Row[] = [
  row("sysinfo", ["out:sysinfo"], sysinfo),
  row("statfs", ["path", "out:statfs"], (k, t, path, address) =>
    statfs(k, t, inodeAt(t, AT_FDCWD, path, { follow: true }), address),
  ),
  row("fstatfs", ["fd", "out:statfs"], (k, t, fd, address) =>
    statfs(k, t, t.files.get(fd | 0)?.inode, address),
  ),
  row("getcpu", ["ptr", "ptr", "ptr"], (_k, t, cpu, node) => getcpu(t, cpu, node)),
  row(
    "personality",
    ["hex"],
    (_k, _t, wanted) => (wanted >>> 0 === 0 || wanted >>> 0 === PERSONALITY_ASK ? 0 : -EINVAL),
    { support: "partial", note: "PER_LINUX alone" },
  ),
  row("setdomainname", ["buf-in", "size"], setdomainname),
  row("fadvise64", ["fd", "off", "size", "int"], (_k, t, fd, _at, _size, advice) =>
    fadvise(t, fd, advice),
  ),
  row("readahead", ["fd", "off", "size"], (_k, t, fd) => {
    const file = fileOf(t, fd);
    if (file === undefined || !file.isReadable) return -EBADF;
    return file.inode.kind === "file" ? 0 : -EINVAL;
  }),
  ...ROWS_XATTR,
];
