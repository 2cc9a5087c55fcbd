/**
 * Files that stand for events: eventfd, timerfd, signalfd; epoll, which waits for any; memfd.
 *
 * Source: eventfd(2), timerfd_create(2), signalfd(2), epoll(7), memfd_create(2); fs/eventfd.c,
 * fs/timerfd.c, fs/signalfd.c, fs/eventpoll.c, mm/memfd.c of Linux 6.1. Left out: seals.
 */

import {
  EFD_SEMAPHORE,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLL_EVENT_LAYOUT,
  ITIMERSPEC_LAYOUT,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  SIGNALFD_SIGINFO_LAYOUT,
  TFD_TIMER_ABSTIME,
  TFD_TIMER_CANCEL_ON_SET,
} from "../abi/epoll.ts";
import { EAGAIN, EBADF, EFAULT, EINTR, EINVAL } from "../abi/errno.ts";
import { O_CLOEXEC, O_NONBLOCK, O_RDWR } from "../abi/fcntl.ts";
import { POLLIN, POLLRDNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import type { Siginfo } from "../abi/siginfo.ts";
import { SIGSET_SIZE_BYTES } from "../abi/signal.ts";
import { decodeStruct, encodeStruct, structBytes } from "../abi/struct.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_BOOTTIME_ALARM,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  CLOCK_REALTIME_ALARM,
} from "../abi/time.ts";
import { Epoll, epollOf, refuseNoEpoll } from "../fs/epoll.ts";
import { eventFdOps } from "../fs/event-fd.ts";
import type { FileOps, ReadResult } from "../fs/file-ops.ts";
import { OpenFile } from "../fs/open-file.ts";
import { regularOps } from "../fs/regular-ops.ts";
import { TimerFd } from "../fs/timer-fd.ts";
import type { Kpath } from "../lib/wait.ts";
import { dequeueSignal } from "../signal/deliver.ts";
import { UNBLOCKABLE } from "../signal/signal-types.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readSigset, readView, writeBytes, writeView } from "../task/user-data.ts";
import { fileOf, installFile } from "./file-access.ts";
import { type Deadline, lookUntil, readDeadline, readMask, underMask } from "./poll-wait.ts";
import { type Row, row } from "./rows.ts";
import { EPOCH_NS } from "./sys-time.ts";

const SIGNALFD_READ_MAX = 128;
const EPOLL_EVENTS_MAX = 0x7fffffff / EPOLL_EVENT_LAYOUT.size;
const MEMFD_NAME_MAX_BYTES = 249;

function openAnon(
  k: Kernel,
  t: Task,
  name: string,
  ops: FileOps,
  flags: number,
  behind?: object,
): number {
  const label = `anon_inode:[${name}]`;
  const body = { kind: "anon", label, ...(behind === undefined ? {} : { behind }) } as const;
  const inode = k.vfs.makeSpecial(body, { permissions: 0o600 });
  const file = new OpenFile(inode, O_RDWR | (flags & O_NONBLOCK), ops);
  return installFile(t, file, (flags & O_CLOEXEC) !== 0);
}

function sysEventfd2(k: Kernel, t: Task, count: number, flags: number): number {
  if ((flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK)) !== 0) return -EINVAL;
  const ops = eventFdOps(count >>> 0, (flags & EFD_SEMAPHORE) !== 0);
  return openAnon(k, t, "eventfd", ops, flags);
}

const TIMER_CLOCKS: readonly number[] = [
  CLOCK_REALTIME,
  CLOCK_MONOTONIC,
  CLOCK_BOOTTIME,
  CLOCK_REALTIME_ALARM,
  CLOCK_BOOTTIME_ALARM,
];

function sysTimerfdCreate(k: Kernel, t: Task, clock: number, flags: number): number {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0 || !TIMER_CLOCKS.includes(clock)) return -EINVAL;
  const isWall = clock === CLOCK_REALTIME || clock === CLOCK_REALTIME_ALARM;
  const timer = new TimerFd(k.clock, isWall ? EPOCH_NS : 0);
  return openAnon(k, t, "timerfd", timer.ops, flags, timer);
}

