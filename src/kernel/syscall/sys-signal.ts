/**
 * Signals as system calls: sending, masks, dispositions, waiting for one, and coming back from a
 * handler.
 *
 * Source: kill(2), sigaction(2), sigprocmask(2), sigsuspend(2), sigpending(2), sigtimedwait(2),
 * sigaltstack(2), Linux 6.1.
 */
import { EAGAIN, EFAULT, EINTR, EINVAL, ENOMEM, EPERM, ESRCH } from "../abi/errno.ts";
import { ERESTARTNOHAND } from "../abi/restart.ts";
import { decodeSiginfo, encodeSiginfo, SI_TKILL, type Siginfo } from "../abi/siginfo.ts";
import {
  MINSIGSTKSZ,
  SIG_BLOCK,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SS_AUTODISARM,
  SS_DISABLE,
  SS_ONSTACK,
} from "../abi/signal.ts";
import { SIGKILL, SIGRTMAX, SIGSTOP } from "../abi/signal-numbers.ts";
import { REG_SP } from "../hw/registers.ts";
import type { Kpath } from "../lib/wait.ts";
import { dequeueSignal, recalcSigpending } from "../signal/deliver.ts";
import { altStackFlags, isOnAltStack, popSignalFrame } from "../signal/frame.ts";
import { checkKillPermission, hasNoEffect, sendSignalInfo, userInfo } from "../signal/send.ts";
import { sigBit, UNBLOCKABLE } from "../signal/signal-types.ts";
import type { Kernel } from "../task/kernel.ts";
import { waitForSignal } from "../task/run.ts";
import { NO_ALT_STACK, type Task } from "../task/task.ts";
import {
  readSigset,
  readTimespec,
  readView,
  writeBytes,
  writeSigset,
  writeView,
} from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

const valid = (sig: number): boolean => sig >= 0 && sig <= SIGRTMAX;

function sendChecked(k: Kernel, t: Task, target: Task, info: Siginfo, toGroup: boolean): number {
  const refused = checkKillPermission(t, target, info.si_signo);
  if (refused < 0) return refused;
  return info.si_signo === 0 ? 0 : sendSignalInfo(k, target, info, toGroup);
}

/** kill(2): one process, a process group, or everybody but init and the caller. */
function kill(k: Kernel, t: Task, pid: number, sig: number): number {
  if (!valid(sig)) return -EINVAL;
  const info = userInfo(sig, t);
  if (pid > 0) {
    const target = k.tasks.get(pid);
    return target === undefined ? -ESRCH : sendChecked(k, t, target, info, true);
  }
  const pgid = pid === 0 ? t.group.pgid : -pid;
  const chosen = [...k.tasks.values()].filter(
    (task) =>
      task.isLeader &&
      (pid === -1 ? task.group !== k.init && task.group !== t.group : task.group.pgid === pgid),
  );
  if (chosen.length === 0) return -ESRCH;
  const results = chosen.map((target) => sendChecked(k, t, target, info, true));
  return results.includes(0) ? 0 : -EPERM;
}

function tgkill(k: Kernel, t: Task, tgid: number, tid: number, sig: number): number {
  if (tid <= 0 || !valid(sig)) return -EINVAL;
  const target = k.tasks.get(tid);
  if (target === undefined || (tgid > 0 && target.tgid !== tgid)) return -ESRCH;
  return sendChecked(k, t, target, userInfo(sig, t, SI_TKILL), false);
}

function queueInfo(k: Kernel, t: Task, pid: number, sig: number, addr: number): number {
  if (!valid(sig)) return -EINVAL;
  const bytes = t.mm?.copyIn(addr, 128) ?? -EFAULT;
  if (typeof bytes === "number") return bytes;
  const target = k.tasks.get(pid);
  if (target === undefined) return -ESRCH;
  const info = { ...decodeSiginfo(bytes), si_signo: sig };
  if ((info.si_code >= 0 || info.si_code === SI_TKILL) && target.group !== t.group) return -EPERM;
  return sendChecked(k, t, target, info, true);
}

