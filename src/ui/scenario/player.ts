/**
 * Plays a scenario on a machine, a step at a time. It never judges by prose: a command is judged by
 * what the console printed, a prediction by the event log, an excerpt by the kernel tree.
 */
import type { KernelEvent, Schedule } from "#kernel";
import type { Diagnostic } from "../diagnostic.ts";
import type { Catalogue } from "../host/catalogue.ts";
import type { Bug, Command, Done, Op, SessionClient } from "../host/client.ts";
import { holds } from "./claim-pattern.ts";
import { consoleText, outputLines, trailingPrompt } from "./console-reader.ts";
import { matchesOutput } from "./match-output.ts";
import type { ConsoleBlock, ConsoleCommand, ExcerptBlock, Scenario } from "./scenario.ts";
import { type ScenarioResult, type Step, type StepResult, stepsOf } from "./steps.ts";

export interface PlayOptions {
  /** Instead of the front matter's. */
  readonly release?: string;
  readonly seed?: number;
  /** Instead of chance. */
  readonly schedule?: Schedule | undefined;
}

/** Called around each step: a live view follows the player with it. */
export interface PlayObserver {
  stepStarted?(step: Step, index: number): void;
  stepDone?(result: StepResult): void;
}

type Judgement = Pick<StepResult, "ok" | "message" | "actual" | "holding">;

/** Ends the playing: it is caught in `next` and becomes part of the result. */
class Stopped {
  readonly diagnostics: readonly Diagnostic[];
  readonly bug: Bug | undefined;
  constructor(diagnostics: readonly Diagnostic[], bug: Bug | undefined) {
    this.diagnostics = diagnostics;
    this.bug = bug;
  }
}

export class ScenarioPlayer {
  readonly scenario: Scenario;
  readonly steps: readonly Step[];
  readonly results: StepResult[] = [];
  readonly release: string;
  readonly seed: number;
  readonly #schedule: Schedule | undefined;
  readonly #client: SessionClient;
  readonly #catalogue: Catalogue;
  readonly #blockEvents: Map<ConsoleBlock, number> = new Map();
  #stopped: Stopped | undefined;
  #prompt = "";
  #logHash = "";
  /** The console has not been given back: whatever is typed now is not for the shell. */
  #endless = false;

  constructor(
    scenario: Scenario,
    client: SessionClient,
    catalogue: Catalogue,
    options: PlayOptions = {},
  ) {
    this.scenario = scenario;
    this.steps = stepsOf(scenario);
    this.release = options.release ?? scenario.front.release;
    this.seed = options.seed ?? scenario.front.seed;
    this.#schedule = options.schedule;
    this.#client = client;
    this.#catalogue = catalogue;
  }

