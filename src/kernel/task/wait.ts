/**
 * wait4(2) and waitid(2): which children and tracees a task may wait for, and what it learns.
 *
 * Source: kernel/exit.c of 6.1 (do_wait, wait_consider_task and what it calls); eligibility of
 * tracees regardless of __WCLONE is 4.7's rule. Left out: pidfds, per-signal accounting.
 */
import { ECHILD } from "../abi/errno.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { CLD_CONTINUED, CLD_STOPPED, CLD_TRAPPED } from "../abi/siginfo.ts";
import { SIGCHLD } from "../abi/signal-numbers.ts";
import {
  __WALL,
  __WCLONE,
  __WNOTHREAD,
  WAIT_STATUS_CONTINUED,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WNOWAIT,
  WUNTRACED,
  waitStatusStopped,
} from "../abi/wait.ts";
import type { Kpath } from "../lib/wait.ts";
import { type ResourceUsage, usageWithChildren } from "./cpu-time.ts";
import { deathCode, deathStatus, reapGroup, releaseTask, reportDeath } from "./exit.ts";
import type { Kernel } from "./kernel.ts";
import type { Task, ThreadGroup } from "./task.ts";

/** Whom a caller waits for: any child, one process, or a process group. */
export type WaitTarget =
  | { readonly kind: "any" }
  | { readonly kind: "pid"; readonly pid: number }
  | { readonly kind: "pgid"; readonly pgid: number };

/** What was found, enough for both system calls. `code` and `value` are waitid's si_code and si_status. */
export interface WaitResult {
  readonly pid: number;
  readonly uid: number;
  readonly status: number;
  readonly code: number;
  readonly value: number;
  readonly usage: ResourceUsage;
}

function matches(target: WaitTarget, task: Task): boolean {
  if (target.kind === "any") return true;
  return target.kind === "pid" ? task.tid === target.pid : task.group.pgid === target.pgid;
}

/** The clone rule: children that do not send SIGCHLD need __WCLONE or __WALL. */
function isEligible(group: ThreadGroup, options: number): boolean {
  if ((options & __WALL) !== 0) return true;
  const clone = group.exitSignal !== SIGCHLD;
  return clone === ((options & __WCLONE) !== 0);
}

/** One look at everybody: a result, or whether there is anybody to wait for at all. */
function scan(k: Kernel, task: Task, target: WaitTarget, options: number): WaitResult | boolean {
  let candidates = false;
  for (const tracee of traceesOf(task, options)) {
    if (!matches(target, tracee)) continue;
    candidates = true;
    const found = considerTracee(k, tracee, options);
    if (found !== undefined) return found;
  }
  for (const child of task.group.children) {
    if (!matches(target, child.leader) || !isEligible(child, options)) continue;
    if ((options & __WNOTHREAD) !== 0 && child.parentThread !== task) continue;
    candidates = true;
    // While somebody else traces it, the real parent sees nothing of its stops.
    const tracer = child.leader.ptrace.tracer;
    if (tracer !== undefined && tracer.group === task.group) continue;
    const found = considerChild(k, child, options, tracer !== undefined);
    if (found !== undefined) return found;
  }
  return candidates;
}

/**
 * Waits. Answers the result, `undefined` for WNOHANG with nothing to report, or a negative errno.
 */
export function* waitForChild(
  k: Kernel,
  task: Task,
  target: WaitTarget,
  options: number,
): Kpath<WaitResult | undefined | number> {
  for (;;) {
    const found = scan(k, task, target, options);
    if (typeof found !== "boolean") return found;
    if (!found) return -ECHILD;
    if ((options & WNOHANG) !== 0) return undefined;
    if (k.signalPending(task)) return -ERESTARTSYS;
    yield { queue: task.group.childWait, interruptible: true };
  }
}

function* traceesOf(task: Task, options: number): Generator<Task> {
  const tracers = (options & __WNOTHREAD) !== 0 ? [task] : task.group.threads;
  for (const tracer of tracers) yield* [...tracer.tracees];
}

/** A tracee reports stops without WUNTRACED, and its death before its parent hears of it. */
function considerTracee(k: Kernel, tracee: Task, options: number): WaitResult | undefined {
  if (tracee.runState === "zombie") {
    if (tracee.isLeader && !tracee.group.isZombie) return undefined;
    return (options & WEXITED) === 0 ? undefined : reapTracee(k, tracee, options);
  }
  const { ptrace } = tracee;
  if (tracee.runState === "traced" && ptrace.exitCode !== 0) {
    const code = ptrace.exitCode;
    if ((options & WNOWAIT) === 0) ptrace.exitCode = 0;
    return result(k, tracee, waitStatusStopped(0) | (code << 8), CLD_TRAPPED, code & 0xff);
  }
  return considerContinued(k, tracee, tracee.group, options);
}

function reapTracee(k: Kernel, tracee: Task, options: number): WaitResult {
  const { group } = tracee;
  const status = tracee.isLeader ? group.exitCode : tracee.exitCode;
  const found = result(k, tracee, status, deathCode(status), deathStatus(status));
  if ((options & WNOWAIT) !== 0) return found;
  const tracer = tracee.ptrace.tracer as Task;
  tracer.tracees.delete(tracee);
  tracee.ptrace.tracer = undefined;
  if (!tracee.isLeader) releaseTask(k, tracee);
  else if (group.parent === tracer.group) reapGroup(k, group);
  else reportDeath(k, group);
  return found;
}

function considerChild(
  k: Kernel,
  child: ThreadGroup,
  options: number,
  tracedByOther: boolean,
): WaitResult | undefined {
  const { leader } = child;
  if (child.isZombie && leader.runState === "zombie") {
    if (tracedByOther || (options & WEXITED) === 0) return undefined;
    const status = child.exitCode;
    const found = result(k, leader, status, deathCode(status), deathStatus(status));
    if ((options & WNOWAIT) === 0) reapGroup(k, child);
    return found;
  }
  if (tracedByOther) return undefined;
  if (child.stopReport !== 0 && (options & WUNTRACED) !== 0) {
    const sig = child.stopReport;
    if ((options & WNOWAIT) === 0) child.stopReport = 0;
    return result(k, leader, waitStatusStopped(sig), CLD_STOPPED, sig);
  }
  return considerContinued(k, leader, child, options);
}

function considerContinued(
  k: Kernel,
  task: Task,
  group: ThreadGroup,
  options: number,
): WaitResult | undefined {
  if (!group.continueReport || (options & WCONTINUED) === 0) return undefined;
  if ((options & WNOWAIT) === 0) group.continueReport = false;
  return result(k, task, WAIT_STATUS_CONTINUED, CLD_CONTINUED, 18);
}

const result = (
  k: Kernel,
  task: Task,
  status: number,
  code: number,
  value: number,
): WaitResult => ({
  pid: task.tid,
  uid: task.cred.uid,
  status,
  code,
  value,
  usage: usageWithChildren(k, task.group),
});