function queueThreadInfo(
  k: Kernel,
  t: Task,
  tgid: number,
  tid: number,
  sig: number,
  addr: number,
): number {
  if (tgid <= 0 || tid <= 0 || !valid(sig)) return -EINVAL;
  const bytes = t.mm?.copyIn(addr, 128) ?? -EFAULT;
  if (typeof bytes === "number") return bytes;
  const target = k.tasks.get(tid);
  if (target === undefined || target.tgid !== tgid) return -ESRCH;
  const info = { ...decodeSiginfo(bytes), si_signo: sig };
  if ((info.si_code >= 0 || info.si_code === SI_TKILL) && target !== t) return -EPERM;
  return sendChecked(k, t, target, info, false);
}

/** sigaltstack(2). */
function sigaltstack(t: Task, stack: number, old: number): number {
  const { altStack } = t;
  const before = { ...altStack, flags: altStackFlags(t) };
  if (stack !== 0) {
    const view = readView(t, stack, 24);
    if (typeof view === "number") return view;
    const refused = setAltStack(t, view);
    if (refused < 0) return refused;
  }
  if (old === 0) return 0;
  return writeView(t, old, 24, (view) => {
    view.setBigInt64(0, BigInt(before.sp), true);
    view.setInt32(8, before.flags, true);
    view.setBigInt64(16, BigInt(before.size), true);
  });
}

function setAltStack(t: Task, view: DataView): number {
  if (isOnAltStack(t.altStack, t.regs.get(REG_SP))) return -EPERM;
  const flags = view.getUint32(8, true);
  const mode = flags & ~SS_AUTODISARM;
  if (mode !== 0 && mode !== SS_ONSTACK && mode !== SS_DISABLE) return -EINVAL;
  const sp = Number(view.getBigUint64(0, true));
  const size = Number(view.getBigUint64(16, true));
  if (mode !== SS_DISABLE && size < MINSIGSTKSZ) return -ENOMEM;
  t.altStack = mode === SS_DISABLE ? NO_ALT_STACK : { sp, size, flags: flags & SS_AUTODISARM };
  return 0;
}

function sigaction(t: Task, sig: number, act: number, old: number, size: number): number {
  if (size !== 8 || sig < 1 || sig > SIGRTMAX) return -EINVAL;
  const before = t.sighand[sig] ?? { handler: 0, flags: 0, mask: 0n };
  if (act !== 0) {
    if (sig === SIGKILL || sig === SIGSTOP) return -EINVAL;
    const view = readView(t, act, 24);
    if (typeof view === "number") return view;
    const handler = Number(view.getBigInt64(0, true));
    t.sighand[sig] = {
      handler,
      flags: Number(view.getBigInt64(8, true)),
      mask: view.getBigUint64(16, true) & ~UNBLOCKABLE,
    };
    if (hasNoEffect(t, sig)) {
      t.group.pending.flush(sigBit(sig));
      for (const thread of t.group.threads) thread.pending.flush(sigBit(sig));
    }
  }
  if (old === 0) return 0;
  return writeView(t, old, 24, (view) => {
    view.setBigInt64(0, BigInt(before.handler), true);
    view.setBigInt64(8, BigInt(before.flags), true);
    view.setBigUint64(16, before.mask, true);
  });
}

function sigprocmask(t: Task, how: number, set: number, old: number, size: number): number {
  if (size !== 8) return -EINVAL;
  const before = t.blocked;
  if (set !== 0) {
    const mask = readSigset(t, set);
    if (typeof mask === "number") return mask;
    if (how === SIG_BLOCK) t.blocked |= mask;
    else if (how === SIG_UNBLOCK) t.blocked &= ~mask;
    else if (how === SIG_SETMASK) t.blocked = mask;
    else return -EINVAL;
    t.blocked &= ~UNBLOCKABLE;
    recalcSigpending(t);
  }
  return old === 0 ? 0 : writeSigset(t, old, before);
}

function* sigsuspend(k: Kernel, t: Task, set: number, size: number): Kpath<number> {
  if (size !== 8) return -EINVAL;
  const mask = readSigset(t, set);
  if (typeof mask === "number") return mask;
  t.savedBlocked = t.blocked;
  t.blocked = mask & ~UNBLOCKABLE;
  recalcSigpending(t);
  yield* waitForSignal(k, t);
  return -ERESTARTNOHAND;
}

