/**
 * The run loop: gives the processor to one task after another, takes their traps, and carries each
 * system call through its entry work, its handler and its exit work.
 *
 * Source for the order of things: kernel/entry/common.c and arch/riscv/kernel/ptrace.c of 6.1. Left
 * out: interrupts other than the clock's.
 */
import { ENOSYS } from "../abi/errno.ts";
import {
  ERESTART_RESTARTBLOCK,
  ERESTARTNOHAND,
  ERESTARTNOINTR,
  ERESTARTSYS,
} from "../abi/restart.ts";
import { BUS_ADRERR, SEGV_ACCERR, SEGV_MAPERR, SI_KERNEL, TRAP_TRACE } from "../abi/siginfo.ts";
import { SIGABRT, SIGBUS, SIGKILL, SIGSEGV, SIGTRAP } from "../abi/signal-numbers.ts";
import { KIND } from "../event/log.ts";
import { COST_SWITCH_NS, COST_SYSCALL_NS } from "../hw/costs.ts";
import { REG_A0, REG_A1, REG_A7, REG_PC } from "../hw/registers.ts";
import { KernelBug } from "../lib/assert.ts";
import type { Kpath } from "../lib/wait.ts";
import { type FaultKind, UserFault } from "../mm/address-space.ts";
import { deliverSignals } from "../signal/deliver.ts";
import { forceSignal } from "../signal/send.ts";
import { doExit } from "./exit.ts";
import { type Kernel, SCHEDULE } from "./kernel.ts";
import { abortSection } from "./rseq.ts";
import { secureComputing } from "./seccomp.ts";
import {
  type Task,
  TIF_EXIT_WORK,
  TIF_NOTIFY_RESUME,
  TIF_SECCOMP,
  TIF_SIGPENDING,
  TIF_SYSCALL_PTRACE,
  TIF_SYSCALL_TRACE,
  TIF_SYSCALL_TRACEPOINT,
  TIF_SYSCALL_WORK,
} from "./task.ts";
import { UserTrap } from "./user-context.ts";

const RESTART_CODES: readonly number[] = [
  ERESTARTSYS,
  ERESTARTNOINTR,
  ERESTARTNOHAND,
  ERESTART_RESTARTBLOCK,
];

/** What an access that fails becomes; out of memory, the one that wanted more is killed. */
const FAULT_SIGNALS: Readonly<Record<FaultKind, readonly [signo: number, code: number]>> = {
  unmapped: [SIGSEGV, SEGV_MAPERR],
  denied: [SIGSEGV, SEGV_ACCERR],
  beyond: [SIGBUS, BUS_ADRERR],
  full: [SIGKILL, SI_KERNEL],
};

const REG_A2 = 12;
const REG_A3 = 13;
const REG_A4 = 14;
const REG_A5 = 15;

/** Something that escaped a kernel path: `oops` answers whether the kernel goes on without the task. */
export type OopsHandler = (k: Kernel, task: Task, error: unknown) => boolean;

/** Runs one task until it leaves the processor. */
export function runTask(k: Kernel, task: Task, onOops: OopsHandler): void {
  const prev = takeProcessor(k, task);
  const started = k.clock.now;
  k.turnStartNs = started;
  const sliceEnd = started + k.scheduler.turn.sliceNs;
  let announced = prev === task;
  while (k.halt === undefined && !task.isDead) {
    try {
      if (!announced) {
        announced = true;
        k.tree.schedSwitch(prev, task);
      }
      if (!step(k, task, sliceEnd)) break;
    } catch (error) {
      if (error instanceof KernelBug || !onOops(k, task, error)) throw error;
      // make_task_dead(): the task dies where it stands; what it held stays held.
      task.path = dieOfOops(k, task);
    }
  }
  const ranNs = k.clock.now - started;
  task.timeNs += ranNs;
  task.group.itimers?.checkCpu();
  k.busyNs += ranNs;
  k.scheduler.finish(task, ranNs, k.processor.save(task), k.processor.where);
  k.current = undefined;
  k.clock.tid = 0;
}

