/**
 * An inode: what a name leads to. Attributes are kept here; what a file holds or does is its body.
 *
 * Source: include/linux/fs.h, fs/inode.c and mm/shmem.c of Linux 6.1.
 * Left out: ACLs, extended attributes, mounts (every directory is in one file system), block devices,
 * socket files that a path can be opened by.
 */
import {
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFREG,
  S_IFSOCK,
  S_ISGID,
  S_ISUID,
  S_IXGRP,
} from "../abi/stat.ts";
import type { ProgramImage } from "../exec/program.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import type { Directory } from "./directory.ts";
import type { FileData } from "./file-data.ts";
import { FileLocks } from "./file-locks.ts";
import type { FileOps, IoCaller } from "./file-ops.ts";
import { type Credentials, MAY_EXEC, permission } from "./permission.ts";
import type { Pipe } from "./pipe.ts";
import type { FileSpace } from "./space.ts";
import type { UnixSocket } from "./unix-socket.ts";

/** What an inode is and holds. */
export type InodeBody =
  | { readonly kind: "file"; readonly data: FileData; readonly program?: ProgramImage }
  /** Text made anew at each open: a file of /proc. */
  | {
      readonly kind: "generated";
      readonly text: () => string;
      readonly write?: (text: string) => number;
    }
  /** A regular file that is what its operations say: /proc/PID/mem. */
  | { readonly kind: "made"; readonly open: () => FileOps | number }
  | { readonly kind: "dir"; readonly directory: Directory }
  /** `jump` leads straight to an inode, as the links of /proc/PID/fd do. */
  | {
      readonly kind: "symlink";
      readonly target: () => string;
      readonly jump?: () => Inode | undefined;
    }
  | { readonly kind: "char"; readonly open: (flags: number, caller: IoCaller) => FileOps | number }
  | { readonly kind: "fifo"; readonly pipe: Pipe }
  | { readonly kind: "socket"; readonly socket: UnixSocket | undefined }
  /** A file without a place in the tree, such as an eventfd: `[eventfd]`; `behind` is what it is. */
  | { readonly kind: "anon"; readonly label: string; readonly behind?: object };

export type InodeKind = Exclude<InodeBody["kind"], "generated" | "made">;

const TYPE_BITS: Readonly<Record<InodeBody["kind"], number>> = {
  file: S_IFREG,
  generated: S_IFREG,
  made: S_IFREG,
  dir: S_IFDIR,
  symlink: S_IFLNK,
  char: S_IFCHR,
  fifo: S_IFIFO,
  socket: S_IFSOCK,
  anon: 0,
};

export interface InodeParts {
  readonly ino: number;
  readonly body: InodeBody;
  /** The 12 low bits of the mode. */
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
  readonly nowNs: number;
  readonly rdev?: number;
  /** Where the inode is counted until it is gone; absent for inodes that are made up. */
  readonly space?: FileSpace;
}

export class Inode {
  readonly ino: number;
  readonly body: InodeBody;
  readonly rdev: number;
  permissions: number;
  uid: number;
  gid: number;
  nlink: number;
  atimeNs: number;
  mtimeNs: number;
  ctimeNs: number;
  /** A directory's way up, even once it was removed; itself at the root. */
  parent: Inode | undefined;
  /** A made-up directory's name in its parent; others are found by looking. */
  madeUpName = "";
  /** Record locks, and flock(2)'s, which do not see each other. */
  readonly #lockLists: { records?: FileLocks; whole?: FileLocks } = {};
  /** Open files on this inode; it goes away when these and the links are 0. */
  #opens = 0;
  readonly #space: FileSpace | undefined;

  constructor(parts: InodeParts) {
    this.ino = parts.ino;
    this.body = parts.body;
    this.permissions = parts.permissions;
    this.uid = parts.uid;
    this.gid = parts.gid;
    this.rdev = parts.rdev ?? 0;
    this.atimeNs = parts.nowNs;
    this.mtimeNs = parts.nowNs;
    this.ctimeNs = parts.nowNs;
    this.nlink = parts.body.kind === "dir" ? 2 : 1;
    this.#space = parts.space;
    if (parts.body.kind === "file") parts.body.data.onUnmapped = () => this.#evictIfUnused();
  }

  get kind(): InodeKind {
    const { kind } = this.body;
    return kind === "generated" || kind === "made" ? "file" : kind;
  }

  get locks(): FileLocks {
    this.#lockLists.records ??= new FileLocks();
    return this.#lockLists.records;
  }

  get flocks(): FileLocks {
    this.#lockLists.whole ??= new FileLocks();
    return this.#lockLists.whole;
  }

  /** A process or an open file is done with this inode: its locks go. */
  unlockAll(owner: object): void {
    this.#lockLists.records?.releaseAll(owner);
    this.#lockLists.whole?.releaseAll(owner);
  }

  /** st_mode. */
  get mode(): number {
    return TYPE_BITS[this.body.kind] | this.permissions;
  }

  /** st_size. */
  get size(): number {
    const { body } = this;
    if (body.kind === "file") return body.data.size;
    if (body.kind === "symlink") return encodeUtf8(body.target()).length;
    return 0;
  }

  /** The program that the file is, if it is one. */
  get program(): ProgramImage | undefined {
    return this.body.kind === "file" ? this.body.program : undefined;
  }

  get directory(): Directory | undefined {
    return this.body.kind === "dir" ? this.body.directory : undefined;
  }

  /** Is this a directory that nothing leads to any more? */
  get isRemoved(): boolean {
    return this.body.kind === "dir" && this.nlink === 0;
  }

  mayExecute(cred: Credentials): boolean {
    return permission(this, cred, MAY_EXEC);
  }

  /** What a regular file holds, from its beginning; empty for what is not one. */
  readBytes(most: number = Number.POSITIVE_INFINITY): Uint8Array {
    const { body } = this;
    if (body.kind === "file") return body.data.read(0, most);
    return body.kind === "generated" ? encodeUtf8(body.text()) : new Uint8Array(0);
  }

  readText(): string {
    return decodeUtf8(this.readBytes());
  }

  /** The set-ID bits go; the group's means something else where the group may not execute. */
  dropPrivileges(): void {
    const setGroup = (this.permissions & S_IXGRP) === 0 ? 0 : S_ISGID;
    this.permissions &= ~(S_ISUID | setGroup);
  }

  /** Contents changed: mtime and ctime move. */
  touch(nowNs: number): void {
    this.mtimeNs = nowNs;
    this.ctimeNs = nowNs;
  }

  /** Contents were read: relatime, as mounted by default. */
  accessed(nowNs: number): void {
    const dayNs = 86_400e9;
    if (
      this.atimeNs <= this.mtimeNs ||
      this.atimeNs <= this.ctimeNs ||
      nowNs - this.atimeNs >= dayNs
    ) {
      this.atimeNs = nowNs;
    }
  }

  open(): void {
    this.#opens += 1;
  }

  close(): void {
    this.#opens -= 1;
    this.#evictIfUnused();
  }

  unlink(nowNs: number): void {
    this.nlink -= 1;
    this.ctimeNs = nowNs;
    this.#evictIfUnused();
  }

  #evictIfUnused(): void {
    if (this.nlink > 0 || this.#opens > 0 || this.#space === undefined) return;
    if (this.body.kind === "file") {
      if (this.body.data.isMapped) return;
      this.body.data.resize(0);
    }
    this.#space.giveInode();
  }
}
