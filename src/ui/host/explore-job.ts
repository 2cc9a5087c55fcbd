/**
 * Exploring in a worker: a tracer, or a lesson, in one schedule after another; and the search for the
 * shortest schedule that shows the same.
 */
import { DELIVERIES, type Delivery, Explorer, homeOf, runCell, type Shrunk } from "#tracers";
import { lessonOutcome } from "../scenario/lesson-outcome.ts";
import { playScenario } from "../scenario/player.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Step } from "./job-step.ts";
import { LocalClient } from "./local-client.ts";
import { sessionParts } from "./session-parts.ts";
import { openTracer } from "./tracer-job.ts";
import type { Workshop } from "./workshop.ts";

/** What is run again and again. */
export type ExploreTarget =
  | {
      readonly kind: "tracer";
      /** A shipped tracer's name, or a folder. */
      readonly tracer: string;
      /** The tracer's home if it is not given. */
      readonly release?: string;
      /** The first that its house has if it is not given. */
      readonly delivery?: Delivery;
    }
  | { readonly kind: "lesson"; readonly scenario: Scenario; readonly release?: string };

export interface ExploreJob {
  readonly target: ExploreTarget;
  /** Numbers of schedules. */
  readonly seeds: readonly number[];
}

export interface ShrinkJob {
  readonly target: ExploreTarget;
  readonly seed: number;
}

interface Opened {
  readonly explorer: Explorer;
  readonly step: (doing: string) => Step;
}

/** What came of each schedule, in their order. */
export async function* exploreSchedules(
  { target, seeds }: ExploreJob,
  workshop: Workshop,
): AsyncGenerator<Step, readonly string[], void> {
  const { explorer, step } = yield* open(target, workshop);
  const outcomes: string[] = [];
  for (const seed of seeds) {
    yield step(`schedule ${seed}`);
    outcomes.push(await explorer.outcome(seed));
  }
  return outcomes;
}

export async function* shrinkFound(
  { target, seed }: ShrinkJob,
  workshop: Workshop,
): AsyncGenerator<Step, Shrunk, void> {
  const { explorer, step } = yield* open(target, workshop);
  const search = explorer.shrink(seed);
  for (;;) {
    const next = await search.next();
    if (next.done === true) return next.value;
    yield step(`schedule ${seed} made short, ${next.value} departures`);
  }
}

function* open(target: ExploreTarget, workshop: Workshop): Generator<Step, Opened, void> {
  return target.kind === "tracer"
    ? yield* openTracerRuns(target, workshop)
    : openLessonRuns(target, workshop);
}

function* openTracerRuns(
  target: Extract<ExploreTarget, { kind: "tracer" }>,
  workshop: Workshop,
): Generator<Step, Opened, void> {
  const { found, image } = yield* openTracer(target, workshop);
  const { tracer } = found;
  const delivery = target.delivery ?? (DELIVERIES[tracer.declaration.house][0] as Delivery);
  const { matrix } = workshop;
  const home = homeOf(matrix, tracer, image);
  return {
    explorer: new Explorer(
      (policy) => runCell({ ...matrix, policy }, tracer, delivery, image, home).verdict,
    ),
    step: (doing) =>
      workshop.step(found, `${tracer.declaration.name} on ${image.release}, ${doing}`),
  };
}

function openLessonRuns(
  { scenario, release }: Extract<ExploreTarget, { kind: "lesson" }>,
  { catalogue, sessionFiles }: Workshop,
): Opened {
  const parts = sessionParts(catalogue, sessionFiles);
  return {
    explorer: new Explorer(async (policy) => {
      const client = new LocalClient({ ...parts, policy });
      const on = release === undefined ? {} : { release };
      return lessonOutcome(await playScenario(scenario, client, catalogue, on));
    }),
    step: (doing) => ({ kind: "step", doing: `${scenario.front.title}, ${doing}` }),
  };
}