/** The task is current from here on. Answers who was before it. */
function takeProcessor(k: Kernel, task: Task): Task | undefined {
  const prev = k.last;
  k.current = task;
  k.processor.load(task);
  k.clock.tid = task.tid;
  if (prev !== task) {
    k.clock.now += COST_SWITCH_NS;
    k.log.emitNumbers(KIND.switch, prev?.tid ?? 0);
    abortSection(k, task);
  }
  k.last = task;
  return prev;
}

/** One step: of the kernel path in progress, of the way to user mode, or of user mode. */
function step(k: Kernel, task: Task, sliceEnd: number): boolean {
  if (task.path !== undefined) return advance(k, task);
  if ((task.tif & TIF_EXIT_WORK) !== 0) {
    task.path = exitToUser(k, task);
    return true;
  }
  if (k.clock.now >= k.clock.nextDeadline) k.clock.ringDue();
  // Even a task that is alone gives way, so that whoever drives the machine gets a turn.
  if (k.clock.now >= sliceEnd) {
    k.scheduler.preempt(task, "slice");
    return false;
  }
  k.processor.userReturn(task);
  runUser(k, task, Math.min(sliceEnd, k.clock.nextDeadline) - k.clock.now);
  return true;
}

/** Takes the kernel path a step further. False when the task left the processor. */
function advance(k: Kernel, task: Task): boolean {
  const step = (task.path as Kpath<void>).next();
  if (step.done !== true) {
    k.park(task, step.value);
    return false;
  }
  task.path = undefined;
  return true;
}

function* dieOfOops(k: Kernel, task: Task): Kpath<void> {
  yield* doExit(k, task, SIGKILL, false);
}

function runUser(k: Kernel, task: Task, budgetNs: number): void {
  const { user } = task;
  try {
    const stepping = task.singleStep;
    const trapped = user.step(stepping ? 1 : budgetNs);
    accountUser(k, task, user.computedNs);
    if (!trapped) {
      if (stepping) reportStep(k, task);
      return;
    }
  } catch (error) {
    if (error instanceof KernelBug) throw error;
    accountUser(k, task, user.computedNs);
    userException(k, task, error);
    return;
  }
  systemCall(k, task);
}

/** A single step's one instruction is done. */
function reportStep(k: Kernel, task: Task): void {
  const si_addr = task.regs.get(REG_PC);
  forceSignal(k, task, { si_signo: SIGTRAP, si_errno: 0, si_code: TRAP_TRACE, si_addr });
}

function accountUser(k: Kernel, task: Task, computedNs: number): void {
  k.clock.now += computedNs;
  task.userNs += computedNs;
}

/** A program did what no program may: a bad access is SIGSEGV; anything it threw, SIGABRT. */
function userException(k: Kernel, task: Task, error: unknown): void {
  if (error instanceof UserFault) {
    const [signo, code] = FAULT_SIGNALS[error.kind];
    forceSignal(k, task, { si_signo: signo, si_errno: 0, si_code: code, si_addr: error.address });
  } else if (error instanceof UserTrap) {
    const { signo, code, address } = error;
    forceSignal(k, task, { si_signo: signo, si_errno: 0, si_code: code, si_addr: address });
  } else {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    k.log.emit("program-error", text);
    k.printk(6, `${task.comm}[${task.tid}]: ${text}`);
    forceSignal(k, task, { si_signo: SIGABRT, si_errno: 0, si_code: 0x80 });
  }
  // The generator that threw is finished; nothing of it can run again.
  task.path = deliverSignals(k, task);
  task.user.abandon();
}

/** A task's system call. The fast way: nobody watches and the handler answers at once. */
function systemCall(k: Kernel, task: Task): void {
  const { regs } = task;
  regs.set(REG_PC, regs.get(REG_PC) + 4);
  const nr = regs.get(REG_A7);
  task.syscallNr = nr;
  task.origA0 = regs.get(REG_A0);
  k.clock.now += COST_SYSCALL_NS;
  if ((task.tif & TIF_SYSCALL_WORK) !== 0 || task.singleStep) {
    task.path = watchedCall(k, task);
    return;
  }
  const result = invoke(k, task, nr);
  if (typeof result === "number") finishCall(k, task, nr, result);
  else task.path = slowCall(k, task, nr, result);
}

