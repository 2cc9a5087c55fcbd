/**
 * Directories: names that lead to inodes. Two kinds: those that hold their names (tmpfs) and those
 * that make them up when asked (/proc).
 *
 * Left out: hashing; a directory lists its names in order of creation.
 */
import type { Inode } from "./inode.ts";

/** A name in a directory and the d_type of what it leads to. */
export interface DirectoryName {
  readonly name: string;
  readonly type: number;
  readonly ino: number;
}

/** What a directory can do for a path walk and for getdents64. */
export interface Directory {
  lookup(name: string): Inode | undefined;
  list(): readonly DirectoryName[];
  /** Present where names can be made and removed by programs. */
  readonly names?: NameTable;
}

/** A directory that remembers: the root file system's. */
export class NameTable implements Directory {
  readonly #entries: Map<string, Inode> = new Map();

  get names(): NameTable {
    return this;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  lookup(name: string): Inode | undefined {
    return this.#entries.get(name);
  }

  list(): readonly DirectoryName[] {
    return [...this.#entries].map(([name, inode]) => ({
      name,
      type: inode.mode >> 12,
      ino: inode.ino,
    }));
  }

  set(name: string, inode: Inode): void {
    this.#entries.set(name, inode);
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  nameOf(inode: Inode): string | undefined {
    for (const [name, entry] of this.#entries) if (entry === inode) return name;
    return undefined;
  }
}

/** Where a made-up directory gets its names from. */
export interface DynamicNames {
  /** Names with the kind of inode behind each. */
  list(): readonly { readonly name: string; readonly kind: "file" | "dir" | "symlink" }[];
  lookup(name: string): Inode | undefined;
}
