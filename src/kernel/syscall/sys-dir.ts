/**
 * Names and attributes: directories, links, rename; stat and the calls that change what it shows;
 * the current directory and the umask.
 *
 * Source: fs/namei.c, fs/stat.c, fs/readdir.c, fs/open.c, fs/d_path.c, fs/utimes.c of Linux 6.1.
 * Left out: device files, which nobody makes here.
 */
import { CAP_CHOWN, CAP_DAC_READ_SEARCH, CAP_FSETID, CAP_SYS_CHROOT } from "../abi/capability.ts";
import { EACCES, EBADF, EINVAL, ENOENT, ENOTDIR, EPERM, ERANGE } from "../abi/errno.ts";
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_FOLLOW,
  AT_SYMLINK_NOFOLLOW,
} from "../abi/fcntl.ts";
import {
  dirent64Size,
  direntType,
  encodeDirent64,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
} from "../abi/stat.ts";
import { readField } from "../abi/struct.ts";
import { UTIME_NOW, UTIME_OMIT } from "../abi/time.ts";
import type { DirectoryName } from "../fs/directory.ts";
import type { Inode, InodeBody } from "../fs/inode.ts";
import {
  makeDirectory,
  makeLink,
  makeNode,
  makeSymlink,
  removeDirectory,
  rename,
  unlink,
} from "../fs/namespace.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { lookupPath, pathOfDirectory } from "../fs/path-walk.ts";
import { inGroup, MAY_EXEC, MAY_WRITE, ownerOrCapable, permission } from "../fs/permission.ts";
import { Pipe } from "../fs/pipe.ts";
import { PATH_LENGTH_MAX_BYTES } from "../lib/limits.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { type Cred, isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readPath, readView, writeBytes } from "../task/user-data.ts";
import { fileOf, inodeAt, readPathAt } from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import { ROWS_STAT } from "./sys-stat.ts";

function sysGetdents(k: Kernel, t: Task, fd: number, address: number, size: number): number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const { inode } = file;
  if (inode.directory === undefined) return -ENOTDIR;
  if (inode.nlink === 0) return -ENOENT;
  const names = listingOf(file);
  const bytes = new Uint8Array(Math.min(size >>> 0, 1 << 16));
  const view = new DataView(bytes.buffer);
  let used = 0;
  let at = file.offset;
  for (; at < names.length; at++) {
    const entry = names[at] as DirectoryName;
    const name = encodeUtf8(entry.name);
    if (used + dirent64Size(name.length) > bytes.length) break;
    encodeDirent64({ d_ino: entry.ino, d_off: at + 1, d_type: entry.type }, name, view, used);
    used += dirent64Size(name.length);
  }
  if (used === 0 && at < names.length) return -EINVAL;
  const copied = writeBytes(t, address, bytes.subarray(0, used));
  if (copied < 0) return copied;
  file.offset = at;
  inode.accessed(k.vfs.nowNs());
  return used;
}

/** The names as they were when reading began; a rewind looks anew. */
function listingOf(file: OpenFile): readonly DirectoryName[] {
  if (file.offset !== 0 && file.listing !== undefined) return file.listing;
  const { inode } = file;
  const type = direntType(inode.mode);
  file.listing = [
    { name: ".", type, ino: inode.ino },
    { name: "..", type, ino: (inode.parent ?? inode).ino },
    ...(inode.directory?.list() ?? []),
  ];
  return file.listing;
}

function sysMkdirat(k: Kernel, t: Task, dirfd: number, path: number, mode: number): number {
  const at = readPathAt(t, dirfd, path);
  return typeof at === "number" ? at : makeDirectory(k.vfs, t, at.start, at.path, mode);
}

/** may_mknod(): what kind of file may be made, or why not. */
function nodeBody(k: Kernel, mode: number): InodeBody | number {
  switch (mode & S_IFMT) {
    case 0:
    case S_IFREG:
      return k.vfs.fileBody();
    case S_IFIFO:
      return { kind: "fifo", pipe: new Pipe() };
    case S_IFSOCK:
      return { kind: "socket", socket: undefined };
    case S_IFDIR:
    case S_IFCHR:
    case S_IFBLK:
      return -EPERM;
    default:
      return -EINVAL;
  }
}

function sysMknodat(k: Kernel, t: Task, dirfd: number, path: number, mode: number): number {
  const body = nodeBody(k, mode);
  if (typeof body === "number") return body;
  const at = readPathAt(t, dirfd, path);
  return typeof at === "number" ? at : makeNode(k.vfs, t, at.start, at.path, body, mode);
}

function sysUnlinkat(k: Kernel, t: Task, dirfd: number, path: number, flags: number): number {
  if ((flags & ~AT_REMOVEDIR) !== 0) return -EINVAL;
  const at = readPathAt(t, dirfd, path);
  if (typeof at === "number") return at;
  const remove = (flags & AT_REMOVEDIR) !== 0 ? removeDirectory : unlink;
  return remove(k.vfs, t, at.start, at.path);
}

