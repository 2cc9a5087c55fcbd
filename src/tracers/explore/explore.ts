/**
 * Exploring: the same run again and again, each time with another schedule, and nothing else different.
 * What comes of it? A number names a schedule: 0 is the plain order, odd numbers go by chance, even
 * ones by priorities that change at a few moments (PCT).
 *
 * Left out: any claim to have tried every schedule.
 */
import {
  ChancePolicy,
  FixedPolicy,
  PctPolicy,
  Prng,
  RecordingPolicy,
  type RunLength,
  type Schedule,
  type SchedulePolicy,
  type TaskProgress,
} from "#kernel";
import { fewDepartures } from "./few-departures.ts";
import { type Shrinking, shrinkSchedule } from "./shrink.ts";
import { tellingPolicy } from "./tell-schedule.ts";

/** One run under a policy; answers what came of it, in a word or two. */
export type RunUnder = (policy: SchedulePolicy) => string | Promise<string>;

/** Moments at which PCT changes its mind: the bugs that it finds need at most one more. */
const CHANGES_MAX = 4;

/** How often a shrinking may run. */
const SHRINK_RUNS_MAX = 400;

export interface Shrunk {
  readonly schedule: Schedule;
  /** What happens in it, a line each departure from the plain order. */
  readonly story: readonly string[];
  /** Departures before it was made short. */
  readonly from: number;
  readonly runs: number;
}

export class Explorer {
  readonly #run: RunUnder;
  #progress: ReadonlyMap<number, TaskProgress> | undefined;

  constructor(run: RunUnder) {
    this.#run = run;
  }

  /** What comes of schedule number `seed`. */
  async outcome(seed: number): Promise<string> {
    return this.#run(await this.#policy(seed));
  }

  /**
   * The shortest schedule found that comes to what schedule number `seed` comes to. Tells how many
   * departures it has, now and then.
   */
  async *shrink(seed: number): AsyncGenerator<number, Shrunk, void> {
    const recorder = new RecordingPolicy(await this.#policy(seed));
    const outcome = await this.#run(recorder);
    const candidates = shorter(recorder.schedule, await this.#plain(), new Prng(seed));
    let best: Schedule = recorder.schedule;
    let runs = 1;
    let step = candidates.next();
    while (step.done !== true && runs < SHRINK_RUNS_MAX) {
      const shows = (await this.#run(new FixedPolicy(step.value))) === outcome;
      if (shows) best = step.value;
      runs++;
      step = candidates.next(shows);
      yield best.length;
    }
    const schedule = step.done === true ? step.value : best;
    const story: string[] = [];
    await this.#run(tellingPolicy(schedule, story));
    return { schedule, story, from: recorder.schedule.length, runs };
  }

  async #policy(seed: number): Promise<SchedulePolicy> {
    if (seed === 0) return new FixedPolicy([]);
    const prng = new Prng(seed);
    if (seed % 2 === 1) return new ChancePolicy(prng);
    return new PctPolicy(prng, 1 + ((seed / 2) % CHANGES_MAX), lengthOf(await this.#plain()));
  }

  /** How far each task comes in the plain order. */
  async #plain(): Promise<ReadonlyMap<number, TaskProgress>> {
    if (this.#progress !== undefined) return this.#progress;
    const recorder = new RecordingPolicy(new FixedPolicy([]));
    await this.#run(recorder);
    this.#progress = recorder.progress;
    return this.#progress;
  }
}

function lengthOf(progress: ReadonlyMap<number, TaskProgress>): RunLength {
  const tasks = [...progress.values()];
  return {
    points: tasks.reduce((sum, each) => sum + each.points, 0),
    ranNs: tasks.reduce((sum, each) => sum + each.ranNs, 0),
  };
}

/** Another short schedule that shows the same is as good as a part of the long one. */
function* shorter(
  schedule: Schedule,
  plain: ReadonlyMap<number, TaskProgress>,
  prng: Prng,
): Shrinking {
  return yield* shrinkSchedule((yield* fewDepartures(plain, prng)) ?? schedule);
}
