/**
 * Descriptors: open, close, duplicate, their flags; pipes; ioctl.
 *
 * Source: fs/open.c, fs/file.c, fs/fcntl.c, fs/pipe.c, fs/ioctl.c of Linux 6.1. Left out: signals
 * of asynchronous I/O, leases, file seals, openat2.
 */
import { CAP_SYS_RESOURCE } from "../abi/capability.ts";
import { EBADF, EFAULT, EINVAL, ENOTTY, EPERM } from "../abi/errno.ts";
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_GETOWN,
  F_GETPIPE_SZ,
  F_SETFD,
  F_SETFL,
  F_SETOWN,
  F_SETPIPE_SZ,
  FD_CLOEXEC,
  O_APPEND,
  O_CLOEXEC,
  O_NOATIME,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../abi/fcntl.ts";
import { FIOCLEX, FIONBIO, FIONCLEX, FIONREAD } from "../abi/termios.ts";
import type { IoctlMemory } from "../fs/file-ops.ts";
import { openInode, openPath } from "../fs/open.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { OPEN_FILES_MAX, PIPE_SIZE_MAX_BYTES } from "../lib/limits.ts";
import type { Kpath } from "../lib/wait.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readPath, readView, writeBytes, writeView } from "../task/user-data.ts";
import {
  callerOf,
  fileOf,
  holding,
  installFile,
  isLater,
  openFilesLimit,
  startOf,
} from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import { isLockCommand, recordLock } from "./sys-lock.ts";

/** Flags that F_SETFL may change. */
const SETTABLE = O_APPEND | O_NONBLOCK | O_NOATIME;
const CLOSE_RANGE_CLOEXEC = 4;

function sysOpenat(
  k: Kernel,
  t: Task,
  dirfd: number,
  address: number,
  flags: number,
  mode: number,
): number | Kpath<number> {
  const path = readPath(t, address);
  if (typeof path === "number") return path;
  const start = startOf(t, dirfd, path);
  const caller = callerOf(k, t);
  const request = { path, flags: flags | 0, mode };
  const file = typeof start === "number" ? start : openPath(k.vfs, t, start, request, caller);
  if (typeof file === "number") return opened(k, t, path, flags, file);
  const { body } = file.inode;
  const meeting = body.kind === "fifo" ? body.pipe.meet(file, caller) : undefined;
  if (meeting !== undefined) return openLater(k, t, path, flags, file, meeting);
  return opened(k, t, path, flags, installFile(t, file, (flags & O_CLOEXEC) !== 0));
}

/** One end of a named pipe, whose other end is waited for. */
function* openLater(
  k: Kernel,
  t: Task,
  path: string,
  flags: number,
  file: OpenFile,
  meeting: Kpath<number>,
): Kpath<number> {
  const met = yield* meeting;
  if (met === 0) return opened(k, t, path, flags, installFile(t, file, (flags & O_CLOEXEC) !== 0));
  file.release();
  return met;
}

/** Tells of an open that came to an end. */
function opened(k: Kernel, t: Task, path: string, flags: number, fd: number): number {
  k.log.emit("file-open", path, flags, fd);
  k.tree.fileOpen(t, path, flags, fd);
  return fd;
}

function duplicate(t: Task, fd: number, min: number, closeOnExec: boolean): number {
  const file = t.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  if (min < 0 || min >= openFilesLimit(t)) return -EINVAL;
  return installFile(t, file.hold(), closeOnExec, min);
}

function sysDup3(_k: Kernel, t: Task, from: number, to: number, flags: number): number {
  if ((flags & ~O_CLOEXEC) !== 0) return -EINVAL;
  if ((from | 0) === (to | 0)) return -EINVAL;
  const limit = Math.min(openFilesLimit(t), OPEN_FILES_MAX);
  if ((to | 0) < 0 || (to | 0) >= limit) return -EBADF;
  const file = t.files.get(from | 0);
  if (file === undefined) return -EBADF;
  t.files.installAt(file, to | 0, (flags & O_CLOEXEC) !== 0);
  return to | 0;
}

function sysFcntl(
  k: Kernel,
  t: Task,
  fd: number,
  command: number,
  argument: number,
): number | Kpath<number> {
  const file = t.files.get(fd | 0);
  if (file === undefined) return -EBADF;
  switch (command | 0) {
    case F_DUPFD:
      return duplicate(t, fd, argument | 0, false);
    case F_DUPFD_CLOEXEC:
      return duplicate(t, fd, argument | 0, true);
    case F_GETFD:
      return t.files.closesOnExec(fd | 0) ? FD_CLOEXEC : 0;
    case F_SETFD:
      t.files.setCloseOnExec(fd | 0, (argument & FD_CLOEXEC) !== 0);
      return 0;
    case F_GETFL:
      return file.flags;
    default:
      if (file.isPathOnly) return -EBADF;
      return isLockCommand(command | 0)
        ? recordLock(k, t, file, command | 0, argument)
        : fileFcntl(t, file, command | 0, argument);
  }
}

