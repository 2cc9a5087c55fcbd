/**
 * Mappings: mmap, munmap, mremap, mprotect, madvise, and what asks about them.
 *
 * Source: mmap(2), mremap(2), mprotect(2), madvise(2), msync(2), mincore(2), mlock(2); mm/mmap.c and
 * mm/mremap.c of Linux 6.1. Nothing is ever swapped out, so that locking has nothing to do. Left out:
 * MREMAP_DONTUNMAP, huge pages, growing down, userfaultfd.
 */
import { EACCES, EBADF, EEXIST, EFAULT, EINVAL, ENODEV, ENOMEM, EPERM } from "../abi/errno.ts";
import {
  MADV_DONTNEED,
  MADV_FREE,
  MADV_WILLNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from "../abi/mman.ts";
import { RLIMIT_AS } from "../abi/resource.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { MAPPINGS_MAX } from "../lib/limits.ts";
import {
  type AddressSpace,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  USER_TOP,
} from "../mm/address-space.ts";
import { findRoom, MAP_ADDRESS_MIN } from "../mm/placement.ts";
import type { Backing, Region } from "../mm/region.ts";
import type { Kernel } from "../task/kernel.ts";
import { rlimitOf } from "../task/rlimits.ts";
import type { Task } from "../task/task.ts";
import { writeBytes } from "../task/user-data.ts";
import { fileOf } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

const PROT_MASK = PROT_READ | PROT_WRITE | PROT_EXEC;
const MS_MASK = 7;
/** MS_ASYNC and MS_SYNC exclude each other. */
const MS_BOTH = 5;

const roundUp = (size: number): number => Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
const isAligned = (addr: number): boolean => addr % PAGE_SIZE === 0;
const isUserRange = (addr: number, size: number): boolean => addr >= 0 && addr + size <= USER_TOP;

/** On riscv what may be written may be read. */
const permissions = (prot: number): number =>
  (prot & PROT_MASK) | ((prot & PROT_WRITE) === 0 ? 0 : PROT_READ);

/** What an mmap shows: nothing for private memory of its own, or an errno. */
type Shown = { readonly backing: Backing | undefined; readonly name: string } | number;

function shownFile(task: Task, fd: number, offset: number, prot: number, shared: boolean): Shown {
  const file = fileOf(task, fd);
  if (file === undefined) return -EBADF;
  if (!file.isReadable) return -EACCES;
  if (shared && (prot & PROT_WRITE) !== 0 && !file.isWritable) return -EACCES;
  const { body } = file.inode;
  if (body.kind !== "file") return -ENODEV;
  return { backing: { source: body.data, offset, shared }, name: file.path };
}

function shownAnonymous(k: Kernel, length: number, shared: boolean): Shown {
  if (!shared) return { backing: undefined, name: "" };
  const source = k.vfs.sharedMemory(length);
  if (typeof source === "number") return -ENOMEM;
  return { backing: { source, offset: 0, shared }, name: "/dev/zero (deleted)" };
}

/** Where a mapping goes: where it must, where it was asked for, or the highest hole that fits. */
function place(mm: AddressSpace, addr: number, length: number, flags: number): number {
  const isFree = (start: number): boolean => mm.overlapping(start, start + length) === undefined;
  const fits = isAligned(addr) && addr >= MAP_ADDRESS_MIN && addr + length <= USER_TOP;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0) {
    if (!isAligned(addr)) return -EINVAL;
    if (addr < MAP_ADDRESS_MIN) return -EPERM;
    if (!fits) return -ENOMEM;
    return (flags & MAP_FIXED_NOREPLACE) !== 0 && !isFree(addr) ? -EEXIST : addr;
  }
  if (fits && isFree(addr)) return addr;
  return findRoom(mm, length);
}

/** The one flag of riscv_flush_icache(2). */
const SYS_RISCV_FLUSH_ICACHE_LOCAL = 1;

/** May so much more be mapped? RLIMIT_AS, and vm.max_map_count. */
function hasRoom(task: Task, mm: AddressSpace, more: number): boolean {
  if (mm.regions.length >= MAPPINGS_MAX) return false;
  const [limit] = rlimitOf(task.group, RLIMIT_AS);
  if (limit === Number.POSITIVE_INFINITY) return true;
  return mm.regions.reduce((sum, r) => sum + r.end - r.start, more) <= limit;
}

