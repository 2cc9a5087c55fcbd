/**
 * Schedules: who gets the processor, turn after turn, and what may end each turn early. A policy
 * decides; a schedule is what was decided, as its departures from the plain order, so that a short text
 * brings one interleaving back.
 *
 * The plain order: whoever has waited longest runs until it blocks or its slice is over.
 *
 * Left out: priorities as nice(2) has them; a policy sees who can run, and nothing of what they do.
 */
import { SLICE_MAX_NS, SLICE_MIN_NS } from "../hw/costs.ts";
import type { Prng } from "../lib/prng.ts";
import type { Task } from "./task.ts";

/** One turn of the processor. */
export interface Turn {
  /** Who: a place in the queue, 0 for the one that has waited longest. */
  readonly index: number;
  /** It loses the processor in user mode after so many virtual nanoseconds, */
  readonly sliceNs: number;
  /** or in kernel code at its so manieth preemption point. */
  readonly points: number;
}

/** What became of a turn. */
export interface TurnEnd {
  /** The limit that ended it; undefined when its task blocked, stopped or died. */
  readonly by: "slice" | "points" | undefined;
  readonly ranNs: number;
  /** Preemption points that it passed. */
  readonly points: number;
  /** The function of module or tree code that the task is in; "" in none. */
  readonly where: () => string;
}

export interface SchedulePolicy {
  /** Somebody can run, the longest waiting first: whose turn is it? */
  next(runnable: readonly Task[]): Turn;
  /** Told after each turn, with the task that had it. */
  over?(task: Task, end: TurnEnd): void;
}

/** More preemption points than any path passes. */
export const POINTS_MAX = 2 ** 31;

export const PLAIN_TURN: Turn = { index: 0, sliceNs: SLICE_MAX_NS, points: POINTS_MAX };

/** By chance one of this many preemption points is the turn's last. */
const CHANCE_POINTS_MAX = 48;

/** Everything by chance. */
export class ChancePolicy implements SchedulePolicy {
  readonly #prng: Prng;
  readonly #turn: { -readonly [K in keyof Turn]: Turn[K] } = { ...PLAIN_TURN };

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  next({ length }: readonly Task[]): Turn {
    const turn = this.#turn;
    turn.index = length === 1 ? 0 : this.#prng.below(length);
    turn.sliceNs = SLICE_MIN_NS + this.#prng.below(SLICE_MAX_NS - SLICE_MIN_NS);
    turn.points = 1 + this.#prng.below(CHANCE_POINTS_MAX);
    return turn;
  }
}

/** One departure from the plain order. Tasks are told by tid, and counted from their first turn on. */
export type Departure =
  /** Turn number `turn` of the machine, from 0, goes to another than the first of the queue. */
  | { readonly kind: "pick"; readonly turn: number; readonly index: number }
  /** The task loses the processor at its `at`th preemption point, */
  | { readonly kind: "point"; readonly tid: number; readonly at: number }
  /** or in user mode when it has had the processor for `at` virtual nanoseconds. */
  | { readonly kind: "slice"; readonly tid: number; readonly at: number };

/** In the order in which they took place. */
export type Schedule = readonly Departure[];

/** How far a task has come. */
export interface TaskProgress {
  readonly points: number;
  readonly ranNs: number;
}

/** What each task has used up of the processor. */
class ProgressBook {
  readonly tasks: Map<number, TaskProgress> = new Map();

  of(tid: number): TaskProgress {
    return this.tasks.get(tid) ?? { points: 0, ranNs: 0 };
  }

  add({ tid }: Task, { points, ranNs }: TurnEnd): TaskProgress {
    const before = this.of(tid);
    const after = { points: before.points + points, ranNs: before.ranNs + ranNs };
    this.tasks.set(tid, after);
    return after;
  }
}

/** Follows a schedule; where it has nothing to say, or names nobody, the plain order. */
export class FixedPolicy implements SchedulePolicy {
  readonly #picks: ReadonlyMap<number, number>;
  readonly #limits: Record<"point" | "slice", ReadonlyMap<number, readonly number[]>>;
  readonly #progress = new ProgressBook();
  #count = 0;

