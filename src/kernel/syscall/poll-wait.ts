/**
 * What the calls that wait for several files share: a timeout as a deadline, a signal mask for as long
 * as they wait, and the sleep itself.
 *
 * Source: fs/select.c (poll_select_finish, set_user_sigmask) of Linux 6.1.
 */
import { EINTR, EINVAL } from "../abi/errno.ts";
import { ERESTARTNOHAND } from "../abi/restart.ts";
import { SIGSET_SIZE_BYTES } from "../abi/signal.ts";
import type { Kpath, WaitQueue } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { UNBLOCKABLE } from "../signal/signal-types.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readSigset, readTimespec, writeTimespec } from "../task/user-data.ts";

/** A moment of virtual time; Infinity where there is no timeout. */
export interface Deadline {
  readonly ns: number;
}

export function readDeadline(k: Kernel, t: Task, timeout: number): Deadline | number {
  if (timeout === 0) return { ns: Number.POSITIVE_INFINITY };
  const ns = readTimespec(t, timeout);
  if (ns === undefined) return -EINVAL;
  return typeof ns === "object" ? ns.error : { ns: k.clock.now + ns };
}

/** The mask argument: undefined where there is none. */
export function readMask(
  t: Task,
  mask: number,
  size: number,
): bigint | undefined | { error: number } {
  if (mask === 0) return undefined;
  if (size !== SIGSET_SIZE_BYTES) return { error: -EINVAL };
  const set = readSigset(t, mask);
  return typeof set === "number" ? { error: set } : set;
}

/** Waits under another mask. An interruption leaves it to the signal's delivery to put the old one back. */
export function* underMask(
  t: Task,
  mask: bigint | undefined,
  waiting: Kpath<number>,
): Kpath<number> {
  if (mask === undefined) return yield* waiting;
  t.savedBlocked = t.blocked;
  t.blocked = mask & ~UNBLOCKABLE;
  recalcSigpending(t);
  const result = yield* waiting;
  if (result === -ERESTARTNOHAND || result === -EINTR || t.savedBlocked === undefined)
    return result;
  t.blocked = t.savedBlocked;
  t.savedBlocked = undefined;
  recalcSigpending(t);
  return result;
}

/** One look at the files: how many are ready, and where to wait for more. */
export interface Look {
  readonly ready: number;
  readonly queues: readonly WaitQueue[];
}

/** Looks until something is ready, the deadline has passed (0), or a signal comes (`interrupted`). */
export function* lookUntil(
  k: Kernel,
  t: Task,
  look: () => Look,
  deadline: Deadline,
  interrupted: number,
): Kpath<number> {
  for (;;) {
    const { ready, queues } = look();
    if (ready !== 0) return ready;
    if (k.clock.now >= deadline.ns) return 0;
    if (k.signalPending(t)) return interrupted;
    const [queue, ...alsoOn] = queues;
    const until = Number.isFinite(deadline.ns) ? { deadlineNs: deadline.ns } : {};
    yield { queue, alsoOn, interruptible: true, ...until };
  }
}

/** The time that was left, where the timeout was; whoever cannot be told is not told. */
export function writeRemaining(k: Kernel, t: Task, timeout: number, deadline: Deadline): void {
  if (timeout !== 0) writeTimespec(t, timeout, Math.max(0, deadline.ns - k.clock.now));
}
