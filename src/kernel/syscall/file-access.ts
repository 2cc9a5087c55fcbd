/**
 * What the file calls share: the caller as files see it, descriptors and paths as arguments, and
 * results that come at once or later.
 *
 * Source: fs/file.c fdget(), fs/namei.c getname() and path_init() of Linux 6.1.
 */
import { CAP_FSETID } from "../abi/capability.ts";
import { EBADF, ENOENT } from "../abi/errno.ts";
import { AT_FDCWD } from "../abi/fcntl.ts";
import { RLIMIT_NOFILE } from "../abi/resource.ts";
import { SIG_IGN } from "../abi/signal.ts";
import type { IoCaller } from "../fs/file-ops.ts";
import type { Inode } from "../fs/inode.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { lookupPath } from "../fs/path-walk.ts";
import type { Kpath } from "../lib/wait.ts";
import { sigBit } from "../signal/signal-types.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import { rlimitOf } from "../task/rlimits.ts";
import type { Task, ThreadGroup } from "../task/task.ts";
import { readPath } from "../task/user-data.ts";

/** The calling task as files see it. */
export function callerOf(k: Kernel, t: Task): IoCaller {
  return {
    signalPending: () => k.signalPending(t),
    raise: (sig) => k.sendSignal(t, sig),
    credentials: { pid: t.tgid, uid: t.cred.euid, gid: t.cred.egid },
    keepsSetId: () => isCapable(t.cred, CAP_FSETID),
    pgid: t.group.pgid,
    sid: t.group.sid,
    isSessionLeader: t.group.sid === t.group.tgid,
    ignores: (sig) => (t.blocked & sigBit(sig)) !== 0n || t.sighand[sig]?.handler === SIG_IGN,
    isGroupOrphaned: () => isGroupOrphaned(k, t.group.pgid, t.group.sid),
    sessionOfGroup: (pgid) => membersOf(k, pgid)[0]?.sid,
  };
}

function membersOf(k: Kernel, pgid: number): ThreadGroup[] {
  const members: ThreadGroup[] = [];
  for (const task of k.tasks.values()) {
    if (task.isLeader && task.group.pgid === pgid) members.push(task.group);
  }
  return members;
}

/** A group nobody outside it, in its session, looks after: will_become_orphaned_pgrp(). */
function isGroupOrphaned(k: Kernel, pgid: number, sid: number): boolean {
  return !membersOf(k, pgid).some((group) => {
    const { parent } = group;
    const cared = parent !== undefined && parent.pgid !== pgid && parent.sid === sid;
    return cared && !group.isZombie && parent !== k.init;
  });
}

/** An open file by descriptor, O_PATH ones left out. */
export function fileOf(t: Task, fd: number): OpenFile | undefined {
  const file = t.files.get(fd | 0);
  return file?.isPathOnly ? undefined : file;
}

/** The soft RLIMIT_NOFILE. */
export function openFilesLimit(t: Task): number {
  return rlimitOf(t.group, RLIMIT_NOFILE)[0];
}

/** Gives a new open file a descriptor, or closes it again where there is none. */
export function installFile(t: Task, file: OpenFile, closeOnExec: boolean, min = 0): number {
  const fd = t.files.install(file, closeOnExec, min, openFilesLimit(t));
  if (fd < 0) file.release();
  return fd;
}

/** Where a relative path starts; -EBADF for a bad descriptor under it. */
export function startOf(t: Task, dirfd: number, path: string): Inode | number {
  if (path.startsWith("/")) return t.fs.root;
  if (path === "") return -ENOENT;
  if ((dirfd | 0) === AT_FDCWD) return t.fs.cwd;
  return t.files.get(dirfd | 0)?.inode ?? -EBADF;
}

/** A path argument with where it starts. */
export interface PathArgument {
  readonly start: Inode;
  readonly path: string;
}

export function readPathAt(t: Task, dirfd: number, address: number): PathArgument | number {
  const path = readPath(t, address);
  if (typeof path === "number") return path;
  const start = startOf(t, dirfd, path);
  return typeof start === "number" ? start : { start, path };
}

/** The inode that a dirfd and a path lead to; with `emptyOk` an empty path is the descriptor itself. */
export function inodeAt(
  t: Task,
  dirfd: number,
  address: number,
  how: { readonly follow: boolean; readonly emptyOk?: boolean },
): Inode | number {
  const path = readPath(t, address);
  if (typeof path === "number") return path;
  if (path === "" && how.emptyOk) {
    return (dirfd | 0) === AT_FDCWD ? t.fs.cwd : (t.files.get(dirfd | 0)?.inode ?? -EBADF);
  }
  const start = startOf(t, dirfd, path);
  return typeof start === "number" ? start : lookupPath(t, start, path, how.follow);
}

/** Does this result come later? */
export function isLater<T extends number | Uint8Array>(result: T | Kpath<T>): result is Kpath<T> {
  return typeof result === "object" && !(result instanceof Uint8Array);
}

/** Runs the rest of an operation, keeping its file open meanwhile, whoever closes the descriptor. */
export function* holding<T>(file: OpenFile, rest: Kpath<T>): Kpath<T> {
  file.hold();
  try {
    return yield* rest;
  } finally {
    file.release();
  }
}
