/**
 * The file system of one machine: its root, the making of inodes, and a way in from outside (the
 * host, boot, tests), which acts as root and needs no task.
 *
 * Left out: mounting. /proc and /dev are directories of the one tree.
 */
import { ENOENT, ENOSPC } from "../abi/errno.ts";
import type { ProgramImage } from "../exec/program.ts";
import type { PhysicalMemory } from "../hw/memory.ts";
import { assert } from "../lib/assert.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { type DynamicNames, NameTable } from "./directory.ts";
import { FileData } from "./file-data.ts";
import { FsContext } from "./fs-context.ts";
import { Inode, type InodeBody } from "./inode.ts";
import { lookupPath, resolvePath, type Walker } from "./path-walk.ts";
import { type Credentials, ROOT_CREDENTIALS } from "./permission.ts";
import { Pipe } from "./pipe.ts";
import type { RootEntry, RootTree } from "./root-tree.ts";
import { FileSpace } from "./space.ts";
import type { UnixSocket } from "./unix-socket.ts";

export interface VfsParts {
  /** Where files are kept. */
  readonly memory: PhysicalMemory;
  /** Wall-clock nanoseconds since 1970, for timestamps. */
  readonly nowNs: () => number;
  /** A bound of limits.ts was hit. */
  readonly onLimit?: (name: string, value: number) => void;
}

/** What /proc and /dev entries are made with. */
export interface SpecialAttributes {
  readonly permissions?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly rdev?: number;
}

/** What a file made at boot begins with when it may be executed: a script's `#!`, or ELF's magic. */
const EXECUTABLE_STARTS: readonly (readonly number[])[] = [
  [0x23, 0x21],
  [0x7f, 0x45, 0x4c, 0x46],
];

export class Vfs {
  readonly root: Inode;
  readonly nowNs: () => number;
  readonly space: FileSpace;
  /** Whoever waits for a record lock, and whose it is: to see a deadlock coming. */
  readonly lockWaits: Map<object, object> = new Map();
  /** Sockets by their abstract names, which are in no directory. */
  readonly abstractSockets: Map<string, UnixSocket> = new Map();
  /** Whoever looks from outside. */
  readonly #outside: Walker;
  #lastIno = 1;

  constructor(parts: VfsParts) {
    this.nowNs = parts.nowNs;
    this.space = new FileSpace(parts.memory, parts.onLimit ?? (() => undefined));
    this.root = this.makeSpecial(
      { kind: "dir", directory: new NameTable() },
      { permissions: 0o755 },
    );
    this.root.parent = this.root;
    this.#outside = { fs: new FsContext(this.root), cred: ROOT_CREDENTIALS };
  }

  /** An inode that counts against the limits; -ENOSPC past them. */
  makeInode(body: InodeBody, permissions: number, cred: Credentials): Inode | number {
    if (!this.space.takeInode()) return -ENOSPC;
    this.#lastIno += 1;
    return new Inode({
      ino: this.#lastIno,
      body,
      permissions,
      uid: cred.fsuid,
      gid: cred.fsgid,
      nowNs: this.nowNs(),
      space: this.space,
    });
  }

  /** An inode of the machine's own: a device, a pipe, an entry of /proc. */
  makeSpecial(body: InodeBody, attributes: SpecialAttributes = {}): Inode {
    this.#lastIno += 1;
    return new Inode({
      ino: this.#lastIno,
      body,
      permissions: attributes.permissions ?? (body.kind === "dir" ? 0o555 : 0o444),
      uid: attributes.uid ?? 0,
      gid: attributes.gid ?? 0,
      nowNs: this.nowNs(),
      ...(attributes.rdev === undefined ? {} : { rdev: attributes.rdev }),
    });
  }

  /** A directory whose names are made up when asked. */
  makeDynamicDirectory(names: DynamicNames, attributes: SpecialAttributes = {}): Inode {
    const directory = {
      lookup: (name: string): Inode | undefined => {
        const inode = names.lookup(name);
        if (inode?.kind === "dir") {
          inode.parent = self;
          inode.madeUpName = name;
        }
        return inode;
      },
      list: () =>
        names.list().map(({ name, kind }) => ({ name, type: LISTED_TYPES[kind], ino: self.ino })),
    };
    const self = this.makeSpecial({ kind: "dir", directory }, attributes);
    return self;
  }

  /** A read-only file whose text is made when it is read; `write` makes it writable. */
  makeGeneratedFile(
    text: () => string,
    attributes: SpecialAttributes = {},
    write?: (text: string) => number,
  ): Inode {
    const body = { kind: "generated", text, ...(write === undefined ? {} : { write }) } as const;
    return this.makeSpecial(body, attributes);
  }

  makePipe(): Inode {
    return this.makeSpecial({ kind: "fifo", pipe: new Pipe() }, { permissions: 0o600 });
  }

