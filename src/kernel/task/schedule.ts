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

/** Departures from the plain order, by the number of the turn, counted from 0. */
export type Schedule = ReadonlyMap<number, Turn>;

/** Follows a schedule; where it has nothing to say, or names nobody, the plain order. */
export class FixedPolicy implements SchedulePolicy {
  readonly #schedule: Schedule;
  #count = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  next({ length }: readonly Task[]): Turn {
    const turn = this.#schedule.get(this.#count++) ?? PLAIN_TURN;
    return turn.index < length ? turn : { ...turn, index: 0 };
  }
}

/** Lets another policy decide, and writes down what it decided as far as that mattered. */
export class RecordingPolicy implements SchedulePolicy {
  readonly schedule: Map<number, Turn> = new Map();
  readonly #policy: SchedulePolicy;
  #count = 0;
  #turn: Turn = PLAIN_TURN;

  constructor(policy: SchedulePolicy) {
    this.#policy = policy;
  }

  next(runnable: readonly Task[]): Turn {
    this.#turn = this.#policy.next(runnable);
    if (this.#turn.index !== 0) this.#note({ ...PLAIN_TURN, index: this.#turn.index });
    this.#count++;
    return this.#turn;
  }

  over(task: Task, end: TurnEnd): void {
    this.#policy.over?.(task, end);
    const { index, sliceNs, points } = this.#turn;
    this.#count--;
    if (end.by === "points") this.#note({ ...PLAIN_TURN, index, points });
    else if (end.by === "slice" && sliceNs !== SLICE_MAX_NS)
      this.#note({ ...PLAIN_TURN, index, sliceNs });
    this.#count++;
  }

  #note(turn: Turn): void {
    this.schedule.set(this.#count, turn);
  }
}

/** `31:+1` turn 31 goes to the second in the queue; `@5` ends at the fifth point, `~900` after 900 ns. */
export function formatSchedule(schedule: Schedule): string {
  return [...schedule]
    .map(([at, { index, sliceNs, points }]) => {
      const who = index === 0 ? "" : `+${index}`;
      const last = points === POINTS_MAX ? "" : `@${points}`;
      const slice = sliceNs === SLICE_MAX_NS ? "" : `~${sliceNs}`;
      return `${at}:${who}${last}${slice}`;
    })
    .join(" ");
}

const TURN = /^(\d+):(?:\+(\d+))?(?:@(\d+))?(?:~(\d+))?$/;

/** The schedule that a text tells, or the first word that tells nothing. */
export function parseSchedule(text: string): Schedule | { readonly word: string } {
  const schedule = new Map<number, Turn>();
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const [, at, index, points, sliceNs] = TURN.exec(word) ?? [];
    if (at === undefined || schedule.has(Number(at)) || word.endsWith(":")) return { word };
    schedule.set(Number(at), {
      index: Number(index ?? 0),
      points: Math.max(1, Number(points ?? POINTS_MAX)),
      sliceNs: Math.max(1, Number(sliceNs ?? SLICE_MAX_NS)),
    });
  }
  return schedule;
}