function mmap(
  k: Kernel,
  task: Task,
  addr: number,
  size: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
): number {
  const { mm } = task;
  if (mm === undefined) return -ENOMEM;
  if (!isAligned(offset) || offset < 0) return -EINVAL;
  const isAnonymous = (flags & MAP_ANONYMOUS) !== 0;
  if (!isAnonymous && fileOf(task, fd) === undefined) return -EBADF;
  if (size === 0) return -EINVAL;
  const length = roundUp(size);
  if (size < 0 || length > USER_TOP || !hasRoom(task, mm, length)) return -ENOMEM;
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_PRIVATE && type !== MAP_SHARED_VALIDATE) return -EINVAL;
  const start = place(mm, addr, length, flags);
  if (start < 0) return start;
  const shared = type !== MAP_PRIVATE;
  const shown = isAnonymous
    ? shownAnonymous(k, length, shared)
    : shownFile(task, fd, offset, prot, shared);
  if (typeof shown === "number") return shown;
  mm.unmap(start, start + length);
  mm.map(start, start + length, permissions(prot), shown.name, shown.backing);
  return start;
}

function munmap(task: Task, addr: number, size: number): number {
  if (!isAligned(addr) || size <= 0 || !isUserRange(addr, size)) return -EINVAL;
  task.mm?.unmap(addr, addr + roundUp(size));
  return 0;
}

function mprotect(task: Task, addr: number, size: number, prot: number): number {
  if (!isAligned(addr) || (prot & ~PROT_MASK) !== 0) return -EINVAL;
  if (size === 0) return 0;
  if (size < 0 || !isUserRange(addr, size)) return -ENOMEM;
  return task.mm?.protect(addr, addr + roundUp(size), permissions(prot)) === true ? 0 : -ENOMEM;
}

function mremap(
  task: Task,
  old: number,
  oldSize: number,
  newSize: number,
  flags: number,
  to: number,
): number {
  const { mm } = task;
  const oldLength = roundUp(oldSize);
  const newLength = roundUp(newSize);
  const isFixed = (flags & MREMAP_FIXED) !== 0;
  if (!isAligned(old) || newLength <= 0 || oldLength <= 0) return -EINVAL;
  if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) !== 0) return -EINVAL;
  if (isFixed && !isTarget(old, oldLength, newLength, flags, to)) return -EINVAL;
  if (mm === undefined) return -EFAULT;
  const region = mm.regionAt(old);
  if (region === undefined) return -EFAULT;
  if (newLength < oldLength && mm.covers(old, old + oldLength))
    mm.unmap(old + newLength, old + oldLength);
  const kept = Math.min(oldLength, newLength);
  if (old + kept > region.end) return -EFAULT;
  if (!hasRoom(task, mm, newLength - kept)) return -ENOMEM;
  if (!isFixed && newLength <= oldLength) return old;
  if (!isFixed && growInPlace(mm, region, old, kept, newLength)) return old;
  if ((flags & MREMAP_MAYMOVE) === 0) return -ENOMEM;
  const start = isFixed ? to : findRoom(mm, newLength);
  if (start < 0) return start;
  mm.unmap(start, start + newLength);
  mm.move(old, old + kept, start);
  const moved = mm.regionAt(start) as Region;
  if (newLength > kept) mm.extend(moved, start + newLength);
  return start;
}

/** MREMAP_FIXED: may it go to `to`? Not where any of it is now. */
const isTarget = (
  old: number,
  oldLength: number,
  length: number,
  flags: number,
  to: number,
): boolean =>
  (flags & MREMAP_MAYMOVE) !== 0 &&
  isAligned(to) &&
  to >= MAP_ADDRESS_MIN &&
  isUserRange(to, length) &&
  (to >= old + oldLength || old >= to + length);

function growInPlace(
  mm: AddressSpace,
  region: Region,
  old: number,
  kept: number,
  length: number,
): boolean {
  const end = old + length;
  const isLast = old + kept === region.end;
  if (!isLast || end > USER_TOP || mm.overlapping(region.end, end) !== undefined) return false;
  mm.extend(region, end);
  return true;
}

