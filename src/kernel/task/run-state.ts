/**
 * What a task is doing, as the scheduler and /proc see it, and which states may follow which.
 *
 * Source: include/linux/sched.h of 6.1 (task state), fs/proc/array.c (letters).
 * Left out: TASK_PARKED, TASK_IDLE, frozen tasks. "R" covers both running and waiting for the
 * processor, as in Linux.
 */

export type RunState =
  /** TASK_RUNNING: on the processor or in the queue. */
  | "running"
  /** TASK_INTERRUPTIBLE: a wake-up or a signal ends it. */
  | "sleeping"
  /** TASK_UNINTERRUPTIBLE: only a wake-up does. */
  | "uninterruptible"
  /** __TASK_STOPPED: job control; SIGCONT or SIGKILL ends it. */
  | "stopped"
  /** __TASK_TRACED: a ptrace-stop; its tracer or SIGKILL ends it. */
  | "traced"
  /** EXIT_ZOMBIE: dead, not yet waited for. */
  | "zombie"
  /** EXIT_DEAD: reaped. */
  | "dead";

/** Letters of /proc/PID/stat. */
export const STATE_LETTERS: Readonly<Record<RunState, string>> = {
  running: "R",
  sleeping: "S",
  uninterruptible: "D",
  stopped: "T",
  traced: "t",
  zombie: "Z",
  dead: "X",
};

/** Words of /proc/PID/status. */
export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  running: "running",
  sleeping: "sleeping",
  uninterruptible: "disk sleep",
  stopped: "stopped",
  traced: "tracing stop",
  zombie: "zombie",
  dead: "dead",
};

/** Values of task_struct.state, as 2.6.32 numbers them; TASK_DEAD for both kinds of dead. */
export const STATE_BITS: Readonly<Record<RunState, number>> = {
  running: 0,
  sleeping: 1,
  uninterruptible: 2,
  stopped: 4,
  traced: 8,
  zombie: 64,
  dead: 64,
};

/** A task sleeps only from running, and wakes only to running; death comes from running alone. */
export const TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  running: ["sleeping", "uninterruptible", "stopped", "traced", "zombie"],
  sleeping: ["running"],
  uninterruptible: ["running"],
  // ptrace and utrace take a job-control stop over so that SIGCONT cannot wake it.
  stopped: ["running", "traced"],
  // A tracer that goes away leaves a stopped group stopped.
  traced: ["running", "stopped"],
  zombie: ["dead"],
  dead: [],
};
