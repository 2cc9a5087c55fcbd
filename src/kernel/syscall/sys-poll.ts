/**
 * ppoll(2) and pselect6(2): sleeping until one of several files is ready.
 *
 * Source: fs/select.c of Linux 6.1. The time that was left is written back, as Linux's calls do and the
 * C library hides.
 */
import { EBADF, EINVAL } from "../abi/errno.ts";
import {
  POLLERR,
  POLLFD_LAYOUT,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
} from "../abi/poll.ts";
import { ERESTARTNOHAND } from "../abi/restart.ts";
import { OPEN_FILES_MAX } from "../lib/limits.ts";
import type { Kpath, WaitQueue } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes } from "../task/user-data.ts";
import {
  type Look,
  lookUntil,
  readDeadline,
  readMask,
  underMask,
  writeRemaining,
} from "./poll-wait.ts";
import { type Row, row } from "./rows.ts";

const ALWAYS_READY = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

/** What select's three sets ask of poll. */
const SELECT_EVENTS: readonly number[] = [
  POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
  POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR,
  POLLPRI,
];

/** Fills in revents. */
function lookAtPollfds(t: Task, view: DataView): Look {
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
  const deadline = readDeadline(k, t, timeout);
  if (typeof deadline === "number") return deadline;
  const set = readMask(t, mask, maskSize);
  if (typeof set === "object") return set.error;
  if (count >>> 0 > OPEN_FILES_MAX) return -EINVAL;
  const view = readView(t, address, (count >>> 0) * POLLFD_LAYOUT.size);
  if (typeof view === "number") return view;
  const look = (): Look => lookAtPollfds(t, view);
  const result = yield* underMask(t, set, lookUntil(k, t, look, deadline, -ERESTARTNOHAND));
  writeRemaining(k, t, timeout, deadline);
  if (result < 0) return result;
  const copied = writeBytes(t, address, new Uint8Array(view.buffer));
  return copied < 0 ? copied : result;
}

/** One of select's sets: a bit a descriptor, in user memory. */
interface FdSet {
  readonly address: number;
  readonly bits: Uint8Array;
}

const hasBit = ({ bits }: FdSet, fd: number): boolean =>
  (((bits[fd >> 3] ?? 0) >> (fd & 7)) & 1) === 1;

/** The three sets; one that was not given is empty. */
function readSets(t: Task, count: number, addresses: readonly number[]): FdSet[] | number {
  const size = Math.ceil(count / 64) * 8;
  const sets: FdSet[] = [];
  for (const address of addresses) {
    const bits = address === 0 ? new Uint8Array(size) : (t.mm?.copyIn(address, size) ?? -EBADF);
    if (typeof bits === "number") return bits;
    sets.push({ address, bits });
  }
  return sets;
}

/** Looks at every descriptor that is in a set; `found` gets those that are ready. */
function lookAtSets(t: Task, count: number, sets: readonly FdSet[], found: readonly FdSet[]): Look {
  const queues: WaitQueue[] = [];
  let ready = 0;
  for (const { bits } of found) bits.fill(0);
  for (let fd = 0; fd < count; fd++) {
    if (!sets.some((set) => hasBit(set, fd))) continue;
    const file = t.files.get(fd);
    if (file === undefined) return { ready: -EBADF, queues };
    const events = file.ops.poll?.(file) ?? ALWAYS_READY;
    queues.push(...(file.ops.pollQueues ?? []));
    for (const [index, set] of sets.entries()) {
      if (!hasBit(set, fd) || (events & (SELECT_EVENTS[index] ?? 0)) === 0) continue;
      const { bits } = found[index] as FdSet;
      bits[fd >> 3] = (bits[fd >> 3] ?? 0) | (1 << (fd & 7));
      ready += 1;
    }
  }
  return { ready, queues };
}

function* sysPselect6(
  k: Kernel,
  t: Task,
  count: number,
  reading: number,
  writing: number,
  excepted: number,
  timeout: number,
  maskArgument: number,
): Kpath<number> {
  const pointer = maskArgument === 0 ? undefined : readView(t, maskArgument, 16);
  if (typeof pointer === "number") return pointer;
  const deadline = readDeadline(k, t, timeout);
  if (typeof deadline === "number") return deadline;
  const word = (at: number): number => Number(pointer?.getBigUint64(at, true) ?? 0n);
  const mask = readMask(t, word(0), word(8));
  if (typeof mask === "object") return mask.error;
  if ((count | 0) < 0) return -EINVAL;
  const most = Math.min(count | 0, OPEN_FILES_MAX);
  const sets = readSets(t, most, [reading, writing, excepted]);
  if (typeof sets === "number") return sets;
  const found = sets.map(({ address, bits }) => ({ address, bits: new Uint8Array(bits.length) }));
  const look = (): Look => lookAtSets(t, most, sets, found);
  const result = yield* underMask(t, mask, lookUntil(k, t, look, deadline, -ERESTARTNOHAND));
  writeRemaining(k, t, timeout, deadline);
  if (result < 0) return result;
  for (const { address, bits } of found) {
    const copied = address === 0 ? 0 : writeBytes(t, address, bits);
    if (copied < 0) return copied;
  }
  return result;
}

export const ROWS_POLL: readonly Row[] = [
  row("ppoll", ["in:pollfds", "uint", "in:timespec", "in:sigset", "size"], sysPpoll),
  row("pselect6", ["int", "ptr", "ptr", "ptr", "in:timespec", "ptr"], sysPselect6),
];
