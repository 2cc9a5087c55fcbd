/**
 * Taking signals on the way back to user mode: group-stops, what a tracer or an engine makes of a
 * signal, default actions, handlers, and the restart of interrupted system calls.
 *
 * Source: kernel/signal.c (get_signal, do_signal_stop) and arch/riscv/kernel/signal.c of 6.1.
 * Left out: core files (the status says "core dumped", as with a core limit of 0 it would not).
 */
import { EINTR } from "../abi/errno.ts";
import {
  ERESTART_RESTARTBLOCK,
  ERESTARTNOHAND,
  ERESTARTNOINTR,
  ERESTARTSYS,
} from "../abi/restart.ts";
import { CLD_STOPPED, SEGV_MAPERR, type Siginfo } from "../abi/siginfo.ts";
import {
  SA_NODEFER,
  SA_RESETHAND,
  SA_RESTART,
  SIG_DFL,
  SIG_IGN,
  signalDefault,
} from "../abi/signal.ts";
import { SIGCONT, SIGKILL, SIGSEGV, SIGSTOP } from "../abi/signal-numbers.ts";
import { SYSCALL_NUMBERS } from "../abi/syscalls.ts";
import { waitStatusSignaled } from "../abi/wait.ts";
import { KIND } from "../event/log.ts";
import { REG_A0, REG_A7, REG_PC } from "../hw/registers.ts";
import type { Kpath } from "../lib/wait.ts";
import { doExit, killOtherThreads } from "../task/exit.ts";
import { type Kernel, SCHEDULE } from "../task/kernel.ts";
import { abortSection } from "../task/rseq.ts";
import { type Task, TIF_SIGPENDING } from "../task/task.ts";
import type { TakenSignal } from "../task/trace-hooks.ts";
import { pushSignalFrame } from "./frame.ts";
import { forceSignal, notifyParent } from "./send.ts";
import { SIGKILL_BIT, type SigAction, sigBit, UNBLOCKABLE } from "./signal-types.ts";

const isTrapPending = ({ ptrace }: Task): boolean => ptrace.trapStop || ptrace.trapNotify;

/** recalc_sigpending(): the flag says whether anything is there to take. */
export function recalcSigpending(task: Task): void {
  const ready = (task.pending.set | task.group.pending.set) & ~(task.blocked & ~UNBLOCKABLE);
  if (ready !== 0n || task.stopPending || isTrapPending(task) || task.group.exiting)
    task.tif |= TIF_SIGPENDING;
  else if (!task.isForcedToSignals) task.tif &= ~TIF_SIGPENDING;
}

/** dequeue_signal(): this thread's own first, then the process's. */
export function dequeueSignal(task: Task, blocked: bigint): Siginfo | undefined {
  const mask = blocked & ~UNBLOCKABLE;
  const info = task.pending.take(mask) ?? task.group.pending.take(mask);
  recalcSigpending(task);
  return info;
}

/** Everything signals ask for before user mode goes on. Does not come back from a deadly one. */
export function* deliverSignals(k: Kernel, task: Task): Kpath<void> {
  for (;;) {
    if (task.group.exiting || (task.pending.set & SIGKILL_BIT) !== 0n) {
      // The order to die is carried out now; an exit-stop on the way is not to be broken by it.
      task.pending.flush(SIGKILL_BIT);
      yield* doExit(k, task, task.group.exiting ? task.group.exitCode : SIGKILL, true);
      return;
    }
    if (task.stopPending) {
      yield* participateInStop(k, task);
      continue;
    }
    if (isTrapPending(task)) {
      yield* k.ptrace.trap(task);
      continue;
    }
    const taken = yield* k.tree.takeSignal(task, () => dequeueSignal(task, task.blocked));
    if (taken === "again") continue;
    if (taken === undefined) break;
    const left = yield* throughTracer(k, task, taken);
    if (left === undefined) continue;
    if (yield* act(k, task, left)) return;
  }
  restartInterruptedCall(task);
  restoreSavedMask(task);
}

function* throughTracer(k: Kernel, task: Task, taken: TakenSignal): Kpath<TakenSignal | undefined> {
  if (task.ptrace.tracer === undefined || taken.info.si_signo === SIGKILL) return taken;
  const info = yield* k.ptrace.signal(task, taken.info);
  if (info === undefined) return undefined;
  // A tracer may inject a signal that is blocked by now: it goes back to the queue.
  if ((task.blocked & ~UNBLOCKABLE & sigBit(info.si_signo)) !== 0n) {
    task.pending.add(info);
    recalcSigpending(task);
    return undefined;
  }
  return info === taken.info ? taken : { info, action: undefined, acts: info.si_signo };
}

/** Carries one signal out. True when user mode can go on (a handler was set up) or never will. */
function* act(k: Kernel, task: Task, taken: TakenSignal): Kpath<boolean> {
  const { info, acts } = taken;
  const sig = info.si_signo;
  const action = taken.action ?? task.sighand[sig] ?? { handler: SIG_DFL, flags: 0, mask: 0n };
  const report = (what: string): void => k.log.emit("signal-deliver", sig, what);
  if (action.handler === SIG_IGN) {
    report("ignore");
    return false;
  }
  if (action.handler !== SIG_DFL) {
    report("handler");
    if (runHandler(k, task, info, action)) yield* k.tree.signalHandler(task, sig);
    return true;
  }
  const effect = signalDefault(acts);
  if (effect === "ignore" || effect === "continue" || isSpared(task, acts)) {
    report("ignore");
    return false;
  }
  if (effect === "stop") {
    if (acts !== SIGSTOP && isOrphaned(task)) return false;
    report("stop");
    startGroupStop(k, task, sig);
    return false;
  }
  report(effect === "core" ? "core" : "term");
  const status = waitStatusSignaled(sig, effect === "core");
  task.group.exiting = true;
  task.group.exitCode = status;
  killOtherThreads(k, task);
  yield* doExit(k, task, status, true);
  return true;
}

