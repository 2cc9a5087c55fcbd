/**
 * Port rows about open files: from a descriptor to the file, and references to it.
 *
 * Source: fs/file.c and fs/file_table.c of 2.6.32. Left out: files of other tasks.
 */
import type { OpenFile } from "../fs/open-file.ts";
import { kernelBug } from "../kmem/oops.ts";
import type { PortContext, PortRow } from "./context.ts";

const fileAt = (p: PortContext, address: number): OpenFile =>
  p.mem.objectAt("file", address) as OpenFile;

/** Its object is freed memory when the core has released the file. */
function showFile(p: PortContext, file: OpenFile): number {
  if (!p.fileHolds.has(file)) {
    p.fileHolds.set(file, 0);
    file.onRelease.add(() => p.mem.release(file, "__fput"));
  }
  return p.mem.addressOf("file", file);
}

function hold(p: PortContext, file: OpenFile): number {
  file.hold();
  p.fileHolds.set(file, (p.fileHolds.get(file) ?? 0) + 1);
  return 0;
}

/** Kernel code puts what kernel code has got; the descriptors' references are not its to put. */
function put(p: PortContext, file: OpenFile): number {
  const held = p.fileHolds.get(file) ?? 0;
  if (held === 0) throw kernelBug("kernel BUG: file reference count underflow");
  p.fileHolds.set(file, held - 1);
  file.release();
  return 0;
}

export const ROWS_FILE: readonly PortRow[] = [
  {
    proto: "file_of_descriptor(fd: unsigned_int): ptr<file>",
    plain: (p, fd) => {
      const file = p.k.current?.files.get(fd as number);
      return file === undefined ? 0 : showFile(p, file);
    },
  },
  {
    proto: "get_file(file: ptr<file>): void",
    plain: (p, file) => hold(p, fileAt(p, file as number)),
  },
  { proto: "fput(file: ptr<file>): void", plain: (p, file) => put(p, fileAt(p, file as number)) },
];
