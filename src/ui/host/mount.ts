/**
 * Folders of the host in a machine: `HOSTDIR:/path[:ro|:rw]`. Files are copied in before the machine
 * starts; with `rw`, what the machine made or changed is copied out at its end. A link that leads out
 * of the folder is not followed.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import type { RootTree } from "#kernel";
import { usageError } from "../cli/exit-code.ts";

export interface Mount {
  readonly host: string;
  readonly at: string;
  readonly isWritable: boolean;
  /** What it lays into the machine. */
  readonly files: RootTree;
}

/** Reads a mount, or throws a usage error that names it. */
export function readMount(text: string): Mount {
  const [host = "", at = "", mode = "ro", ...rest] = text.split(":");
  if (host === "" || !at.startsWith("/") || rest.length > 0 || at.split("/").includes(".."))
    throw usageError("QS1120", `a mount is HOSTDIR:/path[:ro|:rw], not "${text}"`);
  if (mode !== "ro" && mode !== "rw")
    throw usageError("QS1121", `mount "${text}": the mode is ro or rw, not ${mode}`);
  if (statSync(host, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw usageError("QS1122", `mount "${text}": there is no directory ${host}`);
  return { host, at, isWritable: mode === "rw", files: readFolder(host, at) };
}

function readFolder(host: string, at: string): RootTree {
  const files: Record<string, Uint8Array | { dir: true }> = { [at]: { dir: true } };
  const root = realpathSync(host);
  for (const name of readdirSync(host, { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(host, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || !isInside(root, realpathSync(file))) continue;
    const path = posix.join(at, name.split(sep).join("/"));
    if (stat.isDirectory()) files[path] = { dir: true };
    else if (stat.isFile()) files[path] = new Uint8Array(readFileSync(file));
  }
  return files;
}

const isInside = (root: string, path: string): boolean =>
  path === root || path.startsWith(root + sep);

/** Regular files of a machine's folder, by path. */
export type ListFiles = (path: string) => ReadonlyMap<string, Uint8Array>;

/** Copies out of a writable mount what is new or not as it was. Nothing is removed. */
export function writeBack(mount: Mount, list: ListFiles): void {
  if (!mount.isWritable) return;
  const root = realpathSync(mount.host);
  for (const [path, bytes] of list(mount.at)) {
    const before = mount.files[path];
    if (before instanceof Uint8Array && Buffer.from(before).equals(bytes)) continue;
    const file = join(root, ...posix.relative(mount.at, path).split("/"));
    mkdirSync(dirname(file), { recursive: true });
    // The folder may have links: what they lead to is not ours to write.
    if (isInside(root, realpathSync(dirname(file)))) writeFileSync(file, bytes);
  }
}
