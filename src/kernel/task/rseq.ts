/**
 * Restartable sequences: user code that counts on not being interrupted, and is sent to its abort
 * handler when it was.
 *
 * Source: kernel/rseq.c of Linux 6.1; rseq(2). The machine has one processor, number 0. Left out: the
 * flags that spare a section, which 6.1 no longer heeds.
 */
import { EBUSY, EFAULT, EINVAL, EPERM } from "../abi/errno.ts";
import {
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_CS_OFFSET,
  RSEQ_CS_SIZE_BYTES,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_SIZE_BYTES,
} from "../abi/rseq.ts";
import { SI_KERNEL } from "../abi/siginfo.ts";
import { SIGSEGV } from "../abi/signal-numbers.ts";
import { REG_PC } from "../hw/registers.ts";
import { USER_TOP } from "../mm/address-space.ts";
import { forceSignal } from "../signal/send.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";
import { readView, writeView } from "./user-data.ts";

/** What a thread has registered. */
export interface Rseq {
  readonly address: number;
  /** What has to stand before an abort handler. */
  readonly signature: number;
}

const writeCpu = (task: Task, address: number, start: number, id: number): number =>
  writeView(task, address, 8, (view) => {
    view.setUint32(0, start, true);
    view.setInt32(4, id, true);
  });

export function registerRseq(
  task: Task,
  address: number,
  size: number,
  flags: number,
  signature: number,
): number {
  if ((flags & RSEQ_FLAG_UNREGISTER) !== 0)
    return unregister(task, address, size, flags, signature);
  if (flags !== 0) return -EINVAL;
  const { rseq } = task;
  if (rseq !== undefined) {
    if (rseq.address !== address || size !== RSEQ_SIZE_BYTES) return -EINVAL;
    return rseq.signature === signature ? -EBUSY : -EPERM;
  }
  if (address % RSEQ_SIZE_BYTES !== 0 || size !== RSEQ_SIZE_BYTES) return -EINVAL;
  if (writeCpu(task, address, 0, 0) < 0) return -EFAULT;
  task.rseq = { address, signature };
  return 0;
}

function unregister(
  task: Task,
  address: number,
  size: number,
  flags: number,
  signature: number,
): number {
  const { rseq } = task;
  if (flags !== RSEQ_FLAG_UNREGISTER || rseq?.address !== address) return -EINVAL;
  if (size !== RSEQ_SIZE_BYTES) return -EINVAL;
  if (rseq.signature !== signature) return -EPERM;
  if (writeCpu(task, address, 0, RSEQ_CPU_ID_UNINITIALIZED) < 0) return -EFAULT;
  task.rseq = undefined;
  return 0;
}

/** A thread was switched away from, or gets a signal: a section that it is in, it is in no longer. */
export function abortSection(k: Kernel, task: Task): void {
  const { rseq } = task;
  if (rseq === undefined || task.mm === undefined) return;
  if (!fixUp(task, rseq))
    forceSignal(k, task, { si_signo: SIGSEGV, si_errno: 0, si_code: SI_KERNEL });
}

/** rseq_ip_fixup(). False when the program's data make no sense. */
function fixUp(task: Task, { address, signature }: Rseq): boolean {
  const pointer = readView(task, address + RSEQ_CS_OFFSET, 8);
  if (typeof pointer === "number") return false;
  const at = Number(pointer.getBigUint64(0, true));
  if (at === 0) return true;
  if (at >= USER_TOP) return false;
  const section = readView(task, at, RSEQ_CS_SIZE_BYTES);
  if (typeof section === "number" || section.getUint32(0, true) !== 0) return false;
  const [start, length, abort] = [8, 16, 24].map((offset) =>
    Number(section.getBigUint64(offset, true)),
  ) as [number, number, number];
  if (start >= USER_TOP || start + length >= USER_TOP || abort >= USER_TOP) return false;
  const isWithin = (pc: number): boolean => pc >= start && pc < start + length;
  if (isWithin(abort)) return false;
  const mark = readView(task, abort - 4, 4);
  if (typeof mark === "number" || mark.getUint32(0, true) !== signature >>> 0) return false;
  const cleared = writeView(task, address + RSEQ_CS_OFFSET, 8, () => {});
  if (isWithin(task.regs.get(REG_PC))) task.regs.set(REG_PC, abort);
  return cleared >= 0;
}
