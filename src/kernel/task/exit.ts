/**
 * The end of a task: exit(2), exit_group(2) and death by signal; the zombie it leaves, who is told,
 * and what becomes of its children and of what it traced.
 *
 * Source: kernel/exit.c of 6.1 (do_exit, exit_notify, forget_original_parent, release_task).
 * Left out: core files, process accounting.
 */
import { CLD_DUMPED, CLD_EXITED, CLD_KILLED } from "../abi/siginfo.ts";
import { SA_NOCLDWAIT, SIG_IGN } from "../abi/signal.ts";
import { SIGCHLD, SIGCONT, SIGHUP } from "../abi/signal-numbers.ts";
import { wcoredump, wexitstatus, wifexited, wtermsig } from "../abi/wait.ts";
import { KIND } from "../event/log.ts";
import type { Kpath } from "../lib/wait.ts";
import { notifyParent } from "../signal/send.ts";
import { SIGKILL_BIT } from "../signal/signal-types.ts";
import { addTimes, timeOfGroup, timeOfThread } from "./cpu-time.ts";
import { wakeFutex } from "./futex.ts";
import { stopTimers } from "./interval-timer.ts";
import type { Kernel } from "./kernel.ts";
import { walkRobustList } from "./robust-list.ts";
import type { Task, ThreadGroup } from "./task.ts";

const DEATHS_MAX = 2;

/** Kills every other thread of the group; they die on their way to user mode. */
export function killOtherThreads(k: Kernel, task: Task): void {
  for (const thread of task.group.threads) {
    if (thread === task || thread.isDead) continue;
    thread.pending.set |= SIGKILL_BIT;
    k.signalWake(thread, true);
  }
}

/**
 * Ends the calling task with a wait(2) status; with `wholeGroup` the process ends with it. When this
 * path returns the task is a zombie or gone, and must not run again.
 */
export function* doExit(k: Kernel, task: Task, status: number, wholeGroup: boolean): Kpath<void> {
  const { group } = task;
  // Hooks like tracehook_report_exit come before do_exit's own check, and so are called twice.
  if (++task.deaths > DEATHS_MAX) yield* restInPieces(k);
  if (wholeGroup && !group.exiting) {
    group.exiting = true;
    group.exitCode = status;
    killOtherThreads(k, task);
  }
  let code = group.exiting && group.execing === undefined ? group.exitCode : status;
  code = yield* k.tree.exit(task, code);
  code = yield* k.ptrace.exit(task, code);
  task.exitCode = code;
  k.log.emitNumbers(KIND.exit, code);
  releaseMemory(k, task);
  task.files.release();
  task.vforkDone?.();
  task.vforkDone = undefined;
  yield* becomeZombie(k, task);
}

/** make_task_dead() of a task that fails while it is dying: it is left as it is, for ever. */
function* restInPieces(k: Kernel): Kpath<void> {
  k.printk(1, "Fixing recursive fault but reboot is needed!");
  for (;;) yield { queue: undefined, interruptible: false };
}

function releaseMemory(k: Kernel, task: Task): void {
  const { mm } = task;
  if (mm === undefined) return;
  walkRobustList(k, task);
  if (task.clearChildTid !== 0 && mm.users > 1) {
    mm.copyOut(task.clearChildTid, new Uint8Array(4));
    wakeFutex(k, mm, task.clearChildTid, 1);
  }
  task.mm = undefined;
  dropAddressSpace(k, mm);
}

/** One user of an address space less; the last one's going is an event with a digest of its pages. */
export function dropAddressSpace(k: Kernel, mm: NonNullable<Task["mm"]>): void {
  if (--mm.users === 0) k.log.emitNumbers(KIND["mm-exit"], mm.destroy());
}

function* becomeZombie(k: Kernel, task: Task): Kpath<void> {
  const { group } = task;
  group.threads.splice(group.threads.indexOf(task), 1);
  if (task.stopPending && --group.stopCount === 0) group.stopReport = group.stopSignal;
  const groupDead = group.threads.length === 0;
  const { tracer } = task.ptrace;
  if (!task.isLeader && tracer !== undefined) group.zombieThreads.add(task);
  if (groupDead) {
    stopTimers(group);
    if (group.sid === group.tgid) k.onSessionEnd(group.sid);
    // Nobody ended the process as a whole: its status is the last thread's.
    if (!group.exiting) group.exitCode = task.exitCode;
    reparentChildren(k, group);
  } else {
    for (const child of group.children)
      if (child.parentThread === task) child.parentThread = group.threads[0];
  }
  task.isZombieToBe = true;
  yield* k.tree.death(task, groupDead, group.exitSignal);
  yield* k.ptrace.death(task, groupDead, group.exitSignal);
  k.setRunState(task, "zombie");
  group.threadWait.wakeAll();
  // A thread that is not the leader leaves no zombie, unless its tracer has yet to see it.
  if (!task.isLeader && tracer === undefined) releaseTask(k, task);
  else if (!task.isLeader && tracer !== undefined)
    notifyParent(k, task, deathCode(task.exitCode), deathStatus(task.exitCode), tracer.group);
  notifyIfGroupGone(k, group);
}

