/**
 * `quicksand list`: the scenarios, or the releases that can be booted.
 */
import type { Command } from "commander";
import { configNames, configSummary } from "#tracers";
import { parseFrontMatter } from "../scenario/front-matter.ts";
import type { CliContext } from "./context.ts";
import { openCatalogue } from "./open-client.ts";
import { readText, shippedScenarios } from "./scenario-files.ts";
import { openHistory } from "./tree-command.ts";

const CONFIG_WIDTH = 10;

interface ListOptions {
  readonly releases?: true;
  readonly json?: true;
}

export function addListCommand(program: Command, context: CliContext): void {
  program
    .command("list")
    .summary("list the scenarios, or the releases")
    .description("Lists the shipped scenarios with their questions, or the releases.")
    .option("--releases", "list the releases that can be booted")
    .option("--json", "as JSON")
    .action((options: ListOptions) => {
      if (options.releases === true) listReleases(options, context);
      else listScenarios(options, context);
    });
}

/** Names, minutes and questions. */
export function listScenarios(options: ListOptions, { places, terminal }: CliContext): void {
  const rows = shippedScenarios(places.scenarios).map(({ name, file }) => {
    const { front, diagnostics } = parseFrontMatter(readText(file), file);
    if (front === undefined) return { name, file, error: diagnostics[0]?.message };
    const { title, question, release, minutes } = front;
    return { name, file, title, question, release, minutes };
  });
  if (options.json === true) {
    terminal.out(JSON.stringify(rows, null, 2));
    return;
  }
  for (const row of rows) {
    terminal.out(row.title === undefined ? row.name : `${row.name}  (${row.minutes} min)`);
    terminal.out(`    ${row.title === undefined ? row.error : row.question}`);
  }
}

function listReleases(options: ListOptions, { places, terminal }: CliContext): void {
  const { releases } = openCatalogue(places);
  if (options.json === true) {
    terminal.out(JSON.stringify(releases, null, 2));
    return;
  }
  const width = Math.max(...releases.map((row) => row.release.length));
  for (const { release, branch, tag, patches } of releases)
    terminal.out(
      `${release.padEnd(width)}  ${branch}/${tag}, ${patches.length} patches since its parent`,
    );
  const { files } = openHistory(places).releases[0] ?? { files: {} };
  terminal.out("");
  terminal.out("any of them in another configuration, as --config NAME or RELEASE+NAME:");
  for (const name of configNames(files))
    terminal.out(`  ${name.padEnd(CONFIG_WIDTH)}  ${configSummary(files, name)}`);
}
