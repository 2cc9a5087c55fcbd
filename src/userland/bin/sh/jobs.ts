/**
 * Jobs: the pipelines that a shell has started and not yet said goodbye to.
 *
 * Source: POSIX.1-2017, XCU 2.11 and `jobs`; the lines are those of bash.
 */
import {
  ECHILD,
  EINTR,
  SIGINT,
  SIGPIPE,
  WCONTINUED,
  WNOHANG,
  WUNTRACED,
  waitStatusExited,
  wexitstatus,
  wifcontinued,
  wifexited,
  wifstopped,
  wstopsig,
  wtermsig,
} from "#abi";
import { signalText } from "../../libc/signal-text.ts";
import type { UserCall } from "../../libc/trap.ts";
import type { Shell } from "./state.ts";

export interface Job {
  readonly id: number;
  /** Process group under job control, else 0. */
  readonly pgid: number;
  readonly pids: readonly number[];
  readonly text: string;
  background: boolean;
  /** wait(2) status of each member that has ended. */
  readonly ended: Map<number, number>;
  /** Signal that stopped a member, or 0. */
  stoppedBy: number;
}

/** `$?` for a wait(2) status. */
export function exitStatus(status: number): number {
  if (wifexited(status)) return wexitstatus(status);
  return 128 + (wifstopped(status) ? wstopsig(status) : wtermsig(status));
}

export function addJob(sh: Shell, job: Pick<Job, "pgid" | "pids" | "text" | "background">): Job {
  const id = Math.max(0, ...sh.jobs.map((other) => other.id)) + 1;
  const added: Job = { ...job, id, ended: new Map(), stoppedBy: 0 };
  sh.jobs.push(added);
  return added;
}

export function isDone(job: Job): boolean {
  return job.ended.size === job.pids.length;
}

/** The status of the job's last member. */
export function jobStatus(job: Job): number {
  const last = job.ended.get(job.pids.at(-1) ?? 0);
  return last === undefined ? 128 + job.stoppedBy : exitStatus(last);
}

/** Files what wait4 reported with the job it belongs to. */
export function noteStatus(sh: Shell, pid: number, status: number): void {
  const job = sh.jobs.find((candidate) => candidate.pids.includes(pid));
  if (job === undefined) return;
  if (wifcontinued(status)) job.stoppedBy = 0;
  else if (wifstopped(status)) job.stoppedBy = wstopsig(status);
  else job.ended.set(pid, status);
}

/** Waits until the job has ended or stopped; `$?` of it. Under a trap's signal it stops waiting. */
export function* waitForJob(sh: Shell, job: Job, interruptible: boolean): UserCall {
  while (!isDone(job) && (job.stoppedBy === 0 || !sh.jobControl)) {
    const found = yield* sh.p.sys.wait4(-1, sh.jobControl ? WUNTRACED : 0);
    if (typeof found !== "number") noteStatus(sh, found.pid, found.status);
    else if (found === -EINTR && interruptible) return 130;
    else if (found === -ECHILD) giveUpOn(job);
  }
  return jobStatus(job);
}

/** Somebody else reaped the members; there is nothing left to wait for. */
function giveUpOn(job: Job): void {
  for (const pid of job.pids) {
    if (!job.ended.has(pid)) job.ended.set(pid, waitStatusExited(127));
  }
}

/** Collects news of all children without waiting. */
export function* pollJobs(sh: Shell): UserCall<void> {
  for (;;) {
    const found = yield* sh.p.sys.wait4(-1, WNOHANG | (sh.jobControl ? WUNTRACED | WCONTINUED : 0));
    if (typeof found === "number" || found.pid === 0) return;
    noteStatus(sh, found.pid, found.status);
  }
}

export function forgetJob(sh: Shell, job: Job): void {
  sh.jobs = sh.jobs.filter((other) => other !== job);
}

/** `[1]+  Stopped                 sleep 5`. */
export function jobLine(sh: Shell, job: Job): string {
  const current = sh.jobs.at(-1) === job ? "+" : sh.jobs.at(-2) === job ? "-" : " ";
  const suffix = job.background && !isDone(job) && job.stoppedBy === 0 ? " &" : "";
  return `[${job.id}]${current}  ${jobState(job).padEnd(24)}${job.text}${suffix}\n`;
}

function jobState(job: Job): string {
  if (!isDone(job)) return job.stoppedBy === 0 ? "Running" : "Stopped";
  const status = job.ended.get(job.pids.at(-1) ?? 0) ?? 0;
  if (!wifexited(status)) return signalText(wtermsig(status));
  return wexitstatus(status) === 0 ? "Done" : `Exit ${wexitstatus(status)}`;
}

/** Before a prompt: says what became of background jobs, and forgets those that ended. */
export function* reportJobs(sh: Shell): UserCall<void> {
  yield* pollJobs(sh);
  for (const job of sh.jobs.filter(isDone)) {
    if (sh.interactive) yield* sh.p.error(jobLine(sh, job));
    forgetJob(sh, job);
  }
}

/** What an interactive shell says when a signal ended the command in front. */
export function deathText(job: Job): string {
  const status = job.ended.get(job.pids.at(-1) ?? 0) ?? 0;
  if (wifexited(status)) return "";
  const sig = wtermsig(status);
  if (sig === SIGPIPE) return "";
  return sig === SIGINT ? "\n" : `${signalText(sig)}\n`;
}

/** `%1`, `%+`, `%%`, `%sleep`. */
export function findJob(sh: Shell, name: string): Job | undefined {
  const key = name.replace(/^%/, "");
  if (key === "" || key === "+" || key === "%") return sh.jobs.at(-1);
  if (key === "-") return sh.jobs.at(-2);
  if (/^\d+$/.test(key)) return sh.jobs.find((job) => job.id === Number(key));
  return sh.jobs.find((job) => job.text.startsWith(key));
}
