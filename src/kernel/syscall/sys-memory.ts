/**
 * Mappings: mmap, munmap, mprotect, madvise, and the list of robust futexes, which is only kept.
 *
 * Source: mmap(2), mprotect(2), madvise(2), get_robust_list(2); mm/mmap.c and mm/mprotect.c of Linux
 * 6.1. A private mapping of a file is a copy made at once. Left out: shared mappings, mremap, the
 * walk of the robust list at exit.
 */
import { CAP_SYS_PTRACE } from "../abi/capability.ts";
import { EACCES, EBADF, EEXIST, EINVAL, ENODEV, ENOMEM, EPERM, ESRCH } from "../abi/errno.ts";
import {
  MADV_DONTNEED,
  MADV_FREE,
  MADV_WILLNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_TYPE,
} from "../abi/mman.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import {
  type AddressSpace,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  USER_TOP,
} from "../mm/address-space.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { writeView } from "../task/user-data.ts";
import { fileOf } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

/** mmap hands out addresses downwards from here, below the stack's 8 MiB and a gap. */
const MMAP_TOP: number = USER_TOP - 0x10000000;
/** vm.mmap_min_addr. */
const MIN_ADDRESS = 0x10000;
const PROT_MASK = PROT_READ | PROT_WRITE | PROT_EXEC;
/** struct robust_list_head. */
const ROBUST_LIST_SIZE_BYTES = 24;

const roundUp = (size: number): number => Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;

/** On riscv what may be written may be read. */
const permissions = (prot: number): number =>
  (prot & PROT_MASK) | ((prot & PROT_WRITE) === 0 ? 0 : PROT_READ);

/** The bytes that a file mapping starts with; none for anonymous memory. */
function backing(
  task: Task,
  flags: number,
  fd: number,
  offset: number,
  length: number,
): Uint8Array | number {
  if ((flags & MAP_ANONYMOUS) !== 0) return new Uint8Array(0);
  const file = fileOf(task, fd);
  if (file === undefined) return -EBADF;
  if (!file.isReadable) return -EACCES;
  if (file.inode.body.kind !== "file") return -ENODEV;
  return file.inode.body.data.read(offset, length);
}

/** Where a mapping goes: where it must, where it was asked for, or the highest hole that fits. */
function place(mm: AddressSpace, addr: number, length: number, flags: number): number {
  const isFree = (start: number): boolean => mm.overlapping(start, start + length) === undefined;
  const fits = addr % PAGE_SIZE === 0 && addr >= MIN_ADDRESS && addr + length <= USER_TOP;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0) {
    if (addr % PAGE_SIZE !== 0) return -EINVAL;
    if (addr < MIN_ADDRESS) return -EPERM;
    if (!fits) return -ENOMEM;
    return (flags & MAP_FIXED_NOREPLACE) !== 0 && !isFree(addr) ? -EEXIST : addr;
  }
  if (fits && isFree(addr)) return addr;
  let start = MMAP_TOP - length;
  for (let found = mm.overlapping(start, start + length); found !== undefined; ) {
    start = found.start - length;
    found = mm.overlapping(start, start + length);
  }
  return start < MIN_ADDRESS ? -ENOMEM : start;
}

function mmap(
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
  if (size <= 0 || offset % PAGE_SIZE !== 0 || offset < 0) return -EINVAL;
  const length = roundUp(size);
  if (length > USER_TOP) return -ENOMEM;
  const bytes = backing(task, flags, fd, offset, length);
  if (typeof bytes === "number") return bytes;
  if ((flags & MAP_TYPE) !== MAP_PRIVATE) return (flags & MAP_TYPE) === 0 ? -EINVAL : -ENODEV;
  const start = place(mm, addr, length, flags);
  if (start < 0) return start;
  mm.unmap(start, start + length);
  mm.map(start, start + length, permissions(prot), "");
  return mm.poke(start, bytes) < 0 ? -ENOMEM : start;
}

function munmap(task: Task, addr: number, size: number): number {
  if (addr % PAGE_SIZE !== 0 || size <= 0 || addr + size > USER_TOP || addr < 0) return -EINVAL;
  task.mm?.unmap(addr, addr + roundUp(size));
  return 0;
}

function mprotect(task: Task, addr: number, size: number, prot: number): number {
  if (addr % PAGE_SIZE !== 0 || (prot & ~PROT_MASK) !== 0) return -EINVAL;
  if (size === 0) return 0;
  if (size < 0 || addr < 0 || addr + size > USER_TOP) return -ENOMEM;
  return task.mm?.protect(addr, addr + roundUp(size), permissions(prot)) === true ? 0 : -ENOMEM;
}

function madvise(task: Task, addr: number, size: number, advice: number): number {
  if (addr % PAGE_SIZE !== 0 || size < 0) return -EINVAL;
  if (advice === MADV_DONTNEED || advice === MADV_FREE)
    return task.mm?.discard(addr, addr + roundUp(size)) === true ? 0 : -ENOMEM;
  return advice >= 0 && advice <= MADV_WILLNEED ? 0 : -EINVAL;
}

function setRobustList(task: Task, head: number, size: number): number {
  if (size !== ROBUST_LIST_SIZE_BYTES) return -EINVAL;
  task.robustList = head;
  return 0;
}

function getRobustList(k: Kernel, task: Task, pid: number, head: number, size: number): number {
  const found = pid === 0 ? task : k.tasks.get(pid);
  if (found === undefined) return -ESRCH;
  const isSame = found.cred.uid === task.cred.uid;
  if (!isSame && !isCapable(task.cred, CAP_SYS_PTRACE)) return -EPERM;
  const put = (at: number, value: number): number =>
    writeView(task, at, 8, (view) => view.setBigInt64(0, BigInt(value), true));
  const failed = put(size, ROBUST_LIST_SIZE_BYTES);
  return failed < 0 ? failed : put(head, found.robustList);
}

export const ROWS_MEMORY: readonly Row[] = [
  row(
    "mmap",
    ["ptr", "size", "flags:prot", "flags:map", "fd", "off"],
    (_k, t, addr, size, prot, flags, fd, offset) => mmap(t, addr, size, prot, flags, fd, offset),
    {
      returns: "ptr",
      support: "partial",
      note: "private mappings; of a file, a copy as it is at the call",
    },
  ),
  row("munmap", ["ptr", "size"], (_k, t, addr, size) => munmap(t, addr, size)),
  row("mprotect", ["ptr", "size", "flags:prot"], (_k, t, addr, size, prot) =>
    mprotect(t, addr, size, prot),
  ),
  row(
    "madvise",
    ["ptr", "size", "enum:madvise"],
    (_k, t, addr, size, advice) => madvise(t, addr, size, advice),
    { support: "partial", note: "MADV_DONTNEED and MADV_FREE; hints do nothing" },
  ),
  row("set_robust_list", ["ptr", "size"], (_k, t, head, size) => setRobustList(t, head, size), {
    support: "partial",
    note: "kept and reported; not walked when the thread dies",
  }),
  row("get_robust_list", ["pid", "ptr", "ptr"], (k, t, pid, head, size) =>
    getRobustList(k, t, pid, head, size),
  ),
];