/** A timeout argument as a moment of virtual time: undefined waits for ever. */
function deadlineOf(k: Kernel, t: Task, timeout: number): number | undefined | { error: number } {
  if (timeout === 0) return undefined;
  const ns = readTimespec(t, timeout);
  if (ns === undefined) return { error: -EINVAL };
  return typeof ns === "object" ? ns : k.clock.now + ns;
}

function setBlocked(t: Task, blocked: bigint): void {
  t.blocked = blocked;
  recalcSigpending(t);
}

function* sigtimedwait(
  k: Kernel,
  t: Task,
  set: number,
  infop: number,
  timeout: number,
  size: number,
): Kpath<number> {
  if (size !== 8) return -EINVAL;
  const wanted = readSigset(t, set);
  if (typeof wanted === "number") return wanted;
  const deadline = deadlineOf(k, t, timeout);
  if (typeof deadline === "object") return deadline.error;
  const blocked = t.blocked;
  for (;;) {
    const info = dequeueSignal(t, ~wanted & 0xffffffffffffffffn);
    if (info !== undefined) {
      const failed = infop !== 0 && writeBytes(t, infop, encodeSiginfo(info)) < 0;
      return failed ? -EFAULT : info.si_signo;
    }
    if (deadline !== undefined && k.clock.now >= deadline) return -EAGAIN;
    // The signals waited for end the sleep although they are blocked.
    setBlocked(t, blocked & ~wanted);
    const interrupted = k.signalPending(t);
    if (!interrupted) {
      const sleep = { queue: undefined, interruptible: true };
      yield deadline === undefined ? sleep : { ...sleep, deadlineNs: deadline };
    }
    setBlocked(t, blocked);
    if (interrupted) return -EINTR;
  }
}

export const ROWS_SIGNAL: readonly Row[] = [
  row("kill", ["pid", "sig"], (k, t, pid, sig) => kill(k, t, pid | 0, sig | 0)),
  row("tkill", ["pid", "sig"], (k, t, tid, sig) => tgkill(k, t, 0, tid | 0, sig | 0)),
  row("tgkill", ["pid", "pid", "sig"], (k, t, tgid, tid, sig) =>
    tgid <= 0 ? -EINVAL : tgkill(k, t, tgid, tid | 0, sig | 0),
  ),
  row("rt_sigqueueinfo", ["pid", "sig", "in:siginfo"], (k, t, pid, sig, info) =>
    queueInfo(k, t, pid | 0, sig | 0, info),
  ),
  row("rt_tgsigqueueinfo", ["pid", "pid", "sig", "in:siginfo"], (k, t, tgid, tid, sig, info) =>
    queueThreadInfo(k, t, tgid | 0, tid | 0, sig | 0, info),
  ),
  row("sigaltstack", ["in:sigaltstack", "out:sigaltstack"], (_k, t, stack, old) =>
    sigaltstack(t, stack, old),
  ),
  row(
    "rt_sigaction",
    ["sig", "in:sigaction", "out:sigaction", "size"],
    (_k, t, sig, act, old, size) => sigaction(t, sig, act, old, size),
  ),
  row(
    "rt_sigprocmask",
    ["enum:sigprocmask-how", "in:sigset", "out:sigset", "size"],
    (_k, t, how, set, old, size) => sigprocmask(t, how, set, old, size),
  ),
  row("rt_sigpending", ["out:sigset", "size"], (_k, t, set) =>
    writeSigset(t, set, (t.pending.set | t.group.pending.set) & t.blocked),
  ),
  row("rt_sigsuspend", ["in:sigset", "size"], sigsuspend),
  row("rt_sigtimedwait", ["in:sigset", "out:siginfo", "in:timespec", "size"], sigtimedwait),
  row("rt_sigreturn", [], (_k, t) => {
    const result = popSignalFrame(t);
    // What the interrupted call had answered is not to be taken for an error of this one.
    t.syscallNr = -1;
    recalcSigpending(t);
    return result;
  }),
];
