/**
 * How long a thread or a process has run, in user mode and in the kernel.
 *
 * Source: kernel/sched/cputime.c of 6.1. User time is what a program's computing was charged; the
 * rest of what it had the processor for is the kernel's. Left out: steal and guest time.
 */
import type { Kernel } from "./kernel.ts";
import type { Task, ThreadGroup } from "./task.ts";

export interface CpuTime {
  readonly userNs: number;
  readonly systemNs: number;
}

export const NO_TIME: CpuTime = { userNs: 0, systemNs: 0 };

export const addTimes = (a: CpuTime, b: CpuTime): CpuTime => ({
  userNs: a.userNs + b.userNs,
  systemNs: a.systemNs + b.systemNs,
});

/** One thread's, what it has used of its present turn included. */
export function timeOfThread(k: Kernel, t: Task): CpuTime {
  const total = t.timeNs + (k.current === t ? k.clock.now - k.turnStartNs : 0);
  return { userNs: t.userNs, systemNs: Math.max(0, total - t.userNs) };
}

/** All threads' of a process, the dead ones included. */
export function timeOfGroup(k: Kernel, group: ThreadGroup): CpuTime {
  const threads = group.threads.includes(group.leader)
    ? group.threads
    : [group.leader, ...group.threads];
  return threads.reduce((sum, thread) => addTimes(sum, timeOfThread(k, thread)), group.goneTime);
}

/** What struct rusage tells of a process. */
export interface ResourceUsage extends CpuTime {
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly residentPages: number;
}

const usageOf = (time: CpuTime, threads: readonly Task[]): ResourceUsage => ({
  ...time,
  voluntarySwitches: threads.reduce((sum, thread) => sum + thread.voluntarySwitches, 0),
  involuntarySwitches: threads.reduce((sum, thread) => sum + thread.involuntarySwitches, 0),
  residentPages: threads[0]?.mm?.residentPages ?? 0,
});

/** RUSAGE_THREAD. */
export const threadUsage = (k: Kernel, t: Task): ResourceUsage => usageOf(timeOfThread(k, t), [t]);

/** RUSAGE_SELF. */
export const groupUsage = (k: Kernel, group: ThreadGroup): ResourceUsage =>
  usageOf(timeOfGroup(k, group), group.threads.length > 0 ? group.threads : [group.leader]);

/** RUSAGE_CHILDREN: those that were waited for. */
export const childrenUsage = (group: ThreadGroup): ResourceUsage => usageOf(group.childTime, []);

/** RUSAGE_BOTH, which wait4 reports. */
export const usageWithChildren = (k: Kernel, group: ThreadGroup): ResourceUsage => ({
  ...groupUsage(k, group),
  ...addTimes(timeOfGroup(k, group), group.childTime),
});