function sysSymlinkat(k: Kernel, t: Task, target: number, dirfd: number, path: number): number {
  const text = readPath(t, target);
  if (typeof text === "number") return text;
  const at = readPathAt(t, dirfd, path);
  return typeof at === "number" ? at : makeSymlink(k.vfs, t, text, at.start, at.path);
}

function sysLinkat(
  k: Kernel,
  t: Task,
  oldFd: number,
  oldPath: number,
  newFd: number,
  newPath: number,
  flags: number,
): number {
  if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const emptyOk = (flags & AT_EMPTY_PATH) !== 0;
  if (emptyOk && !isCapable(t.cred, CAP_DAC_READ_SEARCH)) return -ENOENT;
  const follow = (flags & AT_SYMLINK_FOLLOW) !== 0;
  const inode = inodeAt(t, oldFd, oldPath, { follow, emptyOk });
  if (typeof inode === "number") return inode;
  const at = readPathAt(t, newFd, newPath);
  return typeof at === "number" ? at : makeLink(k.vfs, t, inode, at.start, at.path);
}

function sysRenameat2(
  k: Kernel,
  t: Task,
  oldFd: number,
  oldPath: number,
  newFd: number,
  newPath: number,
  flags: number,
): number {
  const from = readPathAt(t, oldFd, oldPath);
  if (typeof from === "number") return from;
  const to = readPathAt(t, newFd, newPath);
  return typeof to === "number" ? to : rename(k.vfs, t, from, to, flags);
}

/** The caller as its real user, with what that user would be allowed: access_override_creds(). */
const realUser = (cred: Cred): Cred => ({
  ...cred,
  fsuid: cred.uid,
  fsgid: cred.gid,
  capEffective: cred.uid === 0 ? cred.capPermitted : 0n,
});

