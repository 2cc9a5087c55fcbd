/**
 * What a process may use, what it has used, and how it stands to others: resource limits, rusage,
 * nice values, scheduling policies.
 *
 * Source: getrlimit(2), getrusage(2), getpriority(2), sched(7); kernel/sys.c and kernel/sched/core.c of
 * Linux 6.1. There is one processor and every task has its turn: policies and nice values are kept
 * and told, and change nothing. Left out: real-time policies, autogroups.
 */
import { CAP_SYS_NICE, CAP_SYS_PTRACE, CAP_SYS_RESOURCE } from "../abi/capability.ts";
import { EACCES, EFAULT, EINVAL, EPERM, ESRCH } from "../abi/errno.ts";
import {
  PRIO_PGRP,
  PRIO_PROCESS,
  PRIO_USER,
  RLIMIT_NICE,
  RLIMIT_RTTIME,
  RUSAGE_CHILDREN,
  RUSAGE_SELF,
  RUSAGE_THREAD,
} from "../abi/resource.ts";
import { childrenUsage, groupUsage, threadUsage } from "../task/cpu-time.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import { type Rlimit, rlimitOf } from "../task/rlimits.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";
import { writeRusage } from "./rusage.ts";

const RLIM_INFINITY = 0xffffffffffffffffn;
const NICE_MIN = -20;
const NICE_MAX = 19;
const SCHED_OTHER = 0;
const SCHED_FIFO = 1;
const SCHED_RR = 2;
const SCHED_BATCH = 3;
const SCHED_IDLE = 5;
const SCHED_RESET_ON_FORK = 0x40000000;
/** Bytes of a processor mask as the kernel keeps it: one word. */
const CPU_MASK_BYTES = 8;

const limitWord = (value: number): bigint =>
  Number.isFinite(value) ? BigInt(value) : RLIM_INFINITY;

const limitNumber = (word: bigint): number =>
  word === RLIM_INFINITY ? Number.POSITIVE_INFINITY : Number(word);

function readLimit(t: Task, address: number): Rlimit | number {
  const view = readView(t, address, 16);
  if (typeof view === "number") return view;
  return [limitNumber(view.getBigUint64(0, true)), limitNumber(view.getBigUint64(8, true))];
}

const writeLimit = (t: Task, address: number, [soft, hard]: Rlimit): number =>
  writeView(t, address, 16, (view) => {
    view.setBigUint64(0, limitWord(soft), true);
    view.setBigUint64(8, limitWord(hard), true);
  });

function setLimit(t: Task, target: Task, resource: number, wanted: Rlimit): number {
  const [, hard] = rlimitOf(target.group, resource);
  if (wanted[0] > wanted[1]) return -EINVAL;
  if (wanted[1] > hard && !isCapable(t.cred, CAP_SYS_RESOURCE)) return -EPERM;
  target.group.rlimits.set(resource, wanted);
  return 0;
}

/** check_prlimit_permission(): the same user in every respect. */
function mayLimit(t: Task, target: Task): boolean {
  if (t.group === target.group || isCapable(t.cred, CAP_SYS_RESOURCE)) return true;
  const { uid, gid } = t.cred;
  const { cred } = target;
  return (
    [cred.uid, cred.euid, cred.suid].every((id) => id === uid) &&
    [cred.gid, cred.egid, cred.sgid].every((id) => id === gid)
  );
}

function prlimit(
  k: Kernel,
  t: Task,
  pid: number,
  resource: number,
  next: number,
  old: number,
): number {
  const wanted = next === 0 ? undefined : readLimit(t, next);
  if (typeof wanted === "number") return wanted;
  const target = pid === 0 ? t : k.tasks.get(pid);
  if (target === undefined) return -ESRCH;
  if (!mayLimit(t, target)) return -EPERM;
  if (resource >>> 0 > RLIMIT_RTTIME) return -EINVAL;
  const before = rlimitOf(target.group, resource);
  const refused = wanted === undefined ? 0 : setLimit(t, target, resource, wanted);
  if (refused < 0) return refused;
  return old === 0 ? 0 : writeLimit(t, old, before);
}

