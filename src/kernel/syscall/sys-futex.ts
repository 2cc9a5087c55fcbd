/**
 * futex(2) and the lists of robust futexes. Source: kernel/futex/syscalls.c of Linux 6.1.
 * Left out: priority inheritance (FUTEX_*_PI).
 */
import { CAP_SYS_PTRACE } from "../abi/capability.ts";
import { EAGAIN, EFAULT, EINVAL, ENOSYS, EPERM, ESRCH } from "../abi/errno.ts";
import {
  FUTEX_BITSET_MATCH_ANY,
  FUTEX_CLOCK_REALTIME,
  FUTEX_CMP_REQUEUE,
  FUTEX_PRIVATE_FLAG,
  FUTEX_REQUEUE,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  FUTEX_WAKE_BITSET,
  FUTEX_WAKE_OP,
} from "../abi/futex.ts";
import type { Kpath } from "../lib/wait.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { isCapable } from "../task/cred.ts";
import {
  changeWord,
  futexKey,
  loadWord,
  requeueFutex,
  waitFutex,
  wakeFutex,
  wakeKey,
} from "../task/futex.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readTimespec, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";
import { EPOCH_NS } from "./sys-time.ts";

/** struct robust_list_head. */
const ROBUST_LIST_SIZE_BYTES = 24;

/** The argument registers of a futex call, by what most operations take them for. */
interface FutexCall {
  readonly addr: number;
  readonly command: number;
  readonly isPrivate: boolean;
  readonly isRealTime: boolean;
  readonly value: number;
  /** A timespec's address, or a second count. */
  readonly timeout: number;
  readonly second: number;
  readonly third: number;
}

function* wait(k: Kernel, t: Task, call: FutexCall): Kpath<number> {
  const { addr, isPrivate, value: expected, timeout } = call;
  const ns = timeout === 0 ? Number.POSITIVE_INFINITY : readTimespec(t, timeout);
  if (ns === undefined) return -EINVAL;
  if (typeof ns === "object") return ns.error;
  // FUTEX_WAIT waits for a time, FUTEX_WAIT_BITSET until a moment.
  const isRelative = call.command === FUTEX_WAIT;
  const deadline = isRelative ? k.clock.now + ns : call.isRealTime ? ns - EPOCH_NS : ns;
  const bitset = isRelative ? FUTEX_BITSET_MATCH_ANY : call.third;
  const deadlineNs = timeout === 0 ? undefined : deadline;
  return yield* waitFutex(k, t, { addr, isPrivate, expected, bitset, deadlineNs });
}

function requeue(k: Kernel, mm: AddressSpace, call: FutexCall): number {
  const { addr, isPrivate, value, timeout: moves, second } = call;
  if ((value | 0) < 0 || (moves | 0) < 0) return -EINVAL;
  const from = futexKey(mm, addr, isPrivate);
  const to = futexKey(mm, second, isPrivate);
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  if (call.command === FUTEX_CMP_REQUEUE) {
    const word = loadWord(mm, addr);
    if (word === undefined) return -EFAULT;
    if (word !== (call.third | 0)) return -EAGAIN;
  }
  return requeueFutex(k, from, to, value | 0, moves | 0);
}

function wakeOp(k: Kernel, mm: AddressSpace, call: FutexCall): number {
  const first = futexKey(mm, call.addr, call.isPrivate);
  const second = futexKey(mm, call.second, call.isPrivate);
  if (typeof first === "number") return first;
  if (typeof second === "number") return second;
  const held = changeWord(mm, call.second, call.third | 0);
  if (typeof held === "number") return held;
  const woken = wakeKey(k, first, call.value | 0);
  return held ? woken + wakeKey(k, second, call.timeout | 0) : woken;
}

function futex(k: Kernel, t: Task, call: FutexCall): number | Kpath<number> {
  const mm = t.mm as AddressSpace;
  const { command, addr, value, isPrivate } = call;
  if (call.isRealTime && command !== FUTEX_WAIT_BITSET) return -ENOSYS;
  switch (command) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
      return wait(k, t, call);
    case FUTEX_WAKE:
      return wakeFutex(k, mm, addr, value | 0, FUTEX_BITSET_MATCH_ANY, isPrivate);
    case FUTEX_WAKE_BITSET:
      return wakeFutex(k, mm, addr, value | 0, call.third | 0, isPrivate);
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
      return requeue(k, mm, call);
    case FUTEX_WAKE_OP:
      return wakeOp(k, mm, call);
    default:
      return -ENOSYS;
  }
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

export const ROWS_FUTEX: readonly Row[] = [
  row(
    "futex",
    ["ptr", "flags:futex", "uint", "in:timespec", "ptr", "uint"],
    (k, t, addr, op, value, timeout, second, third) =>
      futex(k, t, {
        addr,
        command: op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME),
        isPrivate: (op & FUTEX_PRIVATE_FLAG) !== 0,
        isRealTime: (op & FUTEX_CLOCK_REALTIME) !== 0,
        value,
        timeout,
        second,
        third,
      }),
    { support: "partial", note: "no priority inheritance" },
  ),
  row("set_robust_list", ["ptr", "size"], (_k, t, head, size) => setRobustList(t, head, size)),
  row("get_robust_list", ["pid", "out:pointer", "out:long"], (k, t, pid, head, size) =>
    getRobustList(k, t, pid, head, size),
  ),
];
