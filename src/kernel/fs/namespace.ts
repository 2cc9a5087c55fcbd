/**
 * Making, removing and moving names: mkdir, symlink, link, unlink, rmdir, rename. Each function is
 * Linux's refusals in Linux's order, then the act.
 *
 * Source: fs/namei.c (filename_create, may_create, may_delete, do_unlinkat, do_rmdir, vfs_link,
 * do_renameat2) of Linux 6.1. Left out: RENAME_WHITEOUT.
 */
import {
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  EMLINK,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
} from "../abi/errno.ts";
import { RENAME_EXCHANGE, RENAME_NOREPLACE } from "../abi/fcntl.ts";
import { S_ISGID, S_ISVTX } from "../abi/stat.ts";
import { LINKS_MAX } from "../lib/limits.ts";
import { NameTable } from "./directory.ts";
import type { Inode, InodeBody } from "./inode.ts";
import { type Resolved, resolveName, type Walker } from "./path-walk.ts";
import { MAY_EXEC, MAY_WRITE, ownerOrCapable, permission } from "./permission.ts";
import type { Vfs } from "./vfs.ts";

/** A name that can be made: the table it goes into. */
interface Slot {
  readonly directory: Inode;
  readonly names: NameTable;
  readonly name: string;
}

/** "", "." and ".." are not names that a call could make or remove. */
const isPlainName = (name: string): boolean => name !== "" && name !== "." && name !== "..";

/** filename_create() and may_create(): a free name that the caller may fill. */
function freeName(
  walker: Walker,
  start: Inode,
  path: string,
  forDirectory: boolean,
): Slot | number {
  const found = resolveName(walker, start, path);
  if (typeof found === "number") return found;
  if (!isPlainName(found.name) || found.inode !== undefined) return -EEXIST;
  if (found.trailingSlash && !forDirectory) return -ENOENT;
  return fillable(walker, found.directory, found.name);
}

function fillable(walker: Walker, directory: Inode, name: string): Slot | number {
  const names = directory.directory?.names;
  if (names === undefined || directory.isRemoved) return -ENOENT;
  if (!permission(directory, walker.cred, MAY_WRITE | MAY_EXEC)) return -EACCES;
  return { directory, names, name };
}

/** may_delete(): may this existing name go, to be replaced by or treated as a directory or not? */
function mayDelete(walker: Walker, directory: Inode, victim: Inode, asDirectory: boolean): number {
  const { cred } = walker;
  if (!permission(directory, cred, MAY_WRITE | MAY_EXEC)) return -EACCES;
  const isSticky = (directory.permissions & S_ISVTX) !== 0;
  if (isSticky && cred.fsuid !== directory.uid && !ownerOrCapable(victim, cred)) return -EPERM;
  if (directory.directory?.names === undefined) return -EPERM;
  if (asDirectory && victim.kind !== "dir") return -ENOTDIR;
  if (asDirectory && victim === walker.fs.root) return -EBUSY;
  return !asDirectory && victim.kind === "dir" ? -EISDIR : 0;
}

/** Makes a new inode under a free name; 0 or a negative errno. */
function makeName(
  vfs: Vfs,
  walker: Walker,
  slot: Slot,
  body: InodeBody,
  permissions: number,
): Inode | number {
  const { cred } = walker;
  const { gid, permissions: above } = slot.directory;
  // inode_init_owner(): in a set-group-ID directory all belongs to its group.
  const inherits = (above & S_ISGID) !== 0;
  const own = inherits && body.kind === "dir" ? permissions | S_ISGID : permissions;
  const inode = vfs.makeInode(body, own, inherits ? { ...cred, fsgid: gid } : cred);
  if (typeof inode === "number") return inode;
  addName(vfs, slot, inode);
  return inode;
}

function addName(vfs: Vfs, slot: Slot, inode: Inode): void {
  slot.names.set(slot.name, inode);
  slot.directory.touch(vfs.nowNs());
  if (inode.kind !== "dir") return;
  inode.parent = slot.directory;
  slot.directory.nlink += 1;
}