  /** An empty regular file's body. */
  fileBody(program?: ProgramImage): InodeBody {
    const data = new FileData(this.space);
    return program === undefined ? { kind: "file", data } : { kind: "file", data, program };
  }

  /** Memory that processes share and no name leads to: a file that goes with its last mapping. */
  sharedMemory(size: number): FileData | number {
    const data = new FileData(this.space);
    const failed = data.resize(size);
    data.onUnmapped = () => data.resize(0);
    return failed < 0 ? failed : data;
  }

  /** Where a path leads for a task, symlinks followed; a negative errno. */
  lookup(walker: Walker, path: string): Inode | number {
    return lookupPath(walker, walker.fs.cwd, path, true);
  }

  /** The inode at an absolute path as seen from outside. */
  find(path: string): Inode | undefined {
    const found = lookupPath(this.#outside, this.root, path, true);
    return typeof found === "number" ? undefined : found;
  }

  readFile(path: string): Uint8Array | undefined {
    const inode = this.find(path);
    return inode === undefined || inode.kind !== "file" ? undefined : inode.readBytes();
  }

  /** Makes a directory and those above it. Returns 0 or a negative errno. */
  makeDirectories(path: string): number {
    let at = this.root;
    for (const name of path.split("/").filter((part) => part !== "")) {
      let next = lookupPath(this.#outside, at, name, true);
      if (next === -ENOENT)
        next = this.#add(at, name, { kind: "dir", directory: new NameTable() }, 0o755);
      if (typeof next === "number") return next;
      at = next;
    }
    return 0;
  }

  /** Puts a file at an absolute path, directories above it included, replacing what it held. */
  writeFile(path: string, content: RootEntry): number {
    if (typeof content === "object" && "dir" in content) return this.makeDirectories(path);
    if (typeof content === "object" && "link" in content) {
      const { link } = content;
      this.place(
        path,
        this.makeSpecial({ kind: "symlink", target: () => link }, { permissions: 0o777 }),
      );
      return 0;
    }
    const parent = this.makeDirectories(path.slice(0, path.lastIndexOf("/")));
    if (parent < 0) return parent;
    const found = resolvePath(this.#outside, this.root, path, true);
    if (typeof found === "number") return found;
    const program = typeof content === "object" && "name" in content ? content : undefined;
    const bytes = fileBytes(content);
    const isExecutable = EXECUTABLE_STARTS.some((start) => start.every((b, i) => bytes[i] === b));
    const old = found.inode;
    const canKeep = old?.kind === "file" && (old.program ?? program) === undefined;
    const inode = canKeep
      ? old
      : this.#add(
          found.directory,
          found.name,
          this.fileBody(program),
          isExecutable ? 0o755 : 0o644,
        );
    if (typeof inode === "number") return inode;
    if (inode.body.kind !== "file") return -ENOENT;
    const failed = inode.body.data.replace(bytes);
    inode.touch(this.nowNs());
    return failed;
  }

  /** Puts an inode of the machine's own at an absolute path. */
  place(path: string, inode: Inode): void {
    const slash = path.lastIndexOf("/");
    const made = this.makeDirectories(path.slice(0, slash));
    const parent = this.find(path.slice(0, slash) || "/");
    assert(made === 0 && parent !== undefined, `no place for ${path}`);
    this.#link(parent, path.slice(slash + 1), inode);
  }

  /** Fills the tree at boot. Returns 0 or the first negative errno. */
  populate(tree: RootTree): number {
    for (const [path, entry] of Object.entries(tree)) {
      const result = this.writeFile(path, entry);
      if (result < 0) return result;
    }
    return 0;
  }

  #add(directory: Inode, name: string, body: InodeBody, permissions: number): Inode | number {
    const inode = this.makeInode(body, permissions, ROOT_CREDENTIALS);
    if (typeof inode === "number") return inode;
    if (directory.directory?.names === undefined) return -ENOENT;
    this.#link(directory, name, inode);
    return inode;
  }

  #link(directory: Inode, name: string, inode: Inode): void {
    const names = directory.directory?.names;
    assert(names !== undefined, "names go into a directory that keeps them");
    const old = names.lookup(name);
    names.set(name, inode);
    directory.touch(this.nowNs());
    old?.unlink(this.nowNs());
    if (inode.kind !== "dir") return;
    inode.parent = directory;
    inode.madeUpName = name;
    directory.nlink += 1;
  }
}

/** What reading the file gives; a program's file says whose it is. */
function fileBytes(content: string | Uint8Array | ProgramImage): Uint8Array {
  if (typeof content === "string") return encodeUtf8(content);
  return "name" in content ? encodeUtf8(`#!quicksand-program ${content.name}\n`) : content;
}

const LISTED_TYPES = { file: 8, dir: 4, symlink: 10 } as const;