function setrlimit(t: Task, resource: number, address: number): number {
  const wanted = readLimit(t, address);
  if (typeof wanted === "number") return wanted;
  return resource >>> 0 > RLIMIT_RTTIME ? -EINVAL : setLimit(t, t, resource, wanted);
}

function getrusage(k: Kernel, t: Task, who: number, address: number): number {
  switch (who | 0) {
    case RUSAGE_SELF:
      return writeRusage(t, address, groupUsage(k, t.group));
    case RUSAGE_CHILDREN:
      return writeRusage(t, address, childrenUsage(t.group));
    case RUSAGE_THREAD:
      return writeRusage(t, address, threadUsage(k, t));
    default:
      return -EINVAL;
  }
}

/** Whom getpriority and setpriority mean, or undefined for a bad `which`. */
function priorityTargets(k: Kernel, t: Task, which: number, who: number): Task[] | undefined {
  const all = [...k.tasks.values()].filter((task) => !task.isDead);
  if (which === PRIO_PROCESS)
    return all.filter((task) => task === (who === 0 ? t : k.tasks.get(who)));
  if (which === PRIO_PGRP)
    return all.filter((task) => task.group.pgid === (who === 0 ? t.group.pgid : who));
  return which === PRIO_USER
    ? all.filter((task) => task.cred.uid === (who === 0 ? t.cred.uid : who))
    : undefined;
}

/** The best of those meant, as 20 - nice, so that no result looks like an error. */
function getpriority(k: Kernel, t: Task, which: number, who: number): number {
  const targets = priorityTargets(k, t, which | 0, who | 0);
  if (targets === undefined) return -EINVAL;
  return targets.length === 0 ? -ESRCH : Math.max(...targets.map((task) => 20 - task.nice));
}

function setpriority(k: Kernel, t: Task, which: number, who: number, value: number): number {
  const targets = priorityTargets(k, t, which | 0, who | 0);
  if (targets === undefined) return -EINVAL;
  if (targets.length === 0) return -ESRCH;
  const nice = Math.min(NICE_MAX, Math.max(NICE_MIN, value | 0));
  let result = 0;
  for (const target of targets) result = setNice(t, target, nice) || result;
  return result;
}

function setNice(t: Task, target: Task, nice: number): number {
  const { cred } = t;
  const mayAll = isCapable(cred, CAP_SYS_NICE);
  if (cred.euid !== target.cred.uid && cred.euid !== target.cred.euid && !mayAll) return -EPERM;
  const [lowest] = rlimitOf(target.group, RLIMIT_NICE);
  if (nice < target.nice && 20 - nice > lowest && !mayAll) return -EACCES;
  target.nice = nice;
  return 0;
}

const targetOf = (k: Kernel, t: Task, pid: number): Task | number => {
  if (pid < 0) return -EINVAL;
  return pid === 0 ? t : (k.tasks.get(pid) ?? -ESRCH);
};

function getaffinity(k: Kernel, t: Task, pid: number, size: number, address: number): number {
  if (size <= 0 || size % 8 !== 0) return -EINVAL;
  const target = targetOf(k, t, pid | 0);
  if (typeof target === "number") return target;
  const mask = new Uint8Array(CPU_MASK_BYTES);
  mask[0] = 1;
  return writeBytes(t, address, mask) < 0 ? -EFAULT : CPU_MASK_BYTES;
}

/** There is one processor: a mask with it in is what holds already, one without it holds nothing. */
function setaffinity(k: Kernel, t: Task, pid: number, size: number, address: number): number {
  const view = readView(t, address, Math.min(size >>> 0, CPU_MASK_BYTES));
  if (typeof view === "number") return view;
  const target = targetOf(k, t, pid | 0);
  if (typeof target === "number") return target;
  const mayOther = target.cred.euid === t.cred.euid || isCapable(t.cred, CAP_SYS_NICE);
  if (!mayOther && !isCapable(t.cred, CAP_SYS_PTRACE)) return -EPERM;
  return view.byteLength > 0 && (view.getUint8(0) & 1) !== 0 ? 0 : -EINVAL;
}