function removeName(vfs: Vfs, directory: Inode, name: string, inode: Inode): void {
  directory.directory?.names?.delete(name);
  directory.touch(vfs.nowNs());
  if (inode.kind === "dir") directory.nlink -= 1;
}

/** open(2)'s part of creation: a regular file in a directory that was just searched. */
export function createFile(
  vfs: Vfs,
  walker: Walker,
  found: Resolved,
  mode: number,
): Inode | number {
  const slot = fillable(walker, found.directory, found.name);
  if (typeof slot === "number") return slot;
  return makeName(vfs, walker, slot, vfs.fileBody(), mode & 0o7777 & ~walker.fs.umask);
}

export function makeDirectory(
  vfs: Vfs,
  walker: Walker,
  start: Inode,
  path: string,
  mode: number,
): number {
  const slot = freeName(walker, start, path, true);
  if (typeof slot === "number") return slot;
  if (slot.directory.nlink >= LINKS_MAX) return -EMLINK;
  const body = { kind: "dir", directory: new NameTable() } as const;
  const made = makeName(vfs, walker, slot, body, mode & 0o1777 & ~walker.fs.umask);
  return typeof made === "number" ? made : 0;
}

export function makeSymlink(
  vfs: Vfs,
  walker: Walker,
  target: string,
  start: Inode,
  path: string,
): number {
  if (target === "") return -ENOENT;
  const slot = freeName(walker, start, path, false);
  if (typeof slot === "number") return slot;
  const made = makeName(vfs, walker, slot, { kind: "symlink", target: () => target }, 0o777);
  return typeof made === "number" ? made : 0;
}

/** A special file, such as a named pipe or the name of a socket. */
export function makeNode(
  vfs: Vfs,
  walker: Walker,
  start: Inode,
  path: string,
  body: InodeBody,
  mode: number,
): number {
  const slot = freeName(walker, start, path, false);
  if (typeof slot === "number") return slot;
  const made = makeName(vfs, walker, slot, body, mode & 0o7777 & ~walker.fs.umask);
  return typeof made === "number" ? made : 0;
}

/** A second name for an inode that the caller has found. */
export function makeLink(
  vfs: Vfs,
  walker: Walker,
  inode: Inode,
  start: Inode,
  path: string,
): number {
  const slot = freeName(walker, start, path, false);
  if (typeof slot === "number") return slot;
  if (inode.kind === "dir") return -EPERM;
  if (inode.nlink === 0) return -ENOENT;
  if (inode.nlink >= LINKS_MAX) return -EMLINK;
  inode.nlink += 1;
  inode.ctimeNs = vfs.nowNs();
  addName(vfs, slot, inode);
  return 0;
}

export function unlink(vfs: Vfs, walker: Walker, start: Inode, path: string): number {
  const found = resolveName(walker, start, path);
  if (typeof found === "number") return found;
  if (!isPlainName(found.name)) return -EISDIR;
  const { directory, name, inode } = found;
  if (inode === undefined) return -ENOENT;
  if (found.trailingSlash) return inode.kind === "dir" ? -EISDIR : -ENOTDIR;
  const refused = mayDelete(walker, directory, inode, false);
  if (refused < 0) return refused;
  removeName(vfs, directory, name, inode);
  inode.unlink(vfs.nowNs());
  return 0;
}

export function removeDirectory(vfs: Vfs, walker: Walker, start: Inode, path: string): number {
  const found = resolveName(walker, start, path);
  if (typeof found === "number") return found;
  const { directory, name, inode } = found;
  if (name === "..") return -ENOTEMPTY;
  if (name === ".") return -EINVAL;
  if (name === "") return -EBUSY;
  if (inode === undefined) return -ENOENT;
  const refused = mayDelete(walker, directory, inode, true);
  if (refused < 0) return refused;
  if (inode.directory?.names === undefined) return -EPERM;
  if (!inode.directory.names.isEmpty) return -ENOTEMPTY;
  dropDirectory(vfs, directory, name, inode);
  return 0;
}

function dropDirectory(vfs: Vfs, parent: Inode, name: string, inode: Inode): void {
  removeName(vfs, parent, name, inode);
  inode.nlink = 1;
  inode.unlink(vfs.nowNs());
}

