/**
 * Robust futexes: a thread leaves a list of the locks it holds in its own memory; when it dies, each
 * is marked and one sleeper woken, who can then repair what the lock protects.
 *
 * Source: kernel/futex/core.c of 6.1 (exit_robust_list, handle_futex_death); get_robust_list(2).
 */
import { FUTEX_OWNER_DIED, FUTEX_TID_MASK, FUTEX_WAITERS } from "../abi/futex.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { loadWord, storeWord, wakeFutex } from "./futex.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";

/** Linux: ROBUST_LIST_LIMIT; a list may be a ring. */
const LOCKS_MAX = 2048;

/** A pointer of a list: the low bit says that the lock inherits priority. */
interface Entry {
  readonly addr: number;
  readonly inherits: boolean;
}

function readWords(mm: AddressSpace, addr: number, count: number): readonly bigint[] | undefined {
  const bytes = mm.copyIn(addr, count * 8);
  return typeof bytes === "number" ? undefined : [...new BigInt64Array(bytes.buffer)];
}

const entryOf = (pointer: bigint): Entry => ({
  addr: Number(pointer & ~1n),
  inherits: (pointer & 1n) !== 0n,
});

/** Marks what the dying thread holds. */
export function walkRobustList(k: Kernel, task: Task): void {
  const { mm, robustList: head } = task;
  task.robustList = 0;
  const words = head === 0 || mm === undefined ? undefined : readWords(mm, head, 3);
  if (mm === undefined || words === undefined) return;
  const offset = Number(words[1]);
  const pending = entryOf(words[2] as bigint);
  let entry = entryOf(words[0] as bigint);
  for (let count = 0; entry.addr !== head && count < LOCKS_MAX; count++) {
    const next = readWords(mm, entry.addr, 1)?.[0];
    if (entry.addr !== pending.addr && !abandon(k, task, mm, entry, offset, false)) return;
    if (next === undefined) return;
    entry = entryOf(next);
  }
  if (pending.addr !== 0) abandon(k, task, mm, pending, offset, true);
}

/** One lock whose owner dies; false where its word cannot be reached. */
function abandon(
  k: Kernel,
  task: Task,
  mm: AddressSpace,
  entry: Entry,
  offset: number,
  isPending: boolean,
): boolean {
  const addr = entry.addr + offset;
  const word = addr % 4 === 0 ? loadWord(mm, addr) : undefined;
  if (word === undefined) return false;
  // Between unlocking and waking, the word is free already and nobody was woken.
  if (isPending && !entry.inherits && word === 0) wakeFutex(k, mm, addr, 1);
  if ((word & FUTEX_TID_MASK) !== task.tid) return true;
  if (storeWord(mm, addr, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED) < 0) return false;
  if (!entry.inherits && (word & FUTEX_WAITERS) !== 0) wakeFutex(k, mm, addr, 1);
  return true;
}