function timerOf(t: Task, fd: number): TimerFd | number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const { body } = file.inode;
  return body.kind === "anon" && body.behind instanceof TimerFd ? body.behind : -EINVAL;
}

/** struct itimerspec as nanoseconds; -EINVAL for what is no time. */
function readItimerspec(t: Task, address: number): { value: number; interval: number } | number {
  const view = readView(t, address, ITIMERSPEC_LAYOUT.size);
  if (typeof view === "number") return view;
  const spec = decodeStruct(ITIMERSPEC_LAYOUT, view);
  const isValid = (sec: number, nsec: number): boolean => sec >= 0 && nsec >= 0 && nsec < 1e9;
  if (!isValid(spec.it_value_sec, spec.it_value_nsec)) return -EINVAL;
  if (!isValid(spec.it_interval_sec, spec.it_interval_nsec)) return -EINVAL;
  return {
    value: spec.it_value_sec * 1e9 + spec.it_value_nsec,
    interval: spec.it_interval_sec * 1e9 + spec.it_interval_nsec,
  };
}

function writeSetting(t: Task, address: number, timer: TimerFd): number {
  const { valueNs, intervalNs } = timer.setting;
  return writeBytes(
    t,
    address,
    structBytes(ITIMERSPEC_LAYOUT, {
      it_value_sec: Math.floor(valueNs / 1e9),
      it_value_nsec: Math.floor(valueNs % 1e9),
      it_interval_sec: Math.floor(intervalNs / 1e9),
      it_interval_nsec: Math.floor(intervalNs % 1e9),
    }),
  );
}

function sysTimerfdSettime(
  k: Kernel,
  t: Task,
  fd: number,
  flags: number,
  next: number,
  old: number,
): number {
  const wanted = readItimerspec(t, next);
  if (typeof wanted === "number") return wanted;
  if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) !== 0) return -EINVAL;
  const timer = timerOf(t, fd);
  if (typeof timer === "number") return timer;
  if (old !== 0 && writeSetting(t, old, timer) < 0) return -EFAULT;
  const { value, interval } = wanted;
  const isAbsolute = (flags & TFD_TIMER_ABSTIME) !== 0;
  const deadline = isAbsolute ? value - timer.offsetNs : k.clock.now + value;
  timer.set(value === 0 ? undefined : Math.max(deadline, 0), interval);
  return 0;
}

function sysTimerfdGettime(_k: Kernel, t: Task, fd: number, address: number): number {
  const timer = timerOf(t, fd);
  return typeof timer === "number" ? timer : writeSetting(t, address, timer);
}

function signalBytes(info: Siginfo): Uint8Array {
  const fields = info as Siginfo & Partial<Record<string, number>>;
  return structBytes(SIGNALFD_SIGINFO_LAYOUT, {
    ssi_signo: info.si_signo,
    ssi_errno: info.si_errno,
    ssi_code: info.si_code,
    ssi_pid: fields["si_pid"] ?? 0,
    ssi_uid: fields["si_uid"] ?? 0,
    ssi_status: fields["si_status"] ?? 0,
    ssi_addr: fields["si_addr"] ?? 0,
  });
}

/** A signalfd shows whoever reads or polls it that task's own signals. */
class SignalFd {
  mask: bigint;
  readonly ops: FileOps;

  constructor(k: Kernel, mask: bigint) {
    this.mask = mask;
    const reader = (): Task => k.current as Task;
    const ready = (t: Task): bigint => (t.pending.set | t.group.pending.set) & this.mask;
    this.ops = {
      seekable: false,
      get pollQueues() {
        return k.current === undefined ? [] : [reader().group.signalWait];
      },
      poll: () => (k.current !== undefined && ready(reader()) !== 0n ? POLLIN | POLLRDNORM : 0),
      read: (file, _position, size) => {
        if (size < SIGNALFD_SIGINFO_LAYOUT.size) return -EINVAL;
        return this.#read(k, reader(), size, file.isNonBlocking);
      },
    };
  }