const isAncestor = (maybe: Inode, of: Inode): boolean => {
  for (
    let at: Inode | undefined = of;
    at !== undefined;
    at = at.parent === at ? undefined : at.parent
  ) {
    if (at === maybe) return true;
  }
  return false;
};

/** renameat2(2). */
export function rename(
  vfs: Vfs,
  walker: Walker,
  from: { readonly start: Inode; readonly path: string },
  to: { readonly start: Inode; readonly path: string },
  flags: number,
): number {
  if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) !== 0) return -EINVAL;
  if (flags === (RENAME_NOREPLACE | RENAME_EXCHANGE)) return -EINVAL;
  const old = resolveName(walker, from.start, from.path);
  if (typeof old === "number") return old;
  const next = resolveName(walker, to.start, to.path);
  if (typeof next === "number") return next;
  if (!isPlainName(old.name)) return -EBUSY;
  if (!isPlainName(next.name)) return (flags & RENAME_NOREPLACE) !== 0 ? -EEXIST : -EBUSY;
  const moved = old.inode;
  if (moved === undefined) return -ENOENT;
  const refused = refuseRename(walker, old, moved, next, flags);
  if (refused < 0 || next.inode === moved) return refused;
  return moveName(vfs, walker, old, moved, next, flags);
}

function refuseRename(
  walker: Walker,
  old: Resolved,
  moved: Inode,
  next: Resolved,
  flags: number,
): number {
  const target = next.inode;
  const isExchange = (flags & RENAME_EXCHANGE) !== 0;
  if (target !== undefined && (flags & RENAME_NOREPLACE) !== 0) return -EEXIST;
  if (isExchange && target === undefined) return -ENOENT;
  if (refusesSlashes(old, moved, next, isExchange)) return -ENOTDIR;
  if (isAncestor(moved, next.directory)) return -EINVAL;
  if (target !== undefined && isAncestor(target, old.directory)) {
    return isExchange ? -EINVAL : -ENOTEMPTY;
  }
  if (target === moved) return 0;
  const isDirectory = moved.kind === "dir";
  const mayGo = mayDelete(walker, old.directory, moved, isDirectory);
  if (mayGo < 0) return mayGo;
  const asDirectory = isExchange ? target?.kind === "dir" : isDirectory;
  const mayReplace =
    target === undefined ? 0 : mayDelete(walker, next.directory, target, asDirectory);
  if (mayReplace < 0) return mayReplace;
  const changesParent = isDirectory && old.directory !== next.directory;
  return changesParent && !permission(moved, walker.cred, MAY_WRITE) ? -EACCES : 0;
}

/** Does a path end in a slash though it names no directory? */
function refusesSlashes(old: Resolved, moved: Inode, next: Resolved, isExchange: boolean): boolean {
  if (isExchange && next.trailingSlash && next.inode?.kind !== "dir") return true;
  if (moved.kind === "dir") return false;
  return old.trailingSlash || (!isExchange && next.trailingSlash);
}

function moveName(
  vfs: Vfs,
  walker: Walker,
  old: Resolved,
  moved: Inode,
  next: Resolved,
  flags: number,
): number {
  const slot = fillable(walker, next.directory, next.name);
  if (typeof slot === "number") return slot;
  const source = fillable(walker, old.directory, old.name);
  if (typeof source === "number") return source;
  const target = next.inode;
  if (target !== undefined && (flags & RENAME_EXCHANGE) === 0) {
    if (target.kind === "dir" && target.directory?.names?.isEmpty !== true) return -ENOTEMPTY;
    if (target.kind === "dir") dropDirectory(vfs, next.directory, next.name, target);
    else {
      removeName(vfs, next.directory, next.name, target);
      target.unlink(vfs.nowNs());
    }
  }
  removeName(vfs, old.directory, old.name, moved);
  if (target !== undefined && (flags & RENAME_EXCHANGE) !== 0) {
    removeName(vfs, next.directory, next.name, target);
    addName(vfs, source, target);
  }
  addName(vfs, slot, moved);
  moved.ctimeNs = vfs.nowNs();
  return 0;
}
