/**
 * `quicksand explore`: one tracer, or one scenario, in many schedules. Which outcomes are there, which
 * schedule first has each, and how little of that schedule is needed for it?
 */
import type { Command } from "commander";
import type { Delivery } from "#tracers";
import { type ExploreReport, exploreText, type FoundOutcome } from "../export/explore-text.ts";
import type { ExploreJob, ExploreTarget } from "../host/explore-job.ts";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { type JobRun, runJobs } from "./open-pool.ts";
import { CMDLINE_OPTION, CONFIG_OPTION, parseCount, parseJobs, TREE_OPTION } from "./options.ts";
import { findScenario, shippedScenarios } from "./scenario-files.ts";

interface ExploreOptions extends WhichRelease {
  readonly seeds: number;
  readonly delivery?: string;
  readonly jobs?: number;
  readonly json?: true;
  readonly cmdline?: string;
}

/** Schedules that one job tries, so that several workers have something to do and news comes often. */
const CHUNK = 16;

const DELIVERY_NAMES: readonly Delivery[] = ["installed", "rebuilt", "prebuilt", "forced"];

export function addExploreCommand(program: Command, context: CliContext): void {
  program
    .command("explore <tracer|scenario>")
    .summary("one tracer or scenario in many schedules")
    .description(
      "Runs a tracer (a shipped one's name, or a folder) or a scenario again and again, each time " +
        "with another schedule and nothing else different: who gets the processor, and when it is " +
        "taken away. Tells what came of it, and a short schedule for each outcome, which " +
        "`quicksand run --schedule` plays again. Schedule 0 is the plain order, odd ones go by " +
        "chance, even ones by priorities that change at a few moments (PCT).",
    )
    .option("--seeds <n>", "how many schedules", parseCount, 200)
    .option("--release <release>", "another release than the tracer's home, or the scenario's")
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option(...CMDLINE_OPTION)
    .option("--delivery <delivery>", `of the tracer: ${DELIVERY_NAMES.join(", ")}`)
    .option(
      "--jobs <n>",
      "so many at a time; as many as there are processors if not given",
      parseJobs,
    )
    .option("--json", "as JSON")
    .action(async (what: string, options: ExploreOptions) => {
      const { catalogue, release } = await openRelease(context.places, options);
      const target = await findTarget(what, release, options.delivery, context);
      if (target.kind === "lesson" && options.cmdline !== undefined)
        throw usageError("QS1132", "--cmdline is for a tracer");
      const report = await explore(
        target,
        what,
        { ...options, ...(release && { release }) },
        { catalogue, context },
      );
      if (report === undefined) return;
      if (options.json === true) context.terminal.out(JSON.stringify(report, null, 2));
      else for (const line of exploreText(report)) context.terminal.out(line);
    });
}

async function findTarget(
  what: string,
  release: string | undefined,
  delivery: string | undefined,
  { places }: CliContext,
): Promise<ExploreTarget> {
  const on = release === undefined ? {} : { release };
  const isScenario =
    what.endsWith(".md") ||
    shippedScenarios(places.scenarios).some(
      ({ name }) => name === what || name.slice(3) === what || name.slice(0, 2) === what,
    );
  if (!isScenario) {
    const known = DELIVERY_NAMES.find((each) => each === delivery);
    if (delivery !== undefined && known === undefined)
      throw usageError("QS1132", `"${delivery}" is no delivery`, DELIVERY_NAMES.join(", "));
    return { kind: "tracer", tracer: what, ...on, ...(known && { delivery: known }) };
  }
  if (delivery !== undefined) throw usageError("QS1132", "--delivery is for a tracer");
  const { readScenario } = await import("./run-scenarios.ts");
  return {
    kind: "lesson",
    scenario: readScenario(findScenario(what, places.scenarios).file),
    ...on,
  };
}

type Where = Pick<JobRun<"explore">, "catalogue" | "context">;

async function explore(
  target: ExploreTarget,
  name: string,
  { seeds: count, jobs: size, release, tree, cmdline }: ExploreOptions,
  where: Where,
): Promise<ExploreReport | undefined> {
  const options = { ...where, cmdline, ...(size === undefined ? {} : { size }) };
  const say = where.context.terminal.progress ?? (() => {});
  let done = 0;
  const tried = await runJobs("explore", chunksOf(target, count), {
    ...options,
    watch: {
      result: (_, outcomes) => {
        done += outcomes.length;
        say(`${done} of ${count} schedules`);
        return true;
      },
    },
  });
  if (tried === undefined) return undefined;
  const found = tally(tried.flatMap((outcomes) => outcomes ?? []));
  // The plain order needs no schedule to be told.
  const wanted = found.filter(({ first }) => first !== 0);
  const shrunk = await runJobs(
    "shrink",
    wanted.map(({ first }) => ({ target, seed: first })),
    { ...options, watch: { news: (_, news) => news.kind === "step" && say(news.doing) } },
  );
  if (shrunk === undefined) return undefined;
  const outcomes = found.map((each) => {
    const short = shrunk[wanted.indexOf(each)];
    return short === undefined ? each : { ...each, short };
  });
  const on = release === undefined ? {} : { release };
  const its = tree === undefined ? on : { tree };
  const booted = cmdline === undefined ? {} : { cmdline };
  return { name, kind: target.kind, schedules: count, ...its, ...booted, outcomes };
}

function chunksOf(target: ExploreTarget, count: number): readonly ExploreJob[] {
  const seeds = Array.from({ length: count }, (_, seed) => seed);
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_, at) => ({
    target,
    seeds: seeds.slice(at * CHUNK, (at + 1) * CHUNK),
  }));
}

/** Outcomes, the most frequent first. */
function tally(outcomes: readonly string[]): readonly FoundOutcome[] {
  const found = new Map<string, { outcome: string; count: number; first: number }>();
  for (const [seed, outcome] of outcomes.entries()) {
    const known = found.get(outcome);
    if (known === undefined) found.set(outcome, { outcome, count: 1, first: seed });
    else known.count++;
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
