/**
 * process_vm_readv(2) and process_vm_writev(2): memory of another process that one might trace,
 * without stopping it.
 *
 * Source: mm/process_vm_access.c of Linux 6.1. What was copied before a fault counts.
 */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../abi/errno.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { IO_VECTORS_MAX } from "../lib/limits.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { mayAttach } from "../ptrace/attach.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

/** A place in a list of buffers. */
interface Cursor {
  readonly vectors: readonly { readonly base: number; readonly size: number }[];
  index: number;
  offset: number;
}

function readVectors(t: Task, addr: number, count: number): Cursor | number {
  if (count < 0 || count > IO_VECTORS_MAX) return -EINVAL;
  const view = readView(t, addr, count * 16);
  if (typeof view === "number") return view;
  const vectors = Array.from({ length: count }, (_, i) => ({
    base: Number(view.getBigInt64(i * 16, true)),
    size: Number(view.getBigInt64(i * 16 + 8, true)),
  }));
  if (vectors.some(({ size }) => size < 0)) return -EINVAL;
  return { vectors, index: 0, offset: 0 };
}

/** Bytes from the cursor on that lie in one buffer and one page; 0 at the end. */
function available(cursor: Cursor): number {
  for (;;) {
    const vector = cursor.vectors[cursor.index];
    if (vector === undefined) return 0;
    const left = vector.size - cursor.offset;
    if (left > 0) return Math.min(left, PAGE_SIZE - ((vector.base + cursor.offset) % PAGE_SIZE));
    cursor.index++;
    cursor.offset = 0;
  }
}

const addressOf = (cursor: Cursor): number =>
  (cursor.vectors[cursor.index]?.base ?? 0) + cursor.offset;

function transfer(from: AddressSpace, source: Cursor, to: AddressSpace, target: Cursor): number {
  let done = 0;
  for (;;) {
    const count = Math.min(available(source), available(target));
    if (count === 0) return done;
    const bytes = from.copyIn(addressOf(source), count);
    if (typeof bytes === "number" || to.copyOut(addressOf(target), bytes) < 0)
      return done > 0 ? done : -EFAULT;
    source.offset += count;
    target.offset += count;
    done += count;
  }
}

function processVm(
  k: Kernel,
  t: Task,
  writes: boolean,
  [pid, local, localCount, remote, remoteCount, flags]: readonly number[],
): number {
  if (flags !== 0) return -EINVAL;
  const mine = readVectors(t, local as number, localCount as number);
  if (typeof mine === "number") return mine;
  const theirs = readVectors(t, remote as number, remoteCount as number);
  if (typeof theirs === "number") return theirs;
  const target = k.tasks.get((pid as number) | 0);
  if (target?.mm === undefined || t.mm === undefined) return -ESRCH;
  if (!mayAttach(k, t, target)) return -EPERM;
  return writes ? transfer(t.mm, mine, target.mm, theirs) : transfer(target.mm, theirs, t.mm, mine);
}

export const ROWS_PROCESS_VM: readonly Row[] = [
  row("process_vm_readv", ["pid", "ptr", "ulong", "ptr", "ulong", "ulong"], (k, t, ...args) =>
    processVm(k, t, false, args),
  ),
  row("process_vm_writev", ["pid", "ptr", "ulong", "ptr", "ulong", "ulong"], (k, t, ...args) =>
    processVm(k, t, true, args),
  ),
];