  *#read(k: Kernel, t: Task, size: number, noWait: boolean): Kpath<ReadResult> {
    const most = Math.min(Math.floor(size / SIGNALFD_SIGINFO_LAYOUT.size), SIGNALFD_READ_MAX);
    const taken: Uint8Array[] = [];
    while (taken.length < most) {
      const info = dequeueSignal(t, ~this.mask & 0xffffffffffffffffn);
      if (info !== undefined) {
        taken.push(signalBytes(info));
        continue;
      }
      if (taken.length > 0) break;
      if (noWait) return -EAGAIN;
      if (k.signalPending(t)) return -ERESTARTSYS;
      yield { queue: t.group.signalWait, interruptible: true };
    }
    const bytes = new Uint8Array(taken.length * SIGNALFD_SIGINFO_LAYOUT.size);
    for (const [index, one] of taken.entries()) bytes.set(one, index * one.length);
    return bytes;
  }
}

function sysSignalfd4(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  flags: number,
): number {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0 || size !== SIGSET_SIZE_BYTES) return -EINVAL;
  const set = readSigset(t, address);
  if (typeof set === "number") return set;
  const mask = set & ~UNBLOCKABLE;
  if ((fd | 0) === -1) {
    const made = new SignalFd(k, mask);
    return openAnon(k, t, "signalfd", made.ops, flags, made);
  }
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const { body } = file.inode;
  if (body.kind !== "anon" || !(body.behind instanceof SignalFd)) return -EINVAL;
  body.behind.mask = mask;
  t.group.signalWait.wakeAll();
  return fd | 0;
}

function sysEpollCreate1(k: Kernel, t: Task, flags: number): number {
  if ((flags & ~O_CLOEXEC) !== 0) return -EINVAL;
  const epoll = new Epoll();
  return openAnon(k, t, "eventpoll", epoll.ops, flags, epoll);
}

function sysEpollCtl(
  _k: Kernel,
  t: Task,
  epfd: number,
  op: number,
  fd: number,
  address: number,
): number {
  const view = op === EPOLL_CTL_DEL ? undefined : readView(t, address, EPOLL_EVENT_LAYOUT.size);
  if (typeof view === "number") return view;
  const [file, target] = [fileOf(t, epfd), fileOf(t, fd)];
  if (file === undefined || target === undefined) return -EBADF;
  const epoll = epollOf(file);
  if (epoll === undefined || file === target) return -EINVAL;
  const fields = view === undefined ? undefined : decodeStruct(EPOLL_EVENT_LAYOUT, view);
  const { events = 0, data_low: dataLow = 0, data_high: dataHigh = 0 } = fields ?? {};
  const wanted = { events, dataLow, dataHigh };
  switch (op) {
    case EPOLL_CTL_ADD:
      return epoll.add(fd | 0, target, wanted);
    case EPOLL_CTL_MOD:
      return epoll.modify(fd | 0, target, wanted);
    case EPOLL_CTL_DEL:
      return epoll.delete(fd | 0, target);
    default:
      return -EINVAL;
  }
}

