#!/usr/bin/env node
/**
 * The `quicksand` command. Each subcommand is described in its own file; this one puts them together
 * and sees to it that nobody ever meets a host stack trace.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { formatDiagnostic } from "../diagnostic.ts";
import { suggestName } from "../near-names.ts";
import type { CliContext } from "./context.ts";
import { addExecCommand } from "./exec-command.ts";
import { AuthorError, EXIT, usageError } from "./exit-code.ts";
import { addExploreCommand } from "./explore-command.ts";
import { addHistoryCommands } from "./history-command.ts";
import { addKbuildCommand } from "./kbuild-command.ts";
import { addListCommand, listScenarios } from "./list-command.ts";
import { addMatrixCommand } from "./matrix-command.ts";
import { addNewCommand } from "./new-command.ts";
import { findPlaces } from "./places.ts";
import { addRunCommand } from "./run-command.ts";
import { addShellCommand } from "./shell-command.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { addTreeCommand } from "./tree-command.ts";
import { addWhyCommand } from "./why-command.ts";

function makeContext(terminal: Terminal): CliContext {
  return {
    places: findPlaces(),
    terminal,
    exit: (code) => {
      process.exitCode = code;
    },
    reportBug: ({ message, stack, seed }) => {
      const where = seed === undefined ? "" : ` (seed ${seed})`;
      terminal.err(`quicksand: this is our bug, please report it: ${message}${where}`);
      if (process.env["QUICKSAND_DEBUG"] && stack !== undefined) terminal.err(stack);
      else terminal.err("QUICKSAND_DEBUG=1 shows where it happened");
    },
  };
}

const packageVersion = (root: string): string =>
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;

function makeProgram(context: CliContext): Command {
  const program = new Command("quicksand")
    .description(
      "A small deterministic Linux-like kernel, in which you can see why a kernel promises its " +
        "system calls and nothing else. Without a command: the terminal UI, or, without a " +
        "terminal, the list of scenarios.",
    )
    .version(packageVersion(context.places.root), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .showHelpAfterError("(quicksand --help shows what there is)")
    .exitOverride()
    .enablePositionalOptions()
    .allowExcessArguments()
    .action(async () => {
      refuseUnknownCommand(program);
      if (!context.terminal.isInteractive) return listScenarios({}, context);
      const { runTui } = await import("./tui-command.ts");
      return runTui(context);
    });
  addRunCommand(program, context);
  addListCommand(program, context);
  addShellCommand(program, context);
  addExecCommand(program, context);
  addKbuildCommand(program, context);
  addMatrixCommand(program, context);
  addWhyCommand(program, context);
  addNewCommand(program, context);
  addExploreCommand(program, context);
  addHistoryCommands(program, context);
  addTreeCommand(program, context);
  program.commands.forEach(refuseExcessWords);
  return program;
}

/** A word too many is a mistake, and nothing to pass over. Commands inherit that the program allows it. */
function refuseExcessWords(command: Command): void {
  command.allowExcessArguments(false);
  command.commands.forEach(refuseExcessWords);
}

/** Commander takes a word that is no command for an argument, since running without one is allowed. */
function refuseUnknownCommand(program: Command): void {
  const [word] = program.args;
  if (word === undefined) return;
  const names = program.commands.map((command) => command.name());
  throw usageError("QS1100", `there is no command "${word}"`, suggestName(word, names));
}

/** What a command threw, told in words. */
function report(error: unknown, context: CliContext): void {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version are no errors.
    context.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  } else if (error instanceof AuthorError) {
    for (const diagnostic of error.diagnostics) context.terminal.err(formatDiagnostic(diagnostic));
    context.exit(EXIT.usage);
  } else {
    const known = error instanceof Error ? error : new Error(String(error));
    context.reportBug({ message: known.message, ...(known.stack ? { stack: known.stack } : {}) });
    context.exit(EXIT.bug);
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const context = makeContext(processTerminal());
  process.on("uncaughtException", (error) => {
    report(error, context);
    process.exit();
  });
  try {
    await makeProgram(context).parseAsync([...argv]);
  } catch (error) {
    report(error, context);
  }
}

await main(process.argv);
