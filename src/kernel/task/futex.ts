/**
 * Futexes: sleeping on a word of user memory until somebody wakes that word. A private word is known
 * by its address space and address; one in shared memory by where it is stored, so that processes
 * that map it anywhere meet.
 *
 * Source: futex(2) and kernel/futex of 6.1 (core.c, waitwake.c, requeue.c). Left out: priority
 * inheritance, which a scheduler that draws by seed has no use for, and futex_waitv.
 */
import { EAGAIN, EFAULT, EINVAL, ENOSYS, ETIMEDOUT } from "../abi/errno.ts";
import { ERESTART_RESTARTBLOCK, ERESTARTSYS } from "../abi/restart.ts";
import type { Kpath } from "../lib/wait.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";

/** Which word: what it belongs to, and where in that. */
export interface FutexKey {
  readonly owner: object;
  readonly at: number;
}

interface FutexWaiter {
  key: FutexKey;
  readonly bitset: number;
  readonly wake: () => void;
}

/** Everybody who sleeps on a futex of one machine, in order of arrival at each word. */
export class FutexTable {
  readonly #waiters: WeakMap<object, Map<number, FutexWaiter[]>> = new WeakMap();

  add(waiter: FutexWaiter): void {
    const { owner, at } = waiter.key;
    let map = this.#waiters.get(owner);
    if (map === undefined) {
      map = new Map();
      this.#waiters.set(owner, map);
    }
    const list = map.get(at);
    if (list === undefined) map.set(at, [waiter]);
    else list.push(waiter);
  }

  remove(waiter: FutexWaiter): void {
    const { owner, at } = waiter.key;
    const list = this.#waiters.get(owner)?.get(at);
    const index = list?.indexOf(waiter) ?? -1;
    if (list === undefined || index < 0) return;
    list.splice(index, 1);
    if (list.length === 0) this.#waiters.get(owner)?.delete(at);
  }

  at({ owner, at }: FutexKey): readonly FutexWaiter[] {
    return [...(this.#waiters.get(owner)?.get(at) ?? [])];
  }
}

/** The word's key, or -EINVAL, -EFAULT. */
export function futexKey(mm: AddressSpace, addr: number, isPrivate: boolean): FutexKey | number {
  if (addr % 4 !== 0) return -EINVAL;
  if (isPrivate) return { owner: mm, at: addr };
  const region = mm.regionAt(addr);
  if (region === undefined) return -EFAULT;
  const { backing } = region;
  if (backing?.shared !== true) return { owner: mm, at: addr };
  return { owner: backing.source, at: backing.offset + addr - region.start };
}

export function loadWord(mm: AddressSpace, addr: number): number | undefined {
  const bytes = mm.copyIn(addr, 4);
  return typeof bytes === "number" ? undefined : new DataView(bytes.buffer).getInt32(0, true);
}

export const storeWord = (mm: AddressSpace, addr: number, word: number): number =>
  mm.copyOut(addr, new Uint8Array(new Int32Array([word]).buffer));

/** What a wait is for; the deadline is a moment of virtual time. */
export interface FutexWait {
  readonly addr: number;
  readonly isPrivate: boolean;
  readonly expected: number;
  readonly bitset: number;
  readonly deadlineNs: number | undefined;
}

/** FUTEX_WAIT_BITSET: sleeps while the word holds `expected`. */
export function* waitFutex(k: Kernel, task: Task, wait: FutexWait): Kpath<number> {
  const mm = task.mm as AddressSpace;
  const { deadlineNs } = wait;
  if (wait.bitset === 0) return -EINVAL;
  const key = futexKey(mm, wait.addr, wait.isPrivate);
  if (typeof key === "number") return key;
  const word = loadWord(mm, wait.addr);
  if (word === undefined) return -EFAULT;
  if (word !== (wait.expected | 0)) return -EAGAIN;
  let woken = false;
  // The table's own entry tells a wake-up by FUTEX_WAKE from one by a signal or the clock.
  const waiter: FutexWaiter = {
    key,
    bitset: wait.bitset,
    wake: () => {
      woken = true;
      k.wake(task);
    },
  };
  k.futexes.add(waiter);
  const timed = deadlineNs === undefined ? {} : { deadlineNs };
  yield { queue: undefined, interruptible: true, ...timed };
  k.futexes.remove(waiter);
  if (woken) return 0;
  if (deadlineNs !== undefined && k.clock.now >= deadlineNs) return -ETIMEDOUT;
  if (deadlineNs === undefined) return -ERESTARTSYS;
  task.restart = () => waitFutex(k, task, wait);
  return -ERESTART_RESTARTBLOCK;
}

/** Wakes sleepers with a bit of `bitset`, at least one and at most `count`; answers how many. */
export function wakeKey(k: Kernel, key: FutexKey, count: number, bitset = -1): number {
  let woken = 0;
  for (const waiter of k.futexes.at(key)) {
    if ((waiter.bitset & bitset) === 0) continue;
    k.futexes.remove(waiter);
    waiter.wake();
    if (++woken >= count) break;
  }
  return woken;
}

/** FUTEX_WAKE_BITSET. */
export function wakeFutex(
  k: Kernel,
  mm: AddressSpace,
  addr: number,
  count: number,
  bitset = -1,
  isPrivate = false,
): number {
  if (bitset === 0) return -EINVAL;
  const key = futexKey(mm, addr, isPrivate);
  return typeof key === "number" ? key : wakeKey(k, key, count, bitset);
}

/** FUTEX_REQUEUE: wakes `wakes` sleepers of one word and moves up to `moves` others to a second. */
export function requeueFutex(
  k: Kernel,
  from: FutexKey,
  to: FutexKey,
  wakes: number,
  moves: number,
): number {
  let done = 0;
  for (const waiter of k.futexes.at(from)) {
    if (done >= wakes + moves) break;
    k.futexes.remove(waiter);
    if (done < wakes) waiter.wake();
    else {
      waiter.key = to;
      k.futexes.add(waiter);
    }
    done++;
  }
  return done;
}

const OPERATIONS: readonly ((old: number, argument: number) => number)[] = [
  (_old, argument) => argument,
  (old, argument) => old + argument,
  (old, argument) => old | argument,
  (old, argument) => old & ~argument,
  (old, argument) => old ^ argument,
];
const COMPARISONS: readonly ((old: number, argument: number) => boolean)[] = [
  (old, argument) => old === argument,
  (old, argument) => old !== argument,
  (old, argument) => old < argument,
  (old, argument) => old <= argument,
  (old, argument) => old > argument,
  (old, argument) => old >= argument,
];

/** FUTEX_WAKE_OP's change of the second word. Answers whether its comparison held, or an errno. */
export function changeWord(mm: AddressSpace, addr: number, encoded: number): boolean | number {
  const operation = OPERATIONS[(encoded >> 28) & 7];
  const comparison = COMPARISONS[(encoded >> 24) & 15];
  if (operation === undefined || comparison === undefined) return -ENOSYS;
  const argument = (encoded << 8) >> 20;
  const shifted = encoded < 0 ? 1 << argument : argument;
  const old = loadWord(mm, addr);
  if (old === undefined || storeWord(mm, addr, operation(old, shifted) | 0) < 0) return -EFAULT;
  return comparison(old, (encoded << 20) >> 20);
}