function sysFaccessat(t: Task, dirfd: number, path: number, mode: number, flags: number): number {
  if ((mode & ~7) !== 0) return -EINVAL;
  if ((flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const { cred } = t;
  // access(2) asks for the real user, as a set-user-ID program wants to know.
  const asked = (flags & AT_EACCESS) !== 0 ? cred : realUser(cred);
  const at = readPathAt(t, dirfd, path);
  if (typeof at === "number") return at;
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  const inode = lookupPath({ fs: t.fs, cred: asked }, at.start, at.path, follow);
  if (typeof inode === "number") return inode;
  return permission(inode, asked, mode) ? 0 : -EACCES;
}

function changeDirectory(t: Task, inode: Inode | number): number {
  if (typeof inode === "number") return inode;
  if (inode.kind !== "dir") return -ENOTDIR;
  if (!permission(inode, t.cred, MAY_EXEC)) return -EACCES;
  t.fs.cwd = inode;
  return 0;
}

function chroot(t: Task, inode: Inode | number): number {
  if (typeof inode === "number") return inode;
  if (inode.kind !== "dir") return -ENOTDIR;
  if (!permission(inode, t.cred, MAY_EXEC)) return -EACCES;
  if (!isCapable(t.cred, CAP_SYS_CHROOT)) return -EPERM;
  t.fs.root = inode;
  return 0;
}

function sysGetcwd(t: Task, address: number, size: number): number {
  const path = pathOfDirectory(t.fs.cwd, t.fs.root);
  if (path === undefined) return -ENOENT;
  const bytes = encodeUtf8(`${path}\0`);
  if (bytes.length > size || bytes.length > PATH_LENGTH_MAX_BYTES) return -ERANGE;
  const copied = writeBytes(t, address, bytes);
  return copied < 0 ? copied : bytes.length;
}

function sysUmask(t: Task, mask: number): number {
  const old = t.fs.umask;
  t.fs.umask = mask & 0o777;
  return old;
}

function chmod(k: Kernel, t: Task, inode: Inode | number, mode: number): number {
  if (typeof inode === "number") return inode;
  if (!ownerOrCapable(inode, t.cred)) return -EPERM;
  const keepsGroup = inGroup(t.cred, inode.gid) || isCapable(t.cred, CAP_FSETID);
  inode.permissions = mode & (keepsGroup ? 0o7777 : 0o5777);
  inode.ctimeNs = k.vfs.nowNs();
  return 0;
}

function chown(k: Kernel, t: Task, inode: Inode | number, uid: number, gid: number): number {
  if (typeof inode === "number") return inode;
  const newUid = (uid | 0) === -1 ? inode.uid : uid >>> 0;
  const newGid = (gid | 0) === -1 ? inode.gid : gid >>> 0;
  const isOwner = t.cred.fsuid === inode.uid;
  const mayUser = newUid === inode.uid && (isOwner || newGid === inode.gid);
  const mayGroup = newGid === inode.gid || (isOwner && inGroup(t.cred, newGid));
  if (!(mayUser && mayGroup) && !isCapable(t.cred, CAP_CHOWN)) return -EPERM;
  inode.uid = newUid;
  inode.gid = newGid;
  if (inode.kind !== "dir") inode.dropPrivileges();
  inode.ctimeNs = k.vfs.nowNs();
  return 0;
}

function sysFchownat(
  k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  uid: number,
  gid: number,
  flags: number,
): number {
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const how = {
    follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
    emptyOk: (flags & AT_EMPTY_PATH) !== 0,
  };
  return chown(k, t, inodeAt(t, dirfd, path, how), uid, gid);
}

const inodeOfFd = (t: Task, fd: number): Inode | number => fileOf(t, fd)?.inode ?? -EBADF;

/** One of utimensat's two times: nanoseconds, undefined to leave it, NaN for a bad value. */
function wantedTime(view: DataView, at: number, nowNs: number): number | undefined {
  const nsec = readField(view, at + 8, "s64");
  if (nsec === UTIME_OMIT) return undefined;
  if (nsec === UTIME_NOW) return nowNs;
  const isValid = nsec >= 0 && nsec < 1e9;
  return isValid ? readField(view, at, "s64") * 1e9 + nsec : Number.NaN;
}

function sysUtimensat(
  k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  times: number,
  flags: number,
): number {
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) return -EINVAL;
  const view = times === 0 ? undefined : readView(t, times, 32);
  if (typeof view === "number") return view;
  const now = k.vfs.nowNs();
  const atime = view === undefined ? now : wantedTime(view, 0, now);
  const mtime = view === undefined ? now : wantedTime(view, 16, now);
  if (Number.isNaN(atime) || Number.isNaN(mtime)) return -EINVAL;
  if (atime === undefined && mtime === undefined) return 0;
  const how = {
    follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
    emptyOk: (flags & AT_EMPTY_PATH) !== 0,
  };
  const inode =
    path === 0 && dirfd !== AT_FDCWD ? inodeOfFd(t, dirfd) : inodeAt(t, dirfd, path, how);
  if (typeof inode === "number") return inode;
  const isNow = atime === now && mtime === now;
  if (!ownerOrCapable(inode, t.cred)) {
    if (!isNow) return -EPERM;
    if (!permission(inode, t.cred, MAY_WRITE)) return -EACCES;
  }
  inode.atimeNs = atime ?? inode.atimeNs;
  inode.mtimeNs = mtime ?? inode.mtimeNs;
  inode.ctimeNs = now;
  return 0;
}

export const ROWS_DIR: readonly Row[] = [
  row("getdents64", ["fd", "out:dirents", "size"], sysGetdents),
  row("mkdirat", ["dirfd", "path", "mode"], sysMkdirat),
  row("mknodat", ["dirfd", "path", "mode"], sysMknodat, {
    support: "partial",
    note: "no devices: EPERM, as in a container",
  }),
  row("unlinkat", ["dirfd", "path", "flags:at"], sysUnlinkat),
  row("symlinkat", ["path", "dirfd", "path"], sysSymlinkat),
  row("linkat", ["dirfd", "path", "dirfd", "path", "flags:at"], sysLinkat),
  row("renameat2", ["dirfd", "path", "dirfd", "path", "flags:rename"], sysRenameat2, {
    support: "partial",
    note: "no RENAME_WHITEOUT",
  }),
  row("faccessat", ["dirfd", "path", "flags:access"], (_k, t, dirfd, path, mode) =>
    sysFaccessat(t, dirfd, path, mode, 0),
  ),
  row("faccessat2", ["dirfd", "path", "flags:access", "flags:at"], (_k, t, dirfd, path, mode, fl) =>
    sysFaccessat(t, dirfd, path, mode, fl),
  ),
  row("chdir", ["path"], (_k, t, path) =>
    changeDirectory(t, inodeAt(t, AT_FDCWD, path, { follow: true })),
  ),
  row("fchdir", ["fd"], (_k, t, fd) => changeDirectory(t, t.files.get(fd | 0)?.inode ?? -EBADF)),
  row("chroot", ["path"], (_k, t, path) => chroot(t, inodeAt(t, AT_FDCWD, path, { follow: true }))),
  row("getcwd", ["str-out", "size"], (_k, t, address, size) => sysGetcwd(t, address, size)),
  row("umask", ["umask"], (_k, t, mask) => sysUmask(t, mask), { returns: "mode" }),
  row("fchmod", ["fd", "mode"], (k, t, fd, mode) => chmod(k, t, inodeOfFd(t, fd), mode)),
  row("fchmodat", ["dirfd", "path", "mode"], (k, t, dirfd, path, mode) =>
    chmod(k, t, inodeAt(t, dirfd, path, { follow: true }), mode),
  ),
  row("fchown", ["fd", "uid", "uid"], (k, t, fd, uid, gid) =>
    chown(k, t, inodeOfFd(t, fd), uid, gid),
  ),
  row("fchownat", ["dirfd", "path", "uid", "uid", "flags:at"], sysFchownat),
  row("utimensat", ["dirfd", "path", "in:timespecs", "flags:at"], sysUtimensat),
  ...ROWS_STAT,
];
