/**
 * Folders of the host in a machine: `HOSTDIR:/path[:ro|:rw]`. Files are copied in before the machine
 * starts; with `rw`, what the machine made or changed is copied out at its end. A link is copied as a
 * link: it leads where its text says in the machine. Left out: files that are neither.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { usageError } from "../cli/exit-code.ts";
import type { ExtraFiles } from "./client.ts";

export interface Mount {
  readonly host: string;
  readonly at: string;
  readonly isWritable: boolean;
  /** What it lays into the machine. */
  readonly files: ExtraFiles;
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

function readFolder(host: string, at: string): ExtraFiles {
  const files: Record<string, ExtraFiles[string]> = { [at]: { dir: true } };
  const visit = (folder: string, inside: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
      const file = join(folder, entry.name);
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) {
        files[path] = { dir: true };
        visit(file, path);
      } else if (entry.isSymbolicLink()) files[path] = { link: readlinkSync(file) };
      else if (entry.isFile()) files[path] = new Uint8Array(readFileSync(file));
    }
  };
  visit(host, at);
  return files;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

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
