/**
 * prctl(2): what a process may ask of the kernel about itself.
 *
 * Source: prctl(2), capabilities(7); kernel/sys.c and security/commoncap.c of Linux 6.1. Left out:
 * speculation, memory maps, securebits other than keeping capabilities.
 */
import {
  CAP_SETPCAP,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_LOWER,
  PR_CAP_AMBIENT_RAISE,
} from "../abi/capability.ts";
import { EINVAL, EPERM } from "../abi/errno.ts";
import {
  PR_CAP_AMBIENT,
  PR_CAPBSET_DROP,
  PR_CAPBSET_READ,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_GET_SECCOMP,
  PR_GET_TIMERSLACK,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_PTRACER,
  PR_SET_SECCOMP,
  PR_SET_TIMERSLACK,
  TASK_COMM_LEN,
} from "../abi/prctl.ts";
import { SIGRTMAX } from "../abi/signal-numbers.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { setPtracer } from "../ptrace/yama.ts";
import { ALL_CAPABILITIES, isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { writeBytes, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";
import { seccompMode, setSeccompMode } from "./sys-seccomp.ts";

const TIMERSLACK_NS = 50_000;

type Arguments = readonly [a2: number, a3: number, a4: number, a5: number];

type Operation = (t: Task, args: Arguments, k: Kernel) => number;

const areZero = (...args: readonly number[]): boolean => args.every((arg) => arg === 0);

const writeInt = (t: Task, address: number, value: number): number =>
  writeView(t, address, 4, (view) => view.setInt32(0, value, true));

/** A capability as one bit, undefined for a number that is none. */
function capabilityBit(cap: number): bigint | undefined {
  const bit = cap >= 0 && cap < 64 ? 1n << BigInt(cap) : 0n;
  return (bit & ALL_CAPABILITIES) === 0n ? undefined : bit;
}

function setName(t: Task, address: number): number {
  const name = t.mm?.copyInString(address, TASK_COMM_LEN);
  if (typeof name === "number") return name;
  // Without a NUL among the first bytes the name is what stands there, cut.
  const bytes = name === undefined ? t.mm?.copyIn(address, TASK_COMM_LEN - 1) : undefined;
  t.comm = name ?? (bytes instanceof Uint8Array ? String.fromCharCode(...bytes) : "").slice(0, 15);
  return 0;
}

function dropBound(t: Task, cap: number): number {
  if (!isCapable(t.cred, CAP_SETPCAP)) return -EPERM;
  const bit = capabilityBit(cap);
  if (bit === undefined) return -EINVAL;
  t.cred = { ...t.cred, capBounding: t.cred.capBounding & ~bit };
  return 0;
}

function ambient(t: Task, [what, cap, a4, a5]: Arguments): number {
  const { cred } = t;
  if (what === PR_CAP_AMBIENT_CLEAR_ALL) {
    if (!areZero(cap, a4, a5)) return -EINVAL;
    t.cred = { ...cred, capAmbient: 0n };
    return 0;
  }
  const bit = capabilityBit(cap);
  if (bit === undefined || !areZero(a4, a5)) return -EINVAL;
  if (what === PR_CAP_AMBIENT_IS_SET) return (cred.capAmbient & bit) === 0n ? 0 : 1;
  if (what !== PR_CAP_AMBIENT_RAISE && what !== PR_CAP_AMBIENT_LOWER) return -EINVAL;
  const raises = what === PR_CAP_AMBIENT_RAISE;
  if (raises && (cred.capPermitted & cred.capInheritable & bit) === 0n) return -EPERM;
  t.cred = { ...cred, capAmbient: raises ? cred.capAmbient | bit : cred.capAmbient & ~bit };
  return 0;
}

const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [
    PR_SET_PDEATHSIG,
    (t, [sig]) => {
      if (sig < 0 || sig > SIGRTMAX) return -EINVAL;
      t.parentDeathSignal = sig;
      return 0;
    },
  ],
  [PR_GET_PDEATHSIG, (t, [address]) => writeInt(t, address, t.parentDeathSignal)],
  [PR_GET_DUMPABLE, (t) => t.group.dumpable],
  [
    PR_SET_DUMPABLE,
    (t, [value]) => {
      if (value !== 0 && value !== 1) return -EINVAL;
      t.group.dumpable = value;
      return 0;
    },
  ],
  [PR_GET_KEEPCAPS, (t) => (t.cred.keepCaps ? 1 : 0)],
  [
    PR_SET_KEEPCAPS,
    (t, [value]) => {
      if (value !== 0 && value !== 1) return -EINVAL;
      t.cred = { ...t.cred, keepCaps: value === 1 };
      return 0;
    },
  ],
  [PR_SET_NAME, (t, [address]) => setName(t, address)],
  [
    PR_GET_NAME,
    (t, [address]) => writeBytes(t, address, encodeUtf8(t.comm.padEnd(TASK_COMM_LEN, "\0"))),
  ],
  [
    PR_CAPBSET_READ,
    (t, [cap]) => {
      const bit = capabilityBit(cap);
      if (bit === undefined) return -EINVAL;
      return (t.cred.capBounding & bit) === 0n ? 0 : 1;
    },
  ],
  [PR_CAPBSET_DROP, (t, [cap]) => dropBound(t, cap)],
  // Nothing here is rounded: the figure is kept for whoever asks.
  [PR_SET_TIMERSLACK, () => 0],
  [PR_GET_TIMERSLACK, () => TIMERSLACK_NS],
  [
    PR_SET_CHILD_SUBREAPER,
    (t, [value]) => {
      t.group.isSubreaper = value !== 0;
      return 0;
    },
  ],
  [PR_GET_CHILD_SUBREAPER, (t, [address]) => writeInt(t, address, t.group.isSubreaper ? 1 : 0)],
  [
    PR_SET_NO_NEW_PRIVS,
    (t, [value, ...rest]) => {
      if (value !== 1 || !areZero(...rest)) return -EINVAL;
      t.noNewPrivs = true;
      return 0;
    },
  ],
  [PR_GET_NO_NEW_PRIVS, (t, args) => (areZero(...args) ? Number(t.noNewPrivs) : -EINVAL)],
  [PR_CAP_AMBIENT, ambient],
  [PR_SET_SECCOMP, (t, [mode, filter]) => setSeccompMode(t, mode, filter)],
  [PR_GET_SECCOMP, (t) => seccompMode(t)],
  [PR_SET_PTRACER, (t, [pid], k) => setPtracer(k, t, pid)],
]);

const prctl = (
  k: Kernel,
  t: Task,
  option: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
): number => OPERATIONS.get(option | 0)?.(t, [a2, a3, a4, a5], k) ?? -EINVAL;

export const ROWS_PRCTL: readonly Row[] = [
  row("prctl", ["enum:prctl", "ulong", "ulong", "ulong", "ulong"], prctl, {
    support: "partial",
    note: "no securebits, memory maps or speculation control",
  }),
];
