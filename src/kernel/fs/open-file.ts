/**
 * An open file description: what descriptors point to and share. It has the position and the status
 * flags; dup(2) and clone(2) add references, and the last close releases it.
 *
 * Source: struct file, include/linux/fs.h of Linux 6.1; open(2), "Open file descriptions".
 */
import { O_ACCMODE, O_APPEND, O_NONBLOCK, O_PATH, O_RDONLY, O_WRONLY } from "../abi/fcntl.ts";
import { assert } from "../lib/assert.ts";
import type { DirectoryName } from "./directory.ts";
import type { FileOps } from "./file-ops.ts";
import type { Inode } from "./inode.ts";

export class OpenFile {
  readonly inode: Inode;
  /** Status flags and access mode, as F_GETFL shows them. */
  flags: number;
  offset = 0;
  /** What it was opened by, for /proc/PID/maps; empty for what has no name. */
  path = "";
  /** F_SETOWN's process, or minus its group. */
  ownerPid = 0;
  /** Names that getdents64 goes through, taken when it starts at the beginning. */
  listing: readonly DirectoryName[] | undefined;
  /** What a generated file says, made when it is first read. */
  text: Uint8Array | undefined;
  /** Whoever watches this file and must hear of its end: epoll. */
  readonly onRelease: Set<() => void> = new Set();
  readonly #ops: FileOps;
  #references = 1;

  constructor(inode: Inode, flags: number, ops: FileOps) {
    this.inode = inode;
    this.flags = flags;
    this.#ops = ops;
    inode.open();
  }

  get ops(): FileOps {
    return this.#ops;
  }

  get isReadable(): boolean {
    return (this.flags & O_PATH) === 0 && (this.flags & O_ACCMODE) !== O_WRONLY;
  }

  get isWritable(): boolean {
    return (this.flags & O_PATH) === 0 && (this.flags & O_ACCMODE) !== O_RDONLY;
  }

  get isNonBlocking(): boolean {
    return (this.flags & O_NONBLOCK) !== 0;
  }

  get isAppending(): boolean {
    return (this.flags & O_APPEND) !== 0;
  }

  get isPathOnly(): boolean {
    return (this.flags & O_PATH) !== 0;
  }

  get references(): number {
    return this.#references;
  }

  hold(): this {
    assert(this.#references > 0, "a released file is held");
    this.#references += 1;
    return this;
  }

  release(): void {
    assert(this.#references > 0, "a file is released once too often");
    this.#references -= 1;
    if (this.#references > 0) return;
    for (const forget of [...this.onRelease]) forget();
    this.inode.unlockAll(this);
    this.#ops.release?.(this);
    this.inode.close();
  }
}
