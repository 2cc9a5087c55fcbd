/** What exploring found, as text. */
import { formatSchedule } from "#kernel";
import type { Shrunk } from "#tracers";

export interface FoundOutcome {
  readonly outcome: string;
  readonly count: number;
  /** The number of the first schedule that had it. */
  readonly first: number;
  /** For every outcome but the plain order's. */
  readonly short?: Shrunk;
}

export interface ExploreReport {
  /** As it was given: a tracer's or a scenario's. */
  readonly name: string;
  readonly kind: "tracer" | "lesson";
  readonly release?: string;
  readonly tree?: string;
  /** What was added to the kernel's command line. */
  readonly cmdline?: string;
  readonly schedules: number;
  readonly outcomes: readonly FoundOutcome[];
}

export function exploreText(report: ExploreReport): readonly string[] {
  const { name, schedules, release, outcomes } = report;
  const on = release === undefined ? "" : ` on ${release}`;
  const width = Math.max(...outcomes.map(({ outcome }) => outcome.length));
  return [
    `${name}${on}: ${schedules} ${schedules === 1 ? "schedule" : "schedules"}`,
    ...outcomes.map(
      ({ outcome, count, first }) =>
        `  ${outcome.padEnd(width)}  ${String(count).padStart(6)}   first in schedule ${first}`,
    ),
    ...outcomes.flatMap((each) => shortText(each, report)),
  ];
}

function shortText(
  { outcome, first, short }: FoundOutcome,
  report: ExploreReport,
): readonly string[] {
  if (short === undefined) return [];
  const { schedule, story, from, runs } = short;
  const departures = `${schedule.length} ${schedule.length === 1 ? "departure" : "departures"}`;
  const needs =
    schedule.length === 0
      ? "comes in the plain order too"
      : `${departures} from the plain order (schedule ${first} has ${from}; ${runs} runs)`;
  return [
    "",
    `${outcome}: ${needs}`,
    ...story.map((line) => `  ${line}`),
    `  ${replayCommand(report, formatSchedule(schedule))}`,
  ];
}

function replayCommand(
  { name, kind, release, tree, cmdline }: ExploreReport,
  schedule: string,
): string {
  const what = kind === "tracer" ? `--tracer ${name}` : name;
  const on = release === undefined ? "" : ` --release ${release}`;
  const its = tree === undefined ? on : ` --tree ${tree}`;
  const booted = cmdline === undefined ? "" : ` --cmdline '${cmdline}'`;
  return `quicksand run ${what}${its}${booted} --schedule "${schedule}"`;
}