  constructor(schedule: Schedule) {
    this.#picks = new Map(
      schedule.flatMap((each) => (each.kind === "pick" ? [[each.turn, each.index]] : [])),
    );
    this.#limits = { point: limitsOf(schedule, "point"), slice: limitsOf(schedule, "slice") };
  }

  next(runnable: readonly Task[]): Turn {
    const picked = this.#picks.get(this.#count++) ?? 0;
    const index = picked < runnable.length ? picked : 0;
    const { tid } = runnable[index] as Task;
    const { points, ranNs } = this.#progress.of(tid);
    const left = (limits: readonly number[] | undefined, used: number): number =>
      (limits?.find((at) => at > used) ?? Number.POSITIVE_INFINITY) - used;
    return {
      index,
      points: Math.min(PLAIN_TURN.points, left(this.#limits.point.get(tid), points)),
      sliceNs: Math.min(PLAIN_TURN.sliceNs, left(this.#limits.slice.get(tid), ranNs)),
    };
  }

  over(task: Task, end: TurnEnd): void {
    this.#progress.add(task, end);
  }
}

/** Each task's limits of one kind, the first to be reached first. */
function limitsOf(
  schedule: Schedule,
  kind: "point" | "slice",
): ReadonlyMap<number, readonly number[]> {
  const limits = new Map<number, number[]>();
  for (const each of schedule)
    if (each.kind === kind) limits.set(each.tid, [...(limits.get(each.tid) ?? []), each.at]);
  for (const list of limits.values()) list.sort((a, b) => a - b);
  return limits;
}

/** Lets another policy decide, and writes down where that departed from the plain order. */
export class RecordingPolicy implements SchedulePolicy {
  readonly schedule: Departure[] = [];
  readonly #policy: SchedulePolicy;
  readonly #progress = new ProgressBook();
  #count = 0;
  #turn: Turn = PLAIN_TURN;

  constructor(policy: SchedulePolicy) {
    this.#policy = policy;
  }

  /** How far each task came, by tid. */
  get progress(): ReadonlyMap<number, TaskProgress> {
    return this.#progress.tasks;
  }

  next(runnable: readonly Task[]): Turn {
    this.#turn = this.#policy.next(runnable);
    const { index } = this.#turn;
    if (index !== 0) this.schedule.push({ kind: "pick", turn: this.#count, index });
    this.#count++;
    return this.#turn;
  }

  over(task: Task, end: TurnEnd): void {
    this.#policy.over?.(task, end);
    const { points, ranNs } = this.#progress.add(task, end);
    const { tid } = task;
    if (end.by === "points") this.schedule.push({ kind: "point", tid, at: points });
    else if (end.by === "slice" && this.#turn.sliceNs !== SLICE_MAX_NS) {
      // The limit, not what was used: a task is at the edge of user mode only now and then.
      const at = ranNs - end.ranNs + this.#turn.sliceNs;
      this.schedule.push({ kind: "slice", tid, at });
    }
  }
}

/** `31:+1`: turn 31 goes to the second in the queue; `5@812`: task 5, point 812; `5~9000`: after 9 us. */
export function formatSchedule(schedule: Schedule): string {
  return schedule
    .map((each) =>
      each.kind === "pick"
        ? `${each.turn}:+${each.index}`
        : `${each.tid}${each.kind === "point" ? "@" : "~"}${each.at}`,
    )
    .join(" ");
}

const DEPARTURE = /^(\d{1,9})(?::\+|([@~]))([1-9]\d{0,14})$/;

/** The schedule that a text tells, or the first word of it that tells nothing. */
export function parseSchedule(text: string): Schedule | { readonly word: string } {
  const schedule: Departure[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const match = DEPARTURE.exec(word);
    if (match === null) return { word };
    const [who, at] = [Number(match[1]), Number(match[3])];
    if (match[2] === undefined) schedule.push({ kind: "pick", turn: who, index: at });
    else schedule.push({ kind: match[2] === "@" ? "point" : "slice", tid: who, at });
  }
  return schedule;
}
