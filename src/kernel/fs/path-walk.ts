/**
 * From a path to an inode, component by component, with errors in the order in which Linux finds
 * them: is this a directory (ENOTDIR), may I search it (EACCES), is the name too long, is it there
 * (ENOENT), have I followed too many links (ELOOP).
 *
 * Source: fs/namei.c link_path_walk(), path_lookupat() of Linux 6.1; path_resolution(7).
 * Left out: mounts, openat2's RESOLVE_ flags, protected symlinks.
 */
import { EACCES, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR } from "../abi/errno.ts";
import {
  NAME_LENGTH_MAX_BYTES,
  PATH_LENGTH_MAX_BYTES,
  SYMLINKS_FOLLOWED_MAX,
} from "../lib/limits.ts";
import { encodeUtf8 } from "../lib/text.ts";
import type { FsContext } from "./fs-context.ts";
import type { Inode } from "./inode.ts";
import { type Credentials, MAY_EXEC, permission } from "./permission.ts";

/** Who walks: a task is one. */
export interface Walker {
  readonly fs: FsContext;
  readonly cred: Credentials;
}

/** Where a path leads: a directory, the last name in it, and what has that name, if anything. */
export interface Resolved {
  /** The directory that the last component is looked up in. */
  readonly directory: Inode;
  /** The last component; "" for the root, "." and ".." as written. */
  readonly name: string;
  readonly inode: Inode | undefined;
  /** The path asked for a directory by ending in a slash. */
  readonly trailingSlash: boolean;
}

/** Walks that a symlink may continue; `links` counts those followed so far. */
interface Walk {
  readonly walker: Walker;
  links: number;
}

/** The last component, its directory reached. */
interface LastStep {
  readonly directory: Inode;
  readonly name: string;
  readonly trailingSlash: boolean;
}

/**
 * Resolves all of `path`, starting at `start` if it is relative. The last component may be missing
 * (`inode` undefined); if it is a symlink, it is followed only with `follow` or before a slash.
 */
export function resolvePath(
  walker: Walker,
  start: Inode,
  path: string,
  follow: boolean,
): Resolved | number {
  if (path === "") return -ENOENT;
  if (encodeUtf8(path).length >= PATH_LENGTH_MAX_BYTES) return -ENAMETOOLONG;
  return resolveFrom({ walker, links: 0 }, start, path, follow);
}

/**
 * The same for calls that make or remove a name: the last component is never followed, and what the
 * trailing slash means is the caller's business.
 */
export function resolveName(walker: Walker, start: Inode, path: string): Resolved | number {
  if (path === "") return -ENOENT;
  if (encodeUtf8(path).length >= PATH_LENGTH_MAX_BYTES) return -ENAMETOOLONG;
  const last = walkToLast({ walker, links: 0 }, start, path);
  if (typeof last === "number") return last;
  const inode = step(walker, last.directory, last.name);
  return typeof inode === "number" ? inode : { ...last, inode };
}

/** The inode that a path leads to; -ENOENT where there is none. */
export function lookupPath(
  walker: Walker,
  start: Inode,
  path: string,
  follow: boolean,
): Inode | number {
  const found = resolvePath(walker, start, path, follow);
  if (typeof found === "number") return found;
  return found.inode ?? -ENOENT;
}

function resolveFrom(
  walk: Walk,
  start: Inode,
  path: string,
  follow: boolean,
  slash = false,
): Resolved | number {
  const last = walkToLast(walk, start, path);
  if (typeof last === "number") return last;
  const trailingSlash = slash || last.trailingSlash;
  let inode = step(walk.walker, last.directory, last.name);
  if (typeof inode === "number") return inode;
  if (inode?.body.kind === "symlink" && (follow || trailingSlash)) {
    const next = enterLink(walk, inode);
    if (typeof next === "number") return next;
    if (typeof next === "string") {
      return resolveFrom(walk, last.directory, next, follow, trailingSlash);
    }
    inode = next;
  }
  const isWrongKind = trailingSlash && inode !== undefined && inode.kind !== "dir";
  return isWrongKind ? -ENOTDIR : { ...last, inode, trailingSlash };
}

/** Walks all components but the last. */
function walkToLast(walk: Walk, start: Inode, path: string): LastStep | number {
  const trailingSlash = path.endsWith("/");
  const names = path.split("/").filter((name) => name !== "");
  const name = names.pop() ?? "";
  let directory = path.startsWith("/") ? walk.walker.fs.root : start;
  if (directory.kind !== "dir") return -ENOTDIR;
  for (const component of names) {
    const next = stepInto(walk, directory, component);
    if (typeof next === "number") return next;
    directory = next;
  }
  return { directory, name, trailingSlash };
}

/** One component that is not the last: it must lead to a directory. */
function stepInto(walk: Walk, directory: Inode, name: string): Inode | number {
  let inode = step(walk.walker, directory, name);
  if (inode === undefined) return -ENOENT;
  if (typeof inode === "number") return inode;
  if (inode.body.kind === "symlink") {
    const target = enterLink(walk, inode);
    if (typeof target === "number") return target;
    if (typeof target === "string") {
      const found = resolveFrom(walk, directory, target, true);
      if (typeof found === "number") return found;
      if (found.inode === undefined) return -ENOENT;
      inode = found.inode;
    } else inode = target;
  }
  return inode.kind === "dir" ? inode : -ENOTDIR;
}

/** Looks one name up; undefined where it is not there. */
function step(walker: Walker, directory: Inode, name: string): Inode | undefined | number {
  if (name === "") return directory;
  if (!permission(directory, walker.cred, MAY_EXEC)) return -EACCES;
  if (name === ".") return directory;
  if (name === "..")
    return directory === walker.fs.root ? directory : (directory.parent ?? directory);
  if (name.length * 4 > NAME_LENGTH_MAX_BYTES && encodeUtf8(name).length > NAME_LENGTH_MAX_BYTES) {
    return -ENAMETOOLONG;
  }
  return directory.directory?.lookup(name);
}

/** Where a symlink points: a path to go on with, or an inode. */
function enterLink(walk: Walk, link: Inode): string | Inode | number {
  walk.links += 1;
  if (walk.links > SYMLINKS_FOLLOWED_MAX || link.body.kind !== "symlink") return -ELOOP;
  if (link.body.jump !== undefined) return link.body.jump() ?? -ENOENT;
  const target = link.body.target();
  return target === "" ? -ENOENT : target;
}

/** The path of a directory from the root: what getcwd says; undefined once it was removed. */
export function pathOfDirectory(directory: Inode, root: Inode): string | undefined {
  const names: string[] = [];
  let at = directory;
  while (at !== root && at.parent !== at) {
    const parent = at.parent;
    if (parent === undefined || at.isRemoved) return undefined;
    names.push(parent.directory?.names?.nameOf(at) ?? at.madeUpName);
    at = parent;
  }
  return `/${names.reverse().join("/")}`;
}
