/**
 * What is there to know about a file: stat, statx and where a symlink points.
 *
 * Source: fs/stat.c of Linux 6.1; stat(2), statx(2), readlink(2). The one file system is device 0:1;
 * blocks are counted as if data were stored in pages.
 */
import { EBADF, EINVAL, ENOENT } from "../abi/errno.ts";
import {
  AT_EMPTY_PATH,
  AT_NO_AUTOMOUNT,
  AT_STATX_SYNC_TYPE,
  AT_SYMLINK_NOFOLLOW,
} from "../abi/fcntl.ts";
import { STAT_LAYOUT, STATX_BASIC_STATS, STATX_LAYOUT } from "../abi/stat.ts";
import { structBytes } from "../abi/struct.ts";
import type { Inode } from "../fs/inode.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { encodeUtf8 } from "../lib/text.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { writeBytes } from "../task/user-data.ts";
import { inodeAt } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

const DEVICE_MINOR = 1;
const NS_PER_S = 1e9;
const VALID_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;

const seconds = (ns: number): number => Math.floor(ns / NS_PER_S);
const nanoseconds = (ns: number): number => Math.floor(ns % NS_PER_S);
const blocksOf = (inode: Inode): number =>
  inode.kind === "file" ? Math.ceil(inode.size / PAGE_SIZE) * (PAGE_SIZE / 512) : 0;

/** struct stat of an inode. */
export function statBytes(inode: Inode): Uint8Array {
  return structBytes(STAT_LAYOUT, {
    st_dev: DEVICE_MINOR,
    st_ino: inode.ino,
    st_mode: inode.mode,
    st_nlink: inode.nlink,
    st_uid: inode.uid,
    st_gid: inode.gid,
    st_rdev: inode.rdev,
    st_size: inode.size,
    st_blksize: PAGE_SIZE,
    st_blocks: blocksOf(inode),
    st_atime: seconds(inode.atimeNs),
    st_atime_nsec: nanoseconds(inode.atimeNs),
    st_mtime: seconds(inode.mtimeNs),
    st_mtime_nsec: nanoseconds(inode.mtimeNs),
    st_ctime: seconds(inode.ctimeNs),
    st_ctime_nsec: nanoseconds(inode.ctimeNs),
  });
}

function statxBytes(inode: Inode): Uint8Array {
  return structBytes(STATX_LAYOUT, {
    stx_mask: STATX_BASIC_STATS,
    stx_blksize: PAGE_SIZE,
    stx_nlink: inode.nlink,
    stx_uid: inode.uid,
    stx_gid: inode.gid,
    stx_mode: inode.mode,
    stx_ino: inode.ino,
    stx_size: inode.size,
    stx_blocks: blocksOf(inode),
    stx_atime: seconds(inode.atimeNs),
    stx_atime_nsec: nanoseconds(inode.atimeNs),
    stx_ctime: seconds(inode.ctimeNs),
    stx_ctime_nsec: nanoseconds(inode.ctimeNs),
    stx_mtime: seconds(inode.mtimeNs),
    stx_mtime_nsec: nanoseconds(inode.mtimeNs),
    stx_rdev_major: (inode.rdev >>> 8) & 0xfff,
    stx_rdev_minor: inode.rdev & 0xff,
    stx_dev_minor: DEVICE_MINOR,
  });
}

const howOf = (flags: number): { follow: boolean; emptyOk: boolean } => ({
  follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
  emptyOk: (flags & AT_EMPTY_PATH) !== 0,
});

function sysNewfstatat(
  _k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  address: number,
  flags: number,
): number {
  if ((flags & ~VALID_FLAGS) !== 0) return -EINVAL;
  const inode = inodeAt(t, dirfd, path, howOf(flags));
  return typeof inode === "number" ? inode : writeBytes(t, address, statBytes(inode));
}

function sysFstat(_k: Kernel, t: Task, fd: number, address: number): number {
  const inode = t.files.get(fd | 0)?.inode;
  return inode === undefined ? -EBADF : writeBytes(t, address, statBytes(inode));
}

function sysStatx(
  _k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  flags: number,
  _mask: number,
  address: number,
): number {
  if ((flags & ~VALID_FLAGS) !== 0) return -EINVAL;
  const inode = inodeAt(t, dirfd, path, howOf(flags));
  return typeof inode === "number" ? inode : writeBytes(t, address, statxBytes(inode));
}

function sysReadlinkat(
  _k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  address: number,
  size: number,
): number {
  if ((size | 0) <= 0) return -EINVAL;
  const inode = inodeAt(t, dirfd, path, { follow: false, emptyOk: true });
  if (typeof inode === "number") return inode;
  // An empty path is allowed on a descriptor of the link itself; ENOENT otherwise.
  if (inode.body.kind !== "symlink") return isEmptyPath(t, path) ? -ENOENT : -EINVAL;
  const target = encodeUtf8(inode.body.target()).subarray(0, size);
  const copied = writeBytes(t, address, target);
  return copied < 0 ? copied : target.length;
}

const isEmptyPath = (t: Task, path: number): boolean => t.mm?.copyInString(path, 1) === "";

export const ROWS_STAT: readonly Row[] = [
  row("newfstatat", ["dirfd", "path", "out:stat", "flags:at"], sysNewfstatat),
  row("fstat", ["fd", "out:stat"], sysFstat),
  row("statx", ["dirfd", "path", "flags:at", "hex", "ptr"], sysStatx, {
    support: "partial",
    note: "basic statistics only",
  }),
  row("readlinkat", ["dirfd", "path", "buf-out", "size"], sysReadlinkat),
];
