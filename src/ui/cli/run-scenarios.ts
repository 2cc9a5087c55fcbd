/**
 * The work of `quicksand run`. Loaded when it is wanted: the Markdown parser takes its time.
 */
import type { Schedule } from "#kernel";
import type { Catalogue } from "../host/catalogue.ts";
import { parseScenario } from "../scenario/parse.ts";
import { type PlayObserver, playScenario } from "../scenario/player.ts";
import { formatReport, showControls } from "../scenario/report.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { ScenarioResult, StepResult } from "../scenario/steps.ts";
import { updateScenario } from "../scenario/update.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT, type ExitCode } from "./exit-code.ts";
import { openClient, openRelease } from "./open-client.ts";
import { findScenario, readText, shippedScenarios } from "./scenario-files.ts";
import { writeFileWhole } from "./write-file.ts";

export interface RunOptions {
  readonly json?: true;
  readonly seed?: number;
  readonly release?: string;
  readonly config?: string;
  readonly schedule?: Schedule;
  readonly update?: true;
  readonly verbose?: true;
  readonly events?: string;
}

export async function runScenarios(
  names: readonly string[],
  options: RunOptions,
  context: CliContext,
): Promise<void> {
  const { places, terminal } = context;
  const files =
    names.length === 0
      ? shippedScenarios(places.scenarios)
      : names.map((name) => findScenario(name, places.scenarios));
  // All are read before one is played: a typo is told at once.
  const scenarios = files.map(({ file }) => readScenario(file));
  let worst: ExitCode = EXIT.ok;
  for (const scenario of scenarios) {
    if (options.json !== true) terminal.out(`play ${scenario.front.title}`);
    const wanted = options.release ?? scenario.front.release;
    const { catalogue, release } = await openRelease(places, { ...options, release: wanted });
    const result = await runOne(scenario, catalogue, overruled(options, release), context);
    const code = exitCodeOf(result);
    if (code > worst) worst = code;
  }
  context.exit(worst);
}

/** A scenario's own release is not overruled by itself: a mistake in it has a line. */
const overruled = (options: RunOptions, release: string | undefined): RunOptions =>
  release === undefined || (options.release ?? options.config) === undefined
    ? options
    : { ...options, release };

export function readScenario(file: string): Scenario {
  const { scenario, diagnostics } = parseScenario(readText(file), file);
  if (scenario === undefined) throw new AuthorError(...diagnostics);
  return scenario;
}

function exitCodeOf(result: ScenarioResult): ExitCode {
  if (result.bug !== undefined) return EXIT.bug;
  if (result.diagnostics.length > 0) return EXIT.usage;
  return result.ok ? EXIT.ok : EXIT.failed;
}

async function runOne(
  scenario: Scenario,
  catalogue: Catalogue,
  options: RunOptions,
  context: CliContext,
): Promise<ScenarioResult> {
  const { terminal } = context;
  const client = await openClient(context.places, catalogue);
  const observer: PlayObserver =
    options.verbose === true && options.json !== true
      ? {
          stepDone: (step) => void transcript(step).map((line) => terminal.out(showControls(line))),
        }
      : {};
  const result = await playScenario(scenario, client, catalogue, options, observer);
  if (options.events !== undefined) {
    const { eventLines } = await import("../export/event-schema.ts");
    writeFileWhole(options.events, eventLines(client.events, result));
  }
  if (options.json === true) terminal.out(JSON.stringify(toJson(result)));
  else for (const line of formatReport(result)) terminal.out(line);
  if (result.bug !== undefined) context.reportBug(result.bug);
  else if (options.update === true) update(result, context);
  return result;
}

function update(result: ScenarioResult, context: CliContext): void {
  const { scenario, results } = result;
  const text = updateScenario(scenario, results);
  if (text === scenario.text) return;
  writeFileWhole(scenario.file, text);
  context.terminal.out(`updated ${scenario.file}`);
}

/** One step as a person at the terminal would have seen it. */
function transcript(result: StepResult): readonly string[] {
  const { step } = result;
  if (step.kind === "read") return ["", step.block.markdown, ""];
  if (step.kind === "command")
    return [`${step.command.prompt} ${step.command.text}`, ...(result.actual ?? [])];
  if (step.kind === "ask") {
    const choices = step.block.choices.map((choice, i) => `  ${i + 1}. ${choice.says}`);
    return ["", `? ${step.block.question}`, ...choices];
  }
  if (step.kind === "reveal") return [`! ${step.block.choices[step.block.answer]?.says}`, ""];
  if (step.kind === "file") return [`(writes ${step.block.path})`];
  return result.actual ?? [];
}

function toJson(result: ScenarioResult): Readonly<Record<string, unknown>> {
  const { scenario, release, seed, ok, logHash, diagnostics, bug } = result;
  const steps = result.results
    .filter((step) => step.step.kind !== "read")
    .map(({ step, ok: passed, message, actual, holding, firstSeq, endSeq }) => ({
      kind: step.kind,
      line: step.kind === "command" ? step.command.line : step.block.lines.start,
      ...(step.kind === "command" ? { command: step.command.text } : {}),
      ok: passed,
      firstSeq,
      endSeq,
      ...(message === undefined ? {} : { message }),
      ...(actual === undefined ? {} : { output: actual }),
      ...(holding === undefined ? {} : { holding: holding.map((i) => i + 1) }),
    }));
  const { file, front } = scenario;
  const failure = bug === undefined ? {} : { bug: bug.message };
  return { file, title: front.title, release, seed, ok, logHash, diagnostics, ...failure, steps };
}
