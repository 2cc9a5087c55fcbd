/**
 * open(2): from a path and flags to an open file.
 *
 * Source: fs/namei.c do_open(), open_last_lookups(), may_open() and fs/open.c build_open_flags() of
 * Linux 6.1. A file with a TypeScript program in it counts as running always: ETXTBSY to writers.
 * Left out: O_TMPFILE, leases, O_DIRECT's alignment, openat2.
 */
import {
  EACCES,
  EEXIST,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENXIO,
  EOPNOTSUPP,
  EPERM,
  ETXTBSY,
} from "../abi/errno.ts";
import {
  O_ACCMODE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOATIME,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
} from "../abi/fcntl.ts";
import type { FileOps, IoCaller } from "./file-ops.ts";
import type { Inode } from "./inode.ts";
import { createFile } from "./namespace.ts";
import { OpenFile } from "./open-file.ts";
import {
  pathOfDirectory,
  type Resolved,
  resolveName,
  resolvePath,
  type Walker,
} from "./path-walk.ts";
import { MAY_READ, MAY_WRITE, ownerOrCapable, permission } from "./permission.ts";
import { DIRECTORY_OPS, generatedOps, PATH_ONLY_OPS, regularOps } from "./regular-ops.ts";
import type { Vfs } from "./vfs.ts";

/** Flags that matter to O_PATH; the others are dropped. */
const O_PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
const TMPFILE_BIT = O_TMPFILE & ~O_DIRECTORY;
/** Never seen again by F_GETFL. */
const CREATION_FLAGS = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

/** What open is asked for. */
export interface OpenRequest {
  readonly path: string;
  readonly flags: number;
  readonly mode: number;
}

/** Opens `path`, relative to `start`; a negative errno on refusal. */
export function openPath(
  vfs: Vfs,
  walker: Walker,
  start: Inode,
  request: OpenRequest,
  caller: IoCaller,
): OpenFile | number {
  const flags = (request.flags & O_PATH) !== 0 ? request.flags & O_PATH_FLAGS : request.flags;
  if ((flags & TMPFILE_BIT) !== 0) return -EOPNOTSUPP;
  const found = findLast(walker, start, request.path, flags);
  if (typeof found === "number") return found;
  if (found.inode !== undefined) {
    const refused = refuseOpen(walker, found.inode, flags);
    if (refused < 0) return refused;
    if ((flags & O_TRUNC) !== 0 && found.inode.body.kind === "file") {
      found.inode.body.data.resize(0);
      found.inode.touch(vfs.nowNs());
    }
    return named(openInode(vfs, found.inode, flags, caller), walker, start, request.path);
  }
  if ((flags & O_CREAT) === 0) return -ENOENT;
  const made = createFile(vfs, walker, found, request.mode);
  if (typeof made === "number") return made;
  return named(openInode(vfs, made, flags, caller), walker, start, request.path);
}

/** Notes the path that a file was opened by, made absolute. */
function named(
  file: OpenFile | number,
  walker: Walker,
  start: Inode,
  path: string,
): OpenFile | number {
  if (typeof file === "number") return file;
  const from = path.startsWith("/") ? "" : (pathOfDirectory(start, walker.fs.root) ?? "");
  file.path = from === "" || from === "/" ? `/${path.replace(/^\/+/, "")}` : `${from}/${path}`;
  return file;
}

function findLast(walker: Walker, start: Inode, path: string, flags: number): Resolved | number {
  const isCreating = (flags & O_CREAT) !== 0;
  const follow = (flags & O_NOFOLLOW) === 0 && !(isCreating && (flags & O_EXCL) !== 0);
  if (isCreating && path.endsWith("/")) {
    const parent = resolveName(walker, start, path);
    return typeof parent === "number" ? parent : -EISDIR;
  }
  const found = resolvePath(walker, start, path, follow);
  if (typeof found === "number" || !isCreating) return found;
  if (found.inode !== undefined && (flags & O_EXCL) !== 0) return -EEXIST;
  if (found.inode?.kind === "dir" || found.trailingSlash) return -EISDIR;
  return found;
}

/** may_open(), for a file that was there. */
function refuseOpen(walker: Walker, inode: Inode, flags: number): number {
  if ((flags & O_DIRECTORY) !== 0 && inode.kind !== "dir") return -ENOTDIR;
  if ((flags & O_PATH) !== 0) return 0;
  if (inode.kind === "symlink") return -ELOOP;
  const access = flags & O_ACCMODE;
  const writes = access !== O_RDONLY || (flags & O_TRUNC) !== 0;
  if (inode.kind === "dir" && writes) return -EISDIR;
  const mask = (access === O_WRONLY ? 0 : MAY_READ) | (writes ? MAY_WRITE : 0);
  if (!permission(inode, walker.cred, mask)) return -EACCES;
  if ((flags & O_NOATIME) !== 0 && !ownerOrCapable(inode, walker.cred)) return -EPERM;
  return writes && inode.program !== undefined ? -ETXTBSY : 0;
}

/** An open file on an inode that may be opened. */
export function openInode(
  vfs: Vfs,
  inode: Inode,
  flags: number,
  caller: IoCaller,
): OpenFile | number {
  const ops = opsOf(vfs, inode, flags, caller);
  if (typeof ops === "number") return ops;
  const path = (flags & O_PATH) !== 0 ? 0 : O_LARGEFILE;
  return new OpenFile(inode, (flags & ~CREATION_FLAGS) | path, ops);
}

function opsOf(vfs: Vfs, inode: Inode, flags: number, caller: IoCaller): FileOps | number {
  if ((flags & O_PATH) !== 0) return PATH_ONLY_OPS;
  const { body } = inode;
  const access = flags & O_ACCMODE;
  switch (body.kind) {
    case "file":
      return regularOps(body.data, vfs.nowNs);
    case "generated":
      return generatedOps(body.text, body.write);
    case "made":
      return body.open();
    case "dir":
      return DIRECTORY_OPS;
    case "char":
      return body.open(flags, caller);
    case "fifo":
      if (access === O_WRONLY && (flags & O_NONBLOCK) !== 0 && body.pipe.readers === 0)
        return -ENXIO;
      return body.pipe.open(access !== O_WRONLY, access !== O_RDONLY);
    case "symlink":
      return -ELOOP;
    case "socket":
    case "anon":
      return -ENXIO;
  }
}