/** delay_group_leader(): a process is dead when the last of its threads is gone, waited for or not. */
function notifyIfGroupGone(k: Kernel, group: ThreadGroup): void {
  if (group.isZombie || group.threads.length > 0 || group.zombieThreads.size > 0) return;
  notifyGroupDeath(k, group);
}

/** The process is dead as a whole: its parent is told, or it is reaped at once. */
export function notifyGroupDeath(k: Kernel, group: ThreadGroup): void {
  group.isZombie = true;
  const { leader } = group;
  if (leader.runState !== "zombie") return;
  const tracer = leader.ptrace.tracer;
  // The tracer sees the death first; its wait4 passes it on to the parent.
  if (tracer !== undefined && tracer.group !== group.parent) {
    notifyParent(k, leader, deathCode(group.exitCode), deathStatus(group.exitCode), tracer.group);
    return;
  }
  reportDeath(k, group);
}

/** SIGCHLD to the parent, which may have said that it does not care. */
export function reportDeath(k: Kernel, group: ThreadGroup): void {
  const { parent, leader } = group;
  const action = parent?.leader.sighand[SIGCHLD];
  const ignored =
    group.exitSignal === SIGCHLD &&
    action !== undefined &&
    (action.handler === SIG_IGN || (action.flags & SA_NOCLDWAIT) !== 0);
  if (group.exitSignal !== 0 && (action?.handler !== SIG_IGN || group.exitSignal !== SIGCHLD)) {
    notifyParent(
      k,
      leader,
      deathCode(group.exitCode),
      deathStatus(group.exitCode),
      undefined,
      group.exitSignal,
    );
  }
  if (parent === undefined || ignored) reapGroup(k, group);
  parent?.childWait.wakeAll();
}

export const deathCode = (status: number): number =>
  wifexited(status) ? CLD_EXITED : wcoredump(status) ? CLD_DUMPED : CLD_KILLED;

export const deathStatus = (status: number): number =>
  wifexited(status) ? wexitstatus(status) : wtermsig(status);

/** find_new_reaper(): the nearest ancestor that asked for orphans, else init. */
function reaperOf(k: Kernel, group: ThreadGroup): ThreadGroup | undefined {
  for (let at = group.parent; at !== undefined; at = at.parent) {
    if (at.isSubreaper && at.threads.length > 0) return at;
  }
  return k.init === group ? undefined : k.init;
}

/** Orphans go to whoever reaps; a stopped process group that nobody can continue any more is woken by SIGHUP. */
function reparentChildren(k: Kernel, group: ThreadGroup): void {
  const { init } = k;
  const reaper = reaperOf(k, group);
  for (const child of group.children) {
    tellOfParentsDeath(k, child);
    child.parent = reaper;
    child.parentThread = reaper?.threads[0];
    child.parent?.children.add(child);
    if (child.leader.runState === "stopped") {
      for (const sig of [SIGHUP, SIGCONT]) k.signalGroup(child.pgid, sig);
    }
    if (child.isZombie && child.parent !== undefined) child.parent.childWait.wakeAll();
  }
  group.children.clear();
  if (group === init && k.halt === undefined)
    k.panic(`Attempted to kill init! exitcode=0x${group.exitCode.toString(16).padStart(8, "0")}`);
}

function tellOfParentsDeath(k: Kernel, child: ThreadGroup): void {
  for (const thread of child.threads) {
    if (thread.parentDeathSignal !== 0) k.sendSignal(thread, thread.parentDeathSignal);
  }
}

/** Reaps a dead process: after this its pid is free. */
export function reapGroup(k: Kernel, group: ThreadGroup): void {
  if (group.parent !== undefined) {
    group.parent.children.delete(group);
    const used = addTimes(timeOfGroup(k, group), group.childTime);
    group.parent.childTime = addTimes(group.parent.childTime, used);
  }
  releaseTask(k, group.leader);
}

/** release_task(): forgets one dead thread. */
export function releaseTask(k: Kernel, task: Task): void {
  task.ptrace.tracer?.tracees.delete(task);
  task.ptrace.tracer = undefined;
  k.setRunState(task, "dead");
  if (!task.isLeader) task.group.goneTime = addTimes(task.group.goneTime, timeOfThread(k, task));
  k.log.emitNumbers(KIND.reap, task.tid, task.exitCode);
  k.tree.reap(task);
  k.ptrace.reap(task);
  k.tasks.delete(task.tid);
  if (!task.group.zombieThreads.delete(task)) return;
  task.group.threadWait.wakeAll();
  notifyIfGroupGone(k, task.group);
}