function fileFcntl(t: Task, file: OpenFile, command: number, argument: number): number {
  if (command === F_SETFL) {
    file.flags = (file.flags & ~SETTABLE) | (argument & SETTABLE);
    return 0;
  }
  if (command === F_GETOWN) return file.ownerPid;
  if (command === F_SETOWN) {
    file.ownerPid = argument | 0;
    return 0;
  }
  if (command !== F_GETPIPE_SZ && command !== F_SETPIPE_SZ) return -EINVAL;
  const { body } = file.inode;
  if (body.kind !== "fifo") return -EBADF;
  if (command === F_GETPIPE_SZ) return body.pipe.capacity;
  if (argument <= 0 || argument > 2 ** 31) return -EINVAL;
  const isLarge = argument > PIPE_SIZE_MAX_BYTES;
  return isLarge && !isCapable(t.cred, CAP_SYS_RESOURCE) ? -EPERM : body.pipe.resize(argument);
}

function sysPipe2(k: Kernel, t: Task, address: number, flags: number): number {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return -EINVAL;
  const inode = k.vfs.makePipe();
  const caller = callerOf(k, t);
  const status = flags & O_NONBLOCK;
  const fds: number[] = [];
  for (const access of [O_RDONLY, O_WRONLY]) {
    const file = openInode(k.vfs, inode, access | status, caller);
    const fd = typeof file === "number" ? file : installFile(t, file, (flags & O_CLOEXEC) !== 0);
    if (fd < 0) {
      for (const open of fds) t.files.close(open);
      return fd;
    }
    fds.push(fd);
  }
  const copied = writeView(t, address, 8, (view) => {
    for (const [index, fd] of fds.entries()) view.setInt32(index * 4, fd, true);
  });
  if (copied < 0) for (const open of fds) t.files.close(open);
  return copied;
}

function sysIoctl(
  k: Kernel,
  t: Task,
  fd: number,
  request: number,
  argument: number,
): number | Kpath<number> {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const command = request >>> 0;
  if (command === FIOCLEX || command === FIONCLEX) {
    t.files.setCloseOnExec(fd | 0, command === FIOCLEX);
    return 0;
  }
  if (command === FIONBIO) return setNonBlocking(t, file, argument);
  if (command === FIONREAD && file.inode.kind === "file") {
    const left = file.inode.size - file.offset;
    return writeView(t, argument, 4, (view) => view.setInt32(0, left, true));
  }
  const memory: IoctlMemory = {
    read: (size) => readView(t, argument, size),
    write: (bytes) => writeBytes(t, argument, bytes),
  };
  const result = file.ops.ioctl?.(file, command, argument, memory, callerOf(k, t)) ?? -ENOTTY;
  return isLater(result) ? holding(file, result) : result;
}

function setNonBlocking(t: Task, file: OpenFile, address: number): number {
  const view = readView(t, address, 4);
  if (typeof view === "number") return -EFAULT;
  file.flags = view.getInt32(0, true) === 0 ? file.flags & ~O_NONBLOCK : file.flags | O_NONBLOCK;
  return 0;
}

function sysCloseRange(_k: Kernel, t: Task, first: number, last: number, flags: number): number {
  if ((flags & ~CLOSE_RANGE_CLOEXEC) !== 0 || first >>> 0 > last >>> 0) return -EINVAL;
  for (const { fd } of t.files.list()) {
    if (fd < first >>> 0 || fd > last >>> 0) continue;
    if (flags === CLOSE_RANGE_CLOEXEC) t.files.setCloseOnExec(fd, true);
    else t.files.close(fd);
  }
  return 0;
}

export const ROWS_FD: readonly Row[] = [
  row("openat", ["dirfd", "path", "flags:open", "mode"], sysOpenat, {
    support: "partial",
    note: "no O_TMPFILE",
  }),
  row("close", ["fd"], (_k, t, fd) => t.files.close(fd | 0)),
  row("close_range", ["uint", "uint", "hex"], sysCloseRange, {
    support: "partial",
    note: "no CLOSE_RANGE_UNSHARE",
  }),
  row("dup", ["fd"], (_k, t, fd) => duplicate(t, fd, 0, false)),
  row("dup3", ["fd", "fd", "flags:pipe"], sysDup3),
  row("fcntl", ["fd", "enum:fcntl-cmd", "long"], sysFcntl, {
    support: "partial",
    note: "no leases, seals or notifications; an owner is kept and gets no signal",
  }),
  row("ioctl", ["fd", "enum:ioctl-cmd", "ptr"], sysIoctl, {
    support: "partial",
    note: "terminals and FION*",
  }),
  row("pipe2", ["out:pipefds", "flags:pipe"], sysPipe2, {
    support: "partial",
    note: "no O_DIRECT",
  }),
];
