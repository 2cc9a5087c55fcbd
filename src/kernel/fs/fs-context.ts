/**
 * Where a process is in the tree: root, current directory, umask. Threads share one (CLONE_FS).
 *
 * Source: struct fs_struct of Linux 6.1.
 */
import type { Inode } from "./inode.ts";

export class FsContext {
  root: Inode;
  cwd: Inode;
  umask = 0o022;

  constructor(root: Inode, cwd: Inode = root) {
    this.root = root;
    this.cwd = cwd;
  }

  clone(): FsContext {
    const copy = new FsContext(this.root, this.cwd);
    copy.umask = this.umask;
    return copy;
  }
}
