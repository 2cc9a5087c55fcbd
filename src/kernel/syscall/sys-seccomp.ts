/**
 * seccomp(2), and prctl(2)'s older door to it.
 *
 * Source: kernel/seccomp.c of Linux 6.1. Left out: user notification (SECCOMP_FILTER_FLAG_NEW_LISTENER).
 */
import { CAP_SYS_ADMIN } from "../abi/capability.ts";
import { EACCES, EFAULT, EINVAL, ENOMEM, EOPNOTSUPP } from "../abi/errno.ts";
import {
  BPF_INSTRUCTIONS_MAX,
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_FILTER_FLAG_TSYNC,
  SECCOMP_GET_ACTION_AVAIL,
  SECCOMP_MODE_DISABLED,
  SECCOMP_MODE_FILTER,
  SECCOMP_MODE_STRICT,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_KILL_THREAD,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_TRAP,
  SECCOMP_SET_MODE_FILTER,
  SECCOMP_SET_MODE_STRICT,
  SOCK_FILTER_SIZE_BYTES,
  SOCK_FPROG_SIZE_BYTES,
} from "../abi/seccomp.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import { type BpfInstruction, isFilter, type SeccompFilter, withFilter } from "../task/seccomp.ts";
import { type Task, TIF_SECCOMP } from "../task/task.ts";
import { readView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

const FLAGS = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
/** Linux: MAX_INSNS_PER_PATH, and the four that each filter counts besides its own. */
const INSTRUCTIONS_MAX = 32768;
const FILTER_OVERHEAD = 4;

const ACTIONS: readonly number[] = [
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_KILL_THREAD,
  SECCOMP_RET_TRAP,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_LOG,
  SECCOMP_RET_ALLOW,
];

function setStrict(t: Task): number {
  if (t.seccomp?.mode === "filter") return -EINVAL;
  t.seccomp = { mode: "strict" };
  t.tif |= TIF_SECCOMP;
  return 0;
}

/** struct sock_fprog and what it points to, checked. */
function readFilter(t: Task, addr: number): readonly BpfInstruction[] | number {
  const head = readView(t, addr, SOCK_FPROG_SIZE_BYTES);
  if (typeof head === "number") return head;
  const length = head.getUint16(0, true);
  if (length === 0 || length > BPF_INSTRUCTIONS_MAX) return -EINVAL;
  const body = readView(t, Number(head.getBigInt64(8, true)), length * SOCK_FILTER_SIZE_BYTES);
  if (typeof body === "number") return body;
  const program = Array.from({ length }, (_, i): BpfInstruction => {
    const at = i * SOCK_FILTER_SIZE_BYTES;
    return {
      code: body.getUint16(at, true),
      jt: body.getUint8(at + 2),
      jf: body.getUint8(at + 3),
      k: body.getUint32(at + 4, true),
    };
  });
  return isFilter(program) ? program : -EINVAL;
}

function lengthOf(filter: SeccompFilter | undefined): number {
  let sum = 0;
  for (let at = filter; at !== undefined; at = at.before)
    sum += at.program.length + FILTER_OVERHEAD;
  return sum;
}

function setFilter(t: Task, flags: number, addr: number): number {
  if ((flags & ~FLAGS) !== 0) return -EINVAL;
  const program = readFilter(t, addr);
  if (typeof program === "number") return program;
  if (!t.noNewPrivs && !isCapable(t.cred, CAP_SYS_ADMIN)) return -EACCES;
  const seccomp = withFilter(t.seccomp, program, (flags & SECCOMP_FILTER_FLAG_LOG) !== 0);
  if (typeof seccomp === "number") return seccomp;
  if (seccomp.mode === "filter" && lengthOf(seccomp.filter) > INSTRUCTIONS_MAX) return -ENOMEM;
  const all = (flags & SECCOMP_FILTER_FLAG_TSYNC) !== 0;
  const stranger = all ? t.group.threads.find((other) => !isAncestor(other, t)) : undefined;
  if (stranger !== undefined) return stranger.tid;
  for (const thread of all ? t.group.threads : [t]) {
    thread.seccomp = seccomp;
    thread.noNewPrivs ||= t.noNewPrivs;
    thread.tif |= TIF_SECCOMP;
  }
  return 0;
}

/** TSYNC: are the other thread's filters among the caller's, or has it none? */
function isAncestor(other: Task, t: Task): boolean {
  if (other.seccomp === undefined) return true;
  if (other.seccomp.mode === "strict" || t.seccomp?.mode !== "filter") return false;
  const { filter } = other.seccomp;
  for (let at: SeccompFilter | undefined = t.seccomp.filter; at !== undefined; at = at.before)
    if (at === filter) return true;
  return false;
}

function isAvailable(t: Task, addr: number): number {
  const view = readView(t, addr, 4);
  if (typeof view === "number") return -EFAULT;
  return ACTIONS.includes(view.getUint32(0, true)) ? 0 : -EOPNOTSUPP;
}

function seccomp(_k: Kernel, t: Task, operation: number, flags: number, args: number): number {
  switch (operation) {
    case SECCOMP_SET_MODE_STRICT:
      return flags !== 0 || args !== 0 ? -EINVAL : setStrict(t);
    case SECCOMP_SET_MODE_FILTER:
      return setFilter(t, flags, args);
    case SECCOMP_GET_ACTION_AVAIL:
      return flags !== 0 ? -EINVAL : isAvailable(t, args);
    default:
      return -EINVAL;
  }
}

/** PR_SET_SECCOMP. */
export function setSeccompMode(t: Task, mode: number, filter: number): number {
  if (mode === SECCOMP_MODE_STRICT) return setStrict(t);
  return mode === SECCOMP_MODE_FILTER ? setFilter(t, 0, filter) : -EINVAL;
}

/** PR_GET_SECCOMP. */
export function seccompMode(t: Task): number {
  if (t.seccomp === undefined) return SECCOMP_MODE_DISABLED;
  return t.seccomp.mode === "strict" ? SECCOMP_MODE_STRICT : SECCOMP_MODE_FILTER;
}

export const ROWS_SECCOMP: readonly Row[] = [
  row("seccomp", ["enum:seccomp-op", "hex", "ptr"], seccomp, {
    support: "partial",
    note: "no user notification",
  }),
];
