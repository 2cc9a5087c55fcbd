/**
 * Builtins about jobs: wait, jobs, fg, bg, and kill, which knows `%1`.
 */
import { EINTR, ESRCH, SIGCONT } from "#abi";
import type { UserCall } from "../../libc/trap.ts";
import { runKill } from "../kill.ts";
import type { Builtins } from "./builtin.ts";
import {
  findJob,
  forgetJob,
  isDone,
  type Job,
  jobLine,
  jobStatus,
  noteStatus,
  pollJobs,
  waitForJob,
} from "./jobs.ts";
import { waitInFront } from "./pipeline.ts";
import type { Shell } from "./state.ts";

function* jobs(sh: Shell): UserCall {
  yield* pollJobs(sh);
  for (const job of [...sh.jobs]) {
    yield* sh.p.print(jobLine(sh, job));
    if (isDone(job)) forgetJob(sh, job);
  }
  return 0;
}

/** The job of a pid or `%` operand, after a message when there is none. */
function* jobOperand(sh: Shell, command: string, name: string): UserCall<Job | null> {
  const job = name.startsWith("%")
    ? findJob(sh, name)
    : sh.jobs.find((candidate) => candidate.pids.includes(Number(name)));
  if (job !== undefined) return job;
  const text = name.startsWith("%")
    ? `${name}: no such job`
    : `pid ${name} is not a child of this shell`;
  yield* sh.p.error(`${sh.name}: ${command}: ${text}\n`);
  return null;
}

function* wait(sh: Shell, argv: readonly string[]): UserCall {
  const names = argv.slice(1);
  if (names.length === 0) return yield* waitForAll(sh);
  let status = 0;
  for (const name of names) {
    const job = yield* jobOperand(sh, "wait", name);
    if (job === null) {
      status = 127;
      continue;
    }
    status = yield* waitForJob(sh, job, true);
    if (isDone(job)) {
      status = jobStatus(job);
      forgetJob(sh, job);
    }
  }
  return status;
}

function* waitForAll(sh: Shell): UserCall {
  while (sh.jobs.some((job) => !isDone(job) && job.stoppedBy === 0)) {
    const found = yield* sh.p.sys.wait4(-1);
    if (typeof found === "number") {
      if (found === -EINTR) return 130;
      break;
    }
    noteStatus(sh, found.pid, found.status);
  }
  if (!sh.interactive) sh.jobs = sh.jobs.filter((job) => !isDone(job));
  return 0;
}

/** Continues a stopped job, in front (with the terminal) or in the background. */
function resume(front: boolean): (sh: Shell, argv: readonly string[]) => UserCall {
  return function* (sh, argv): UserCall {
    const command = front ? "fg" : "bg";
    if (!sh.jobControl) {
      yield* sh.p.error(`${sh.name}: ${command}: no job control\n`);
      return 1;
    }
    const job = yield* jobOperand(sh, command, argv[1] ?? "%+");
    if (job === null) return 1;
    job.background = !front;
    job.stoppedBy = 0;
    yield* sh.p.print(front ? `${job.text}\n` : `[${job.id}] ${job.text}\n`);
    if (front && sh.terminal !== null) yield* sh.p.sys.tcsetpgrp(sh.terminal, job.pgid);
    yield* sh.p.sys.kill(-job.pgid, SIGCONT);
    return front ? yield* waitInFront(sh, job) : 0;
  };
}

function kill(sh: Shell, argv: readonly string[]): UserCall {
  return runKill(sh.p, argv, (name) => {
    const job = findJob(sh, name);
    if (job === undefined) return -ESRCH;
    return job.pgid === 0 ? (job.pids[0] ?? 0) : -job.pgid;
  });
}

export const JOB_BUILTINS: Builtins = {
  jobs,
  wait,
  fg: resume(true),
  bg: resume(false),
  kill,
};
