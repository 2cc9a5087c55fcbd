/**
 * /proc/PID/mem: another task's memory as a file, for who might trace it.
 *
 * Source: proc(5); mem_open(), mem_rw() and mem_lseek() in fs/proc/base.c of Linux 6.1. Pages are
 * read and written whatever their protection, as ptrace does. The memory is the one at the open: after
 * an exec nothing is there any more.
 */
import { EACCES, EIO } from "../abi/errno.ts";
import type { FileOps } from "../fs/file-ops.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { mayAttach } from "../ptrace/attach.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";

/** What `size` bytes at `position` are split into, none of them crossing a page. */
function* pieces(position: number, size: number): Generator<{ at: number; count: number }> {
  for (let done = 0; done < size; ) {
    const at = position + done;
    const count = Math.min(size - done, PAGE_SIZE - (at % PAGE_SIZE));
    yield { at, count };
    done += count;
  }
}

function readSpace(space: AddressSpace, position: number, size: number): Uint8Array | number {
  const bytes = new Uint8Array(size);
  let done = 0;
  for (const { at, count } of pieces(position, size)) {
    const piece = space.peek(at, count);
    if (typeof piece === "number") break;
    bytes.set(piece, done);
    done += count;
  }
  return done === 0 && size > 0 ? -EIO : bytes.subarray(0, done);
}

function writeSpace(space: AddressSpace, position: number, bytes: Uint8Array): number {
  let done = 0;
  for (const { at, count } of pieces(position, bytes.length)) {
    if (space.poke(at, bytes.subarray(done, done + count)) < 0) break;
    done += count;
  }
  return done === 0 && bytes.length > 0 ? -EIO : done;
}

/** The operations of a just opened /proc/PID/mem, or a negative errno. */
export function openTaskMemory(k: Kernel, task: Task): FileOps | number {
  const space = task.mm;
  if (k.current === undefined || !mayAttach(k, k.current, task)) return -EACCES;
  const isGone = (): boolean => space === undefined || space.users === 0;
  return {
    seekable: true,
    read: (_file, position, count) =>
      isGone() ? new Uint8Array(0) : readSpace(space as AddressSpace, position, count),
    write: (_file, position, bytes) =>
      isGone() ? 0 : writeSpace(space as AddressSpace, position, bytes),
  };
}