function madvise(task: Task, addr: number, size: number, advice: number): number {
  if (!isAligned(addr) || size < 0 || !isUserRange(addr, size)) return -EINVAL;
  if (advice === MADV_DONTNEED || advice === MADV_FREE)
    return task.mm?.discard(addr, addr + roundUp(size)) === true ? 0 : -ENOMEM;
  return advice >= 0 && advice <= MADV_WILLNEED ? 0 : -EINVAL;
}

const isMapped = (task: Task, addr: number, size: number): boolean =>
  isUserRange(addr, size) && size >= 0 && task.mm?.covers(addr, addr + roundUp(size)) === true;

/** Stores are in the file at once: there is nothing to write back. */
function msync(task: Task, addr: number, size: number, flags: number): number {
  if (!isAligned(addr) || (flags & ~MS_MASK) !== 0 || (flags & MS_BOTH) === MS_BOTH) return -EINVAL;
  return isMapped(task, addr, size) ? 0 : -ENOMEM;
}

function mincore(task: Task, addr: number, size: number, vector: number): number {
  if (!isAligned(addr)) return -EINVAL;
  if (!isMapped(task, addr, size)) return -ENOMEM;
  const pages = new Uint8Array(roundUp(size) / PAGE_SIZE);
  for (let i = 0; i < pages.length; i++)
    pages[i] = task.mm?.isResident(addr + i * PAGE_SIZE) === true ? 1 : 0;
  return writeBytes(task, vector, pages);
}

function mlock(task: Task, addr: number, size: number): number {
  const start = Math.floor(addr / PAGE_SIZE) * PAGE_SIZE;
  return isMapped(task, start, size + addr - start) ? 0 : -ENOMEM;
}

/** The hart sees each store into code: there is nothing to flush. */
const flushIcache = (flags: number): number =>
  (flags & ~SYS_RISCV_FLUSH_ICACHE_LOCAL) === 0 ? 0 : -EINVAL;

export const ROWS_MEMORY: readonly Row[] = [
  row("mmap", ["ptr", "size", "flags:prot", "flags:map", "fd", "hex"], mmap, {
    returns: "ptr",
    support: "partial",
    note: "regular files and memory; no MAP_GROWSDOWN, no huge pages",
  }),
  row("munmap", ["ptr", "size"], (_k, t, addr, size) => munmap(t, addr, size)),
  row(
    "mremap",
    ["ptr", "size", "size", "flags:mremap", "ptr"],
    (_k, t, old, oldSize, newSize, flags, to) => mremap(t, old, oldSize, newSize, flags, to),
    { returns: "ptr", support: "partial", note: "no MREMAP_DONTUNMAP" },
  ),
  row("mprotect", ["ptr", "size", "flags:prot"], (_k, t, addr, size, prot) =>
    mprotect(t, addr, size, prot),
  ),
  row(
    "madvise",
    ["ptr", "size", "enum:madvise"],
    (_k, t, addr, size, advice) => madvise(t, addr, size, advice),
    { support: "partial", note: "MADV_DONTNEED and MADV_FREE; hints do nothing" },
  ),
  row("msync", ["ptr", "size", "flags:msync"], (_k, t, addr, size, flags) =>
    msync(t, addr, size, flags),
  ),
  row("riscv_flush_icache", ["ptr", "ptr", "hex"], (_k, _t, _start, _end, flags) =>
    flushIcache(flags),
  ),
  row("mincore", ["ptr", "size", "out:residency"], (_k, t, addr, size, vector) =>
    mincore(t, addr, size, vector),
  ),
  row("mlock", ["ptr", "size"], (_k, t, addr, size) => mlock(t, addr, size)),
  row("mlock2", ["ptr", "size", "hex"], (_k, t, addr, size, flags) =>
    (flags & ~1) !== 0 ? -EINVAL : mlock(t, addr, size),
  ),
  row("munlock", ["ptr", "size"], (_k, t, addr, size) => mlock(t, addr, size)),
  row("mlockall", ["hex"], (_k, _t, flags) => (flags === 0 || (flags & ~7) !== 0 ? -EINVAL : 0)),
  row("munlockall", [], () => 0),
];