function* epollWait(
  k: Kernel,
  t: Task,
  epfd: number,
  address: number,
  most: number,
  deadline: Deadline,
  mask: bigint | undefined,
): Kpath<number> {
  if ((most | 0) <= 0 || most > EPOLL_EVENTS_MAX) return -EINVAL;
  const file = fileOf(t, epfd);
  const epoll = file === undefined ? undefined : epollOf(file);
  if (epoll === undefined) return refuseNoEpoll(file);
  const taken: ReturnType<Epoll["take"]> = [];
  const look = (): { ready: number; queues: readonly [Epoll["queue"]] } => {
    taken.push(...epoll.take(most - taken.length));
    return { ready: taken.length, queues: [epoll.queue] };
  };
  const result = yield* underMask(t, mask, lookUntil(k, t, look, deadline, -EINTR));
  if (result <= 0) return result;
  const { size } = EPOLL_EVENT_LAYOUT;
  const copied = writeView(t, address, taken.length * size, (view) => {
    for (const [index, { events, dataLow, dataHigh }] of taken.entries()) {
      const values = { events: events >>> 0, data_low: dataLow, data_high: dataHigh };
      encodeStruct(EPOLL_EVENT_LAYOUT, values, view, index * size);
    }
  });
  return copied < 0 ? copied : result;
}

function* sysEpollPwait(
  k: Kernel,
  t: Task,
  epfd: number,
  address: number,
  most: number,
  timeoutMs: number,
  maskAddress: number,
  maskSize: number,
): Kpath<number> {
  const mask = readMask(t, maskAddress, maskSize);
  if (typeof mask === "object") return mask.error;
  const ms = timeoutMs | 0;
  const ns = ms < 0 ? Number.POSITIVE_INFINITY : k.clock.now + ms * 1e6;
  return yield* epollWait(k, t, epfd, address, most, { ns }, mask);
}

function* sysEpollPwait2(
  k: Kernel,
  t: Task,
  epfd: number,
  address: number,
  most: number,
  timeout: number,
  maskAddress: number,
  maskSize: number,
): Kpath<number> {
  const deadline = readDeadline(k, t, timeout);
  if (typeof deadline === "number") return deadline;
  const mask = readMask(t, maskAddress, maskSize);
  if (typeof mask === "object") return mask.error;
  return yield* epollWait(k, t, epfd, address, most, deadline, mask);
}

function sysMemfdCreate(k: Kernel, t: Task, nameAddress: number, flags: number): number {
  if ((flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING)) !== 0) return -EINVAL;
  const name = t.mm?.copyInString(nameAddress, MEMFD_NAME_MAX_BYTES + 1);
  if (name === undefined) return -EINVAL;
  if (typeof name === "number") return name;
  const body = k.vfs.fileBody();
  const inode = k.vfs.makeInode(body, 0o777, t.cred);
  if (typeof inode === "number" || body.kind !== "file") return -EINVAL;
  inode.nlink = 0;
  const file = new OpenFile(inode, O_RDWR, regularOps(body.data, k.vfs.nowNs));
  return installFile(t, file, (flags & MFD_CLOEXEC) !== 0);
}

export const ROWS_EVENT: readonly Row[] = [
  row("eventfd2", ["uint", "flags:eventfd"], sysEventfd2),
  row("timerfd_create", ["enum:clock", "flags:timerfd"], sysTimerfdCreate),
  row(
    "timerfd_settime",
    ["fd", "flags:timerfd-settime", "in:itimerspec", "out:itimerspec"],
    sysTimerfdSettime,
  ),
  row("timerfd_gettime", ["fd", "out:itimerspec"], sysTimerfdGettime),
  row("signalfd4", ["int", "in:sigset", "size", "flags:signalfd"], sysSignalfd4),
  row("epoll_create1", ["flags:epoll-create"], sysEpollCreate1),
  row("epoll_ctl", ["fd", "enum:epoll-op", "fd", "in:epoll-event"], sysEpollCtl, {
    support: "partial",
    note: "EPOLLEXCLUSIVE wakes all, as without it",
  }),
  row("epoll_pwait", ["fd", "out:epoll-events", "int", "int", "in:sigset", "size"], sysEpollPwait),
  row(
    "epoll_pwait2",
    ["fd", "out:epoll-events", "int", "in:timespec", "in:sigset", "size"],
    sysEpollPwait2,
  ),
  row("memfd_create", ["str", "hex"], sysMemfdCreate, { support: "partial", note: "no seals" }),
];
