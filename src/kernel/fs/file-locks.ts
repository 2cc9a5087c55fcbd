/**
 * Advisory locks on the ranges of one file. A lock belongs to an owner: a process's descriptor table
 * (fcntl's F_SETLK), an open file (F_OFD_SETLK, flock). Read locks share, a write lock is alone.
 *
 * Source: fcntl(2) "Advisory record locking", flock(2); fs/locks.c of Linux 6.1. Left out: leases,
 * mandatory locks, the order of waiters beyond that all look again.
 */
import { WaitQueue } from "../lib/wait.ts";

/** A range `[start, end)`; `end` is Infinity for a lock to the end of the file, wherever it will be. */
export interface FileLock {
  readonly start: number;
  readonly end: number;
  readonly isWrite: boolean;
  readonly owner: object;
  /** For F_GETLK: the process, or -1 where an open file is the owner. */
  readonly pid: number;
}

const overlaps = (a: FileLock, b: FileLock): boolean => a.start < b.end && b.start < a.end;

export class FileLocks {
  /** Those who wait for a lock of this file. */
  readonly queue: WaitQueue = new WaitQueue();
  #held: readonly FileLock[] = [];

  /** The first lock of somebody else that is in the way. */
  conflict(wanted: FileLock): FileLock | undefined {
    return this.#held.find(
      (lock) =>
        lock.owner !== wanted.owner && (lock.isWrite || wanted.isWrite) && overlaps(lock, wanted),
    );
  }

  /** Takes the lock; what its owner held in the range is replaced. Nothing may be in the way. */
  take(wanted: FileLock): void {
    this.release(wanted);
    this.#held = merge([...this.#held, wanted]);
  }

  /** Gives up what the owner holds in the range: a lock may shrink, or be cut in two. */
  release(range: FileLock): void {
    this.#held = this.#held.flatMap((lock) => {
      if (lock.owner !== range.owner || !overlaps(lock, range)) return [lock];
      const before = lock.start < range.start ? [{ ...lock, end: range.start }] : [];
      const after = range.end < lock.end ? [{ ...lock, start: range.end }] : [];
      return [...before, ...after];
    });
    this.queue.wakeAll();
  }

  /** An owner is gone. */
  releaseAll(owner: object): void {
    if (!this.#held.some((lock) => lock.owner === owner)) return;
    this.#held = this.#held.filter((lock) => lock.owner !== owner);
    this.queue.wakeAll();
  }
}

/** In order of start; neighbours of one owner and kind become one. */
function merge(locks: readonly FileLock[]): FileLock[] {
  const sorted = [...locks].sort((a, b) => a.start - b.start);
  const merged: FileLock[] = [];
  for (const lock of sorted) {
    const index = merged.findIndex(
      (other) =>
        other.owner === lock.owner && other.isWrite === lock.isWrite && other.end === lock.start,
    );
    const neighbour = merged[index];
    if (neighbour === undefined) merged.push(lock);
    else merged[index] = { ...neighbour, end: lock.end };
  }
  return merged;
}
