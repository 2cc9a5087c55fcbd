/**
 * Who runs next. One processor, one queue; which of the runnable tasks gets it, for how long, and
 * after how many preemption points it can lose it, is for a policy to say: by chance, from the
 * machine's seed, unless it was booted with another.
 *
 * Source for what counts as a preemption point: Documentation/locking/preempt-locking.rst.
 * Left out: priorities, fairness beyond the policy's, several processors.
 */
import { PLAIN_TURN, type SchedulePolicy, type Turn, type TurnEnd } from "./schedule.ts";
import type { Task } from "./task.ts";

export class Scheduler {
  /** The turn in progress. */
  turn: Turn = PLAIN_TURN;
  /** The limit that has ended it. */
  #endedBy: TurnEnd["by"];
  readonly #runnable: Task[] = [];
  readonly #policy: SchedulePolicy;

  constructor(policy: SchedulePolicy) {
    this.#policy = policy;
  }

  get count(): number {
    return this.#runnable.length;
  }

  enqueue(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    this.#runnable.push(task);
  }

  /** A limit of its turn has taken the processor from a task that would go on. */
  preempt(task: Task, by: "slice" | "points"): void {
    this.#endedBy = by;
    task.involuntarySwitches++;
    this.enqueue(task);
  }

  /** Begins a turn and takes its task out of the queue, or undefined when nobody can run. */
  take(): Task | undefined {
    const queue = this.#runnable;
    if (queue.length === 0) return undefined;
    this.turn = this.#policy.next(queue);
    this.#endedBy = undefined;
    const { index } = this.turn;
    const task = queue[index] as Task;
    if (index === 0) queue.shift();
    else queue.splice(index, 1);
    task.queued = false;
    return task;
  }

  /** The turn is over; `pointsLeft` of its points were not used, and the task is in `where`. */
  finish(task: Task, ranNs: number, pointsLeft: number, where: () => string): void {
    const points = this.turn.points - pointsLeft;
    this.#policy.over?.(task, { by: this.#endedBy, ranNs, points, where });
  }
}
