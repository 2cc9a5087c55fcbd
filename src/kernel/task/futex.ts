/**
 * Futexes: sleeping on a word of user memory until somebody wakes that address.
 *
 * Source: futex(2) and kernel/futex of 6.1. Left out: priority inheritance, robust lists, waitv;
 * bitsets are compared as Linux does.
 */
import { EAGAIN, EFAULT, EINVAL, ETIMEDOUT } from "../abi/errno.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";

/** Sleepers at one address of one address space. */
const queues = (k: Kernel, mm: AddressSpace): Map<number, WaitQueue> => {
  let map = k.futexes.get(mm);
  if (map === undefined) {
    map = new Map();
    k.futexes.set(mm, map);
  }
  return map;
};

function loadWord(mm: AddressSpace, addr: number): number | undefined {
  const bytes = mm.copyIn(addr, 4);
  return typeof bytes === "number" ? undefined : new DataView(bytes.buffer).getInt32(0, true);
}

/** FUTEX_WAIT: sleeps while the word holds `expected`. */
export function* waitFutex(
  k: Kernel,
  task: Task,
  addr: number,
  expected: number,
  deadlineNs: number | undefined,
): Kpath<number> {
  const mm = task.mm as AddressSpace;
  if (addr % 4 !== 0) return -EINVAL;
  const word = loadWord(mm, addr);
  if (word === undefined) return -EFAULT;
  if (word !== (expected | 0)) return -EAGAIN;
  const map = queues(k, mm);
  const queue = map.get(addr) ?? new WaitQueue();
  map.set(addr, queue);
  let woken = false;
  // The queue's own entry tells a wake-up by FUTEX_WAKE from one by a signal or the clock.
  const waiter = {
    wake: () => {
      woken = true;
      k.wake(task);
    },
  };
  queue.add(waiter);
  yield {
    queue: undefined,
    interruptible: true,
    ...(deadlineNs === undefined ? {} : { deadlineNs }),
  };
  queue.remove(waiter);
  if (queue.size === 0) map.delete(addr);
  if (woken) return 0;
  return k.signalPending(task) ? -ERESTARTSYS : -ETIMEDOUT;
}

/** FUTEX_WAKE: wakes up to `count` sleepers; answers how many. */
export function wakeFutex(k: Kernel, mm: AddressSpace, addr: number, count: number): number {
  const queue = queues(k, mm).get(addr);
  let woken = 0;
  while (queue !== undefined && woken < count && queue.wakeOne()) woken++;
  return woken;
}