function invoke(k: Kernel, task: Task, nr: number): number | Kpath<number> {
  const { regs } = task;
  const a0 = regs.get(REG_A0);
  const a1 = regs.get(REG_A1);
  const a2 = regs.get(REG_A2);
  const a3 = regs.get(REG_A3);
  const a4 = regs.get(REG_A4);
  const a5 = regs.get(REG_A5);
  k.log.emitNumbers(KIND["syscall-enter"], nr, a0, a1, a2, a3, a4, a5);
  const handler = k.dispatch(nr);
  if (handler === undefined) {
    k.log.emitNumbers(KIND["syscall-unknown"], nr);
    return -ENOSYS;
  }
  return handler(k, task, a0, a1, a2, a3, a4, a5);
}

function finishCall(k: Kernel, task: Task, nr: number, result: number): void {
  task.regs.set(REG_A0, result);
  k.log.emitNumbers(KIND["syscall-exit"], nr, result);
  if ((task.tif & TIF_EXIT_WORK) === 0) task.syscallNr = -1;
}

function* slowCall(k: Kernel, task: Task, nr: number, path: Kpath<number>): Kpath<void> {
  const result = yield* path;
  if (task.isDead) return;
  finishCall(k, task, nr, result);
  // A watcher that came during the call sees its end.
  if ((task.tif & TIF_SYSCALL_WORK) !== 0) yield* reportExit(k, task);
}

/** A system call that somebody wants to see or change. Arguments are read after they have looked. */
function* watchedCall(k: Kernel, task: Task): Kpath<void> {
  const { regs } = task;
  let refused = false;
  if ((task.tif & (TIF_SYSCALL_TRACE | TIF_SYSCALL_TRACEPOINT)) !== 0)
    refused = yield* k.tree.syscallEntry(task);
  if (refused) regs.set(REG_A0, -ENOSYS);
  if ((task.tif & TIF_SYSCALL_PTRACE) !== 0)
    refused = (yield* k.ptrace.syscallEntry(task)) || refused;
  if (!refused && (task.tif & TIF_SECCOMP) !== 0) refused = !(yield* secureComputing(k, task));
  if (task.isDead) return;
  if (!refused) {
    // A number that is none, with which a tracer calls a call off, answers ENOSYS as any other does.
    const nr = regs.get(REG_A7);
    const started = invoke(k, task, nr);
    const result = typeof started === "number" ? started : yield* started;
    if (task.isDead) return;
    finishCall(k, task, nr, result);
  }
  yield* reportExit(k, task);
}

function* reportExit(k: Kernel, task: Task): Kpath<void> {
  if ((task.tif & (TIF_SYSCALL_TRACE | TIF_SYSCALL_TRACEPOINT)) !== 0)
    yield* k.tree.syscallExit(task);
  if ((task.tif & TIF_SYSCALL_PTRACE) !== 0) yield* k.ptrace.syscallExit(task);
  else if (task.singleStep) reportStep(k, task);
  // A tracer that let go at this stop may have taken the reason for the interruption along; the
  // call has to be made again all the same.
  if (owesRestart(task)) task.tif |= TIF_SIGPENDING;
}

/** Did the call end with one of the codes that no program may see? */
const owesRestart = (task: Task): boolean =>
  task.syscallNr >= 0 && RESTART_CODES.includes(-task.regs.get(REG_A0));

/** exit_to_user_mode_loop(): signals and whoever asked to be told, until nothing is left. */
function* exitToUser(k: Kernel, task: Task): Kpath<void> {
  while ((task.tif & TIF_EXIT_WORK) !== 0 && !task.isDead) {
    if ((task.tif & TIF_NOTIFY_RESUME) !== 0) {
      task.tif &= ~TIF_NOTIFY_RESUME;
      yield* k.tree.resume(task);
    }
    if ((task.tif & TIF_SIGPENDING) !== 0) yield* deliverSignals(k, task);
  }
  task.syscallNr = -1;
}

/** A path of a syscall handler that only waits for a signal: pause(2), sigsuspend(2). */
export function* waitForSignal(k: Kernel, task: Task): Kpath<void> {
  while (!k.signalPending(task)) {
    k.setRunState(task, "sleeping");
    yield SCHEDULE;
  }
}