function setscheduler(k: Kernel, t: Task, pid: number, policy: number, param: number): number {
  if (pid < 0 || param === 0) return -EINVAL;
  const view = readView(t, param, 4);
  if (typeof view === "number") return view;
  const target = targetOf(k, t, pid | 0);
  if (typeof target === "number") return target;
  const wanted = policy & ~SCHED_RESET_ON_FORK;
  const priority = view.getInt32(0, true);
  if (wanted === SCHED_FIFO || wanted === SCHED_RR)
    return priority < 1 || priority > 99 ? -EINVAL : -EPERM;
  const isOrdinary = wanted === SCHED_OTHER || wanted === SCHED_BATCH || wanted === SCHED_IDLE;
  return isOrdinary && priority === 0 ? 0 : -EINVAL;
}

function getparam(k: Kernel, t: Task, pid: number, address: number): number {
  if (address === 0) return -EINVAL;
  const target = targetOf(k, t, pid | 0);
  return typeof target === "number" ? target : writeView(t, address, 4, () => {});
}

/** sched_get_priority_max(2) and _min(2): real-time policies have a range, the others none. */
function priorityBound(policy: number, realTime: number): number {
  if (policy === SCHED_FIFO || policy === SCHED_RR) return realTime;
  return [SCHED_OTHER, SCHED_BATCH, SCHED_IDLE].includes(policy) ? 0 : -EINVAL;
}

const ONE_POLICY = {
  support: "partial",
  note: "one policy, SCHED_OTHER; real-time ones are refused",
} as const;

const SOME_LIMITS = {
  support: "partial",
  note: "kept and reported; those of open files, file size, processes and address space are enforced",
} as const;

export const ROWS_LIMITS: readonly Row[] = [
  row("prlimit64", ["pid", "enum:resource", "in:rlimit", "out:rlimit"], prlimit, SOME_LIMITS),
  row(
    "getrlimit",
    ["enum:resource", "out:rlimit"],
    (_k, t, resource, address) =>
      resource >>> 0 > RLIMIT_RTTIME
        ? -EINVAL
        : writeLimit(t, address, rlimitOf(t.group, resource)),
    SOME_LIMITS,
  ),
  row(
    "setrlimit",
    ["enum:resource", "in:rlimit"],
    (_k, t, resource, address) => setrlimit(t, resource, address),
    SOME_LIMITS,
  ),
  row("getrusage", ["enum:rusage-who", "out:rusage"], getrusage, {
    support: "partial",
    note: "times, switches and the largest process; faults and blocks are 0",
  }),
  row("getpriority", ["enum:priority", "int"], getpriority),
  row("setpriority", ["enum:priority", "int", "int"], setpriority, {
    support: "partial",
    note: "kept and reported; the scheduler draws by seed",
  }),
  row("sched_getaffinity", ["pid", "size", "ptr"], getaffinity),
  row("sched_setaffinity", ["pid", "size", "ptr"], setaffinity),
  row("sched_setscheduler", ["pid", "int", "ptr"], setscheduler, ONE_POLICY),
  row(
    "sched_getscheduler",
    ["pid"],
    (k, t, pid) => {
      const target = targetOf(k, t, pid | 0);
      return typeof target === "number" ? target : SCHED_OTHER;
    },
    ONE_POLICY,
  ),
  row(
    "sched_setparam",
    ["pid", "ptr"],
    (k, t, pid, param) => setscheduler(k, t, pid, 0, param),
    ONE_POLICY,
  ),
  row("sched_getparam", ["pid", "ptr"], getparam, ONE_POLICY),
  row("sched_get_priority_max", ["int"], (_k, _t, policy) => priorityBound(policy | 0, 99)),
  row("sched_get_priority_min", ["int"], (_k, _t, policy) => priorityBound(policy | 0, 1)),
];
