/**
 * ppoll(2): sleeping until one of several files is ready.
 *
 * Source: fs/select.c of Linux 6.1. Left out: pselect6, epoll; the remaining time is not written back.
 */
import { EINVAL } from "../abi/errno.ts";
import {
  POLLERR,
  POLLFD_LAYOUT,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
} from "../abi/poll.ts";
import { ERESTARTNOHAND } from "../abi/restart.ts";
import { SIGSET_SIZE_BYTES } from "../abi/signal.ts";
import { OPEN_FILES_MAX } from "../lib/limits.ts";
import type { Kpath, WaitQueue } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { UNBLOCKABLE } from "../signal/signal-types.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readSigset, readTimespec, readView, writeBytes } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

const ALWAYS_READY = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

/** Fills in revents; answers how many entries have any, and where to wait for more. */
function scan(t: Task, view: DataView): { ready: number; queues: WaitQueue[] } {
  const queues: WaitQueue[] = [];
  let ready = 0;
  for (let at = 0; at < view.byteLength; at += POLLFD_LAYOUT.size) {
    const fd = view.getInt32(at, true);
    const wanted = view.getUint16(at + 4, true) | POLLERR | POLLHUP;
    const file = fd < 0 ? undefined : t.files.get(fd);
    let events = fd < 0 ? 0 : POLLNVAL;
    if (file !== undefined) {
      events = (file.ops.poll?.(file) ?? ALWAYS_READY) & wanted;
      queues.push(...(file.ops.pollQueues ?? []));
    }
    view.setUint16(at + 6, events, true);
    if (events !== 0) ready += 1;
  }
  return { ready, queues };
}

function* sysPpoll(
  k: Kernel,
  t: Task,
  address: number,
  count: number,
  timeout: number,
  mask: number,
  maskSize: number,
): Kpath<number> {
  const ns = timeout === 0 ? Number.POSITIVE_INFINITY : readTimespec(t, timeout);
  if (ns === undefined) return -EINVAL;
  if (typeof ns === "object") return ns.error;
  if (mask !== 0 && maskSize !== SIGSET_SIZE_BYTES) return -EINVAL;
  const set = mask === 0 ? undefined : readSigset(t, mask);
  if (typeof set === "number") return set;
  if (count >>> 0 > OPEN_FILES_MAX) return -EINVAL;
  const view = readView(t, address, (count >>> 0) * POLLFD_LAYOUT.size);
  if (typeof view === "number") return view;
  if (set !== undefined) {
    t.savedBlocked = t.blocked;
    t.blocked = set & ~UNBLOCKABLE;
    recalcSigpending(t);
  }
  const result = yield* pollUntil(k, t, view, k.clock.now + ns);
  if (set !== undefined && result !== -ERESTARTNOHAND && t.savedBlocked !== undefined) {
    t.blocked = t.savedBlocked;
    t.savedBlocked = undefined;
    recalcSigpending(t);
  }
  if (result < 0) return result;
  const copied = writeBytes(t, address, new Uint8Array(view.buffer));
  return copied < 0 ? copied : result;
}

function* pollUntil(k: Kernel, t: Task, view: DataView, deadlineNs: number): Kpath<number> {
  for (;;) {
    const { ready, queues } = scan(t, view);
    if (ready > 0) return ready;
    if (k.clock.now >= deadlineNs) return 0;
    if (k.signalPending(t)) return -ERESTARTNOHAND;
    const [queue, ...alsoOn] = queues;
    const deadline = Number.isFinite(deadlineNs) ? { deadlineNs } : {};
    yield { queue, alsoOn, interruptible: true, ...deadline };
  }
}

export const ROWS_POLL: readonly Row[] = [
  row("ppoll", ["inout:pollfds", "uint", "in:timespec", "in:sigset", "size"], sysPpoll, {
    support: "partial",
    note: "remaining time is not written back",
  }),
];