  /** Boots the machine and runs it to its first prompt. False if that failed: see `result`. */
  async start(): Promise<boolean> {
    return this.#guard(async () => {
      const { release, seed } = this;
      const schedule = this.#schedule;
      await this.#command({ op: "boot", release, seed, ...(schedule && { schedule }) });
      await this.#command({ op: "run", until: "input" });
      this.#prompt = trailingPrompt(consoleText(this.#client.events));
    });
  }

  /** Plays the next step; undefined when there is none, or when a step ended the session. */
  async next(): Promise<StepResult | undefined> {
    const index = this.results.length;
    const step = this.steps[index];
    if (step === undefined || this.#stopped !== undefined) return undefined;
    const before = this.#client.events.length;
    const firstSeq = this.#endSeq();
    let judgement: Judgement = { ok: true };
    const alive = await this.#guard(async () => {
      judgement = await this.#play(step, before);
    });
    if (!alive) return undefined;
    const result = { step, index, firstSeq, endSeq: this.#endSeq(), ...judgement };
    this.results.push(result);
    return result;
  }

  /** Ends the session, so that the hash covers what the memory held at the end. */
  async finish(): Promise<ScenarioResult> {
    if (this.#stopped === undefined)
      await this.#guard(async () => {
        await this.#command({ op: "dispose" });
      });
    return this.result();
  }

  /** What is known so far. */
  result(): ScenarioResult {
    const { diagnostics = [], bug } = this.#stopped ?? {};
    const whole = this.results.length === this.steps.length;
    return {
      scenario: this.scenario,
      release: this.release,
      seed: this.seed,
      ok: whole && this.#stopped === undefined && this.results.every((result) => result.ok),
      results: this.results,
      logHash: this.#logHash,
      diagnostics,
      bug,
    };
  }

  #endSeq(): number {
    return (this.#client.events.at(-1)?.seq ?? -1) + 1;
  }

  async #guard(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.#stopped = error;
      return false;
    }
  }

  async #command<K extends Op>(command: Extract<Command, { readonly op: K }>): Promise<Done<K>> {
    const reply = await this.#client.command<K>(command);
    if (reply.kind === "bug") throw new Stopped([], reply);
    if (reply.kind === "refused") throw new Stopped(reply.diagnostics.map(this.#placed), undefined);
    this.#logHash = reply.logHash;
    return reply;
  }

  /** A mistake without a place, such as an unknown release, belongs to the front matter. */
  #placed = (d: Diagnostic): Diagnostic =>
    d.file !== "" || this.release !== this.scenario.front.release
      ? d
      : { ...d, file: this.scenario.file, line: this.scenario.front.releaseLine, column: 1 };

  async #play(step: Step, before: number): Promise<Judgement> {
    if (step.kind === "command") {
      if (!this.#blockEvents.has(step.block)) this.#blockEvents.set(step.block, before);
      return this.#playCommand(step.command, before);
    }
    if (step.kind === "file") {
      await this.#command({ op: "write", path: step.block.path, text: step.block.text });
      return { ok: true };
    }
    if (step.kind === "excerpt") return this.#playExcerpt(step.block);
    if (step.kind === "reveal") return this.#reveal(step);
    return { ok: true };
  }

  /** Types one line and answers what it printed. */
  async #type(line: string, before: number): Promise<readonly string[] | undefined> {
    if (this.#client.state.status === "halted") return undefined;
    await this.#command({ op: "type", text: `${line}\n` });
    const { answer } = await this.#command({ op: "run", until: "input" });
    this.#endless ||= answer.end === "limit";
    return outputLines(consoleText(this.#client.events.slice(before)), line, this.#prompt);
  }

  async #playCommand(command: ConsoleCommand, before: number): Promise<Judgement> {
    let actual: readonly string[] | undefined = [];
    let from = before;
    for (const line of command.text.split("\n")) {
      actual = await this.#type(line, from);
      from = this.#client.events.length;
    }
    if (actual === undefined)
      return { ok: false, message: "the machine has halted, so nothing can be typed" };
    if (this.#endless) return { ok: false, message: "the command does not come to an end" };
    const ok = matchesOutput(command.expected, actual);
    if (command.status === undefined) return { ok, actual };
    const [shown] = (await this.#type("echo $?", from)) ?? [];
    const same = shown === String(command.status);
    if (same) return { ok, actual };
    return { ok: false, actual, message: `exit status is ${shown}, not ${command.status}` };
  }

  #playExcerpt(block: ExcerptBlock): Judgement {
    const text = this.#excerpt(block);
    if (text === undefined) {
      const message = block.kind === "patch" ? `no patch ${block.name}` : `no source ${block.name}`;
      return { ok: false, message };
    }
    const actual = text.replace(/\n$/, "").split("\n");
    return { ok: matchesOutput(block.expected, actual), actual };
  }

  #excerpt(block: ExcerptBlock): string | undefined {
    if (block.kind === "patch") return this.#catalogue.patch(block.name);
    const image = this.#catalogue.load(block.release ?? this.#client.state.release);
    if ("message" in image) return undefined;
    const header = block.name.replace(/^include\//, "").replace(/\.ts$/, "");
    return image.sources[block.name] ?? image.headers[header];
  }

  #reveal(step: Extract<Step, { kind: "reveal" }>): Judgement {
    const events: readonly KernelEvent[] = this.#client.events.slice(
      this.#blockEvents.get(step.deciding) ?? 0,
    );
    const evidence = { events, output: consoleText(events) };
    const { choices, answer } = step.block;
    const holding = [...choices.keys()].filter((i) =>
      choices[i]?.when.every((pattern) => holds(pattern, evidence)),
    );
    if (holding.length === 1 && holding[0] === answer) return { ok: true, holding };
    const found =
      holding.length === 0 ? "no choice" : `choice ${holding.map((i) => i + 1).join(" and ")}`;
    return {
      ok: false,
      holding,
      message: `the answer is ${answer + 1}, but the run shows ${found}`,
    };
  }
}

/** Plays a whole scenario. */
export async function playScenario(
  scenario: Scenario,
  client: SessionClient,
  catalogue: Catalogue,
  options: PlayOptions = {},
  observer: PlayObserver = {},
): Promise<ScenarioResult> {
  const player = new ScenarioPlayer(scenario, client, catalogue, options);
  if (!(await player.start())) return player.finish();
  for (;;) {
    const index = player.results.length;
    const step = player.steps[index];
    if (step !== undefined) observer.stepStarted?.(step, index);
    const result = await player.next();
    if (result === undefined) return player.finish();
    observer.stepDone?.(result);
  }
}
