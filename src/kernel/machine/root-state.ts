/**
 * The root file system between two boots: what is on the disk when the machine is off. /dev, /proc
 * and /sys are not; they are made anew.
 */
import type { Inode } from "../fs/inode.ts";
import type { RootEntry } from "../fs/root-tree.ts";
import type { Vfs } from "../fs/vfs.ts";

/** One file, directory or symbolic link of the disk. */
export interface DiskEntry {
  readonly path: string;
  readonly content: Exclude<RootEntry, string>;
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
}

export type DiskState = readonly DiskEntry[];

const NOT_ON_DISK: ReadonlySet<string> = new Set(["/dev", "/proc", "/sys"]);

export function readDisk(vfs: Vfs): DiskState {
  const entries: DiskEntry[] = [];
  const visit = (path: string, inode: Inode): void => {
    if (NOT_ON_DISK.has(path)) return;
    const content = contentOf(inode);
    const { permissions, uid, gid } = inode;
    if (content !== undefined) entries.push({ path, content, permissions, uid, gid });
    if (inode.directory?.names === undefined) return;
    for (const { name } of inode.directory.list()) {
      const child = inode.directory.lookup(name);
      if (child !== undefined) visit(`${path}/${name}`, child);
    }
  };
  visit("", vfs.root);
  return entries.filter(({ path }) => path !== "");
}

function contentOf(inode: Inode): DiskEntry["content"] | undefined {
  const { body } = inode;
  if (body.kind === "dir") return { dir: true };
  if (body.kind === "symlink") return { link: body.target() };
  if (body.kind !== "file") return undefined;
  return body.program ?? inode.readBytes();
}

/** Puts a disk's contents into an empty file system. Returns 0 or the first negative errno. */
export function writeDisk(vfs: Vfs, disk: DiskState): number {
  for (const { path, content, permissions, uid, gid } of disk) {
    const result = vfs.writeFile(path, content);
    if (result < 0) return result;
    const inode = vfs.find(path);
    if (inode === undefined || (typeof content === "object" && "link" in content)) continue;
    inode.permissions = permissions;
    inode.uid = uid;
    inode.gid = gid;
  }
  return 0;
}
