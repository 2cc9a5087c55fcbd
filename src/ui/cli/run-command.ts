/**
 * `quicksand run`: plays scenarios and says whether what they claim is so.
 */
import type { Command } from "commander";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit-code.ts";
import { CMDLINE_OPTION, CONFIG_OPTION, parseScheduleOption, parseSeed } from "./options.ts";
import type { RunOptions } from "./run-scenarios.ts";

interface TracerOption {
  readonly tracer?: string;
  readonly tree?: string;
  readonly config?: string;
  readonly cmdline?: string;
}

export function addRunCommand(program: Command, context: CliContext): void {
  program
    .command("run [scenario...]")
    .summary("play scenarios and check what they show")
    .description(
      "Plays scenarios, given by name or file (all shipped ones if none is given), and checks " +
        "every output, prediction and excerpt. Exit status: 0 all hold, 1 one does not, 2 a " +
        "scenario is malformed.",
    )
    .option("--json", "one JSON object a scenario, with logHash")
    .option("--seed <n>", "another seed than the scenario's", parseSeed)
    .option("--release <release>", "another release than the scenario's")
    .option(...CONFIG_OPTION)
    .option("--tree <dir>", "with --tracer: on a tree of your own instead of a release")
    .option(...CMDLINE_OPTION)
    .option(
      "--schedule <schedule>",
      "who runs when, as quicksand explore prints it",
      parseScheduleOption,
    )
    .option("--update", "write what the run shows into the scenario's file")
    .option("-v, --verbose", "show every step, not only the first that fails")
    .option("--events <file>", "write the event log as JSON lines (docs/event-schema.json)")
    .option("--tracer <folder>", "run a tracer (a folder, or a shipped one's name) instead")
    .action(async (names: readonly string[], options: RunOptions & TracerOption) => {
      if (options.tracer !== undefined) {
        const { runTracer } = await import("./run-tracer.ts");
        return runTracer(options.tracer, options, context);
      }
      if (options.tree !== undefined)
        throw usageError("QS1130", "--tree is for --tracer: a scenario names its release");
      if (options.cmdline !== undefined) {
        const hint = "a scenario writes /etc/default/grub and reboots";
        throw usageError("QS1130", "--cmdline is for --tracer", hint);
      }
      const { runScenarios } = await import("./run-scenarios.ts");
      await runScenarios(names, options, context);
    });
}
