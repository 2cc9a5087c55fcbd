/**
 * Locking files: fcntl's record locks, with either kind of owner, and flock.
 *
 * Source: fcntl(2), flock(2); fs/locks.c of Linux 6.1.
 */
import { EAGAIN, EBADF, EDEADLK, EINVAL, EOVERFLOW } from "../abi/errno.ts";
import {
  F_GETLK,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
  F_RDLCK,
  F_SETLK,
  F_SETLKW,
  F_UNLCK,
  F_WRLCK,
  FLOCK_LAYOUT,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../abi/fcntl.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { decodeStruct, encodeStruct } from "../abi/struct.ts";
import type { FileLock, FileLocks } from "../fs/file-locks.ts";
import type { OpenFile } from "../fs/open-file.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeView } from "../task/user-data.ts";
import { fileOf, holding } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

const LOCK_COMMANDS: readonly number[] = [
  F_GETLK,
  F_SETLK,
  F_SETLKW,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
];

export const isLockCommand = (command: number): boolean => LOCK_COMMANDS.includes(command);

interface LockRequest {
  readonly type: number;
  readonly lock: FileLock;
}

/** flock64_to_posix_lock(): the range from wherever l_whence says, backwards where l_len is negative. */
function readRequest(
  t: Task,
  file: OpenFile,
  address: number,
  isOpenFile: boolean,
): LockRequest | number {
  const view = readView(t, address, FLOCK_LAYOUT.size);
  if (typeof view === "number") return view;
  const type = view.getInt16(0, true);
  const whence = view.getInt16(2, true);
  const { l_start, l_len, l_pid } = decodeStruct(FLOCK_LAYOUT, view);
  if (isOpenFile && l_pid !== 0) return -EINVAL;
  const bases = new Map([
    [SEEK_SET, 0],
    [SEEK_CUR, file.offset],
    [SEEK_END, file.inode.size],
  ]);
  const base = bases.get(whence);
  if (base === undefined) return -EINVAL;
  const at = base + l_start;
  const start = l_len < 0 ? at + l_len : at;
  if (start < 0 || at < 0) return -EINVAL;
  if (!Number.isSafeInteger(at + l_len)) return -EOVERFLOW;
  const end = l_len === 0 ? Number.POSITIVE_INFINITY : l_len < 0 ? at : at + l_len;
  if (type !== F_RDLCK && type !== F_WRLCK && type !== F_UNLCK) return -EINVAL;
  const owner = isOpenFile ? file : t.files;
  const pid = isOpenFile ? -1 : t.tgid;
  return { type, lock: { start, end, isWrite: type === F_WRLCK, owner, pid } };
}

/** F_GETLK: what stands in the way, or F_UNLCK in the type where nothing does. */
function testLock(t: Task, file: OpenFile, { type, lock }: LockRequest, address: number): number {
  if (type === F_UNLCK) return -EINVAL;
  const found = file.inode.locks.conflict(lock);
  if (found === undefined) return writeView(t, address, 2, (v) => v.setInt16(0, F_UNLCK, true));
  return writeView(t, address, FLOCK_LAYOUT.size, (view) => {
    view.setInt16(0, found.isWrite ? F_WRLCK : F_RDLCK, true);
    view.setInt16(2, SEEK_SET, true);
    const l_len = Number.isFinite(found.end) ? found.end - found.start : 0;
    encodeStruct(FLOCK_LAYOUT, { l_start: found.start, l_len, l_pid: found.pid }, view);
  });
}

/** fcntl's lock commands. */
export function recordLock(
  k: Kernel,
  t: Task,
  file: OpenFile,
  command: number,
  address: number,
): number | Kpath<number> {
  const isOpenFile = command >= F_OFD_GETLK;
  const request = readRequest(t, file, address, isOpenFile);
  if (typeof request === "number") return request;
  if (command === F_GETLK || command === F_OFD_GETLK) return testLock(t, file, request, address);
  const { type, lock } = request;
  if (type === F_RDLCK && !file.isReadable) return -EBADF;
  if (type === F_WRLCK && !file.isWritable) return -EBADF;
  const { locks } = file.inode;
  if (type === F_UNLCK) {
    locks.release(lock);
    return 0;
  }
  if (command === F_SETLKW || command === F_OFD_SETLKW)
    return holding(file, waitForLock(k, t, locks, lock, !isOpenFile));
  if (locks.conflict(lock) !== undefined) return -EAGAIN;
  locks.take(lock);
  return 0;
}

/** posix_locks_deadlock(): does whoever is in the way wait, through others, for us? */
function wouldDeadlock(k: Kernel, owner: object, blocker: object): boolean {
  const seen = new Set<object>();
  for (let at: object | undefined = blocker; at !== undefined; at = k.vfs.lockWaits.get(at)) {
    if (at === owner) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

function* waitForLock(
  k: Kernel,
  t: Task,
  locks: FileLocks,
  lock: FileLock,
  looksForDeadlock: boolean,
): Kpath<number> {
  try {
    for (;;) {
      const found = locks.conflict(lock);
      if (found === undefined) {
        locks.take(lock);
        return 0;
      }
      if (looksForDeadlock && wouldDeadlock(k, lock.owner, found.owner)) return -EDEADLK;
      if (looksForDeadlock) k.vfs.lockWaits.set(lock.owner, found.owner);
      if (k.signalPending(t)) return -ERESTARTSYS;
      yield { queue: locks.queue, interruptible: true };
    }
  } finally {
    k.vfs.lockWaits.delete(lock.owner);
  }
}

function flock(k: Kernel, t: Task, fd: number, operation: number): number | Kpath<number> {
  const what = operation & ~LOCK_NB;
  if (what !== LOCK_SH && what !== LOCK_EX && what !== LOCK_UN) return -EINVAL;
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const { flocks } = file.inode;
  const isWrite = what === LOCK_EX;
  const lock: FileLock = { start: 0, end: Number.POSITIVE_INFINITY, isWrite, owner: file, pid: -1 };
  // A change of kind gives the old lock up first: another may come in between.
  flocks.release(lock);
  if (what === LOCK_UN) return 0;
  if (flocks.conflict(lock) === undefined) {
    flocks.take(lock);
    return 0;
  }
  if ((operation & LOCK_NB) !== 0) return -EAGAIN;
  return holding(file, waitForLock(k, t, flocks, lock, false));
}

export const ROWS_LOCK: readonly Row[] = [
  row("flock", ["fd", "flags:flock"], (k, t, fd, operation) => flock(k, t, fd, operation | 0)),
];
