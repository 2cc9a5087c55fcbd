/**
 * Descriptors of a process: small numbers that lead to open files. Threads share a table
 * (CLONE_FILES); a new process gets a copy that shares the open files.
 *
 * Source: fs/file.c of Linux 6.1. A new descriptor is the lowest that is free.
 */
import { EBADF, EFBIG, EINVAL, EISDIR, EMFILE } from "../abi/errno.ts";
import { OPEN_FILES_MAX } from "../lib/limits.ts";
import type { OpenFile } from "./open-file.ts";

interface Slot {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

export class FdTable {
  readonly #slots: (Slot | undefined)[] = [];
  #users = 1;

  get(fd: number): OpenFile | undefined {
    return this.#slots[fd]?.file;
  }

  /** FD_CLOEXEC of an open descriptor. */
  closesOnExec(fd: number): boolean {
    return this.#slots[fd]?.closeOnExec ?? false;
  }

  setCloseOnExec(fd: number, closeOnExec: boolean): void {
    const slot = this.#slots[fd];
    if (slot !== undefined) slot.closeOnExec = closeOnExec;
  }

  /** Gives the file (its caller's reference goes over) the lowest free descriptor from `min` on; or -EMFILE. */
  install(file: OpenFile, closeOnExec = false, min = 0, limit: number = OPEN_FILES_MAX): number {
    let fd = min;
    while (this.#slots[fd] !== undefined) fd += 1;
    if (fd >= Math.min(limit, OPEN_FILES_MAX)) return -EMFILE;
    this.#slots[fd] = { file, closeOnExec };
    return fd;
  }

  /** dup3: `fd` now leads to `file` (a new reference), whatever it led to is closed. */
  installAt(file: OpenFile, fd: number, closeOnExec: boolean): void {
    const old = this.#slots[fd]?.file;
    this.#slots[fd] = { file: file.hold(), closeOnExec };
    if (old !== undefined) this.#letGo(old);
  }

  close(fd: number): number {
    const slot = this.#slots[fd];
    if (slot === undefined) return -EBADF;
    this.#slots[fd] = undefined;
    this.#letGo(slot.file);
    return 0;
  }

  /** Closing any descriptor of a file drops all record locks that the process has on it. */
  #letGo(file: OpenFile): void {
    file.inode.unlockAll(this);
    file.release();
  }

  /** Open descriptors in order. */
  list(): readonly { readonly fd: number; readonly file: OpenFile }[] {
    const open: { fd: number; file: OpenFile }[] = [];
    for (const [fd, slot] of this.#slots.entries()) {
      if (slot !== undefined) open.push({ fd, file: slot.file });
    }
    return open;
  }

  /** Another task uses this very table. */
  share(): FdTable {
    this.#users += 1;
    return this;
  }

  copy(): FdTable {
    const copy = new FdTable();
    for (const [fd, slot] of this.#slots.entries()) {
      if (slot !== undefined) {
        copy.#slots[fd] = { file: slot.file.hold(), closeOnExec: slot.closeOnExec };
      }
    }
    return copy;
  }

  /** The table after execve: no longer shared, close-on-exec descriptors closed. */
  forExec(): FdTable {
    const own = this.#users === 1 ? this : this.copy();
    if (own !== this) this.release();
    for (const [fd, slot] of own.#slots.entries()) if (slot?.closeOnExec) own.close(fd);
    return own;
  }

  /** A task is done with the table; the last one closes everything. */
  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    for (const [fd, slot] of this.#slots.entries()) if (slot !== undefined) this.close(fd);
  }

  /** A whole regular file by descriptor, for the kernel's own use (finit_module). */
  readWhole(fd: number, maxBytes: number): Uint8Array | number {
    const file = this.get(fd);
    if (file === undefined || !file.isReadable) return -EBADF;
    if (file.inode.kind === "dir") return -EISDIR;
    if (file.inode.kind !== "file") return -EINVAL;
    return file.inode.size > maxBytes ? -EFBIG : file.inode.readBytes();
  }
}