/** init takes no default action that a signal of somebody else's could ask for. */
const isSpared = (task: Task, sig: number): boolean =>
  task.group.unkillable && sig !== SIGKILL && sig !== SIGSTOP;

/** Job control may not stop a group whose session has nobody to continue it. */
function isOrphaned(task: Task): boolean {
  const { parent } = task.group;
  return parent === undefined || parent.sid !== task.group.sid || parent.pgid === 0;
}

/** Sets a handler up. False if there is no room for its frame. */
function runHandler(k: Kernel, task: Task, info: Siginfo, action: SigAction): boolean {
  prepareRestart(task, action);
  abortSection(k, task);
  const sig = info.si_signo;
  if (!pushSignalFrame(task, info, action)) {
    // force_sigsegv(): a handler of SIGSEGV itself that cannot run gives way to the default.
    if (sig === SIGSEGV) task.sighand[sig] = { ...action, handler: SIG_DFL };
    forceSignal(k, task, {
      si_signo: SIGSEGV,
      si_errno: 0,
      si_code: SEGV_MAPERR,
      si_addr: action.handler,
    });
    return false;
  }
  task.savedBlocked = undefined;
  if ((action.flags & SA_RESETHAND) !== 0) task.sighand[sig] = { ...action, handler: SIG_DFL };
  task.blocked |= action.mask;
  if ((action.flags & SA_NODEFER) === 0) task.blocked |= sigBit(sig);
  task.blocked &= ~UNBLOCKABLE;
  recalcSigpending(task);
  return true;
}

/** A handler runs first: only SA_RESTART and ERESTARTNOINTR make the call again after it. */
function prepareRestart(task: Task, action: SigAction): void {
  if (task.syscallNr < 0) return;
  const error = -task.regs.get(REG_A0);
  if (
    error === ERESTART_RESTARTBLOCK ||
    error === ERESTARTNOHAND ||
    (error === ERESTARTSYS && (action.flags & SA_RESTART) === 0)
  ) {
    task.regs.set(REG_A0, -EINTR);
  } else if (error === ERESTARTSYS || error === ERESTARTNOINTR) {
    repeatCall(task);
  }
  task.syscallNr = -1;
}

/** No handler ran: the call is made again, invisibly to the program. */
function restartInterruptedCall(task: Task): void {
  if (task.syscallNr < 0) return;
  const error = -task.regs.get(REG_A0);
  if (error === ERESTARTSYS || error === ERESTARTNOHAND || error === ERESTARTNOINTR)
    repeatCall(task);
  else if (error === ERESTART_RESTARTBLOCK) {
    repeatCall(task);
    task.regs.set(REG_A7, SYSCALL_NUMBERS.restart_syscall);
  }
  task.syscallNr = -1;
}

function repeatCall(task: Task): void {
  task.regs.set(REG_A0, task.origA0);
  task.regs.set(REG_PC, task.regs.get(REG_PC) - 4);
}

function restoreSavedMask(task: Task): void {
  if (task.savedBlocked === undefined) return;
  task.blocked = task.savedBlocked;
  task.savedBlocked = undefined;
  recalcSigpending(task);
}

/** do_signal_stop(): every thread of the process is told to stop. */
function startGroupStop(k: Kernel, task: Task, sig: number): void {
  const { group } = task;
  if (group.stopSignal === 0) group.stopSignal = sig;
  group.stopCount = 0;
  for (const thread of group.threads) {
    if (thread.runState === "stopped" || thread.isDead) continue;
    thread.stopPending = true;
    group.stopCount++;
    if (thread !== task) k.signalWake(thread);
  }
}

/** One thread's part in a group-stop; the last one tells the parent. */
function* participateInStop(k: Kernel, task: Task): Kpath<void> {
  const { group } = task;
  task.stopPending = false;
  recalcSigpending(task);
  const last = --group.stopCount <= 0;
  if (last) {
    group.stopReport = group.stopSignal;
    k.log.emitNumbers(KIND["group-stop"], group.tgid, group.stopSignal);
  }
  const sig = group.stopSignal;
  yield* k.tree.groupStop(task, sig);
  if (task.ptrace.tracer !== undefined) {
    if (last && group.parent !== task.ptrace.tracer.group)
      notifyParent(k, group.leader, CLD_STOPPED, sig);
    yield* k.ptrace.groupStop(task, sig);
    return;
  }
  if (group.stopSignal === 0) return;
  k.setRunState(task, "stopped");
  if (last) notifyParent(k, group.leader, CLD_STOPPED, sig);
  while (task.runState === "stopped") yield SCHEDULE;
  recalcSigpending(task);
}

/** Is the process as a whole stopped, so that a thread that leaves a trap stops again? */
export const isGroupStopped = (task: Task): boolean =>
  task.group.stopSignal !== 0 && task.group.stopSignal !== SIGCONT;
