/**
 * `quicksand` alone, in a terminal: the TUI, which is handed the scenarios and a way to open them.
 */
import type { Catalogue } from "../host/catalogue.ts";
import { parseFrontMatter } from "../scenario/front-matter.ts";
import { parseScenario } from "../scenario/parse.ts";
import { ScenarioPlayer } from "../scenario/player.ts";
import { type OpenedSession, openTui, type ScenarioSummary } from "../tui/index.ts";
import type { CliContext } from "./context.ts";
import { AuthorError } from "./exit-code.ts";
import { openCatalogue, openClient } from "./open-client.ts";
import type { Places } from "./places.ts";
import { findScenario, readText, shippedScenarios } from "./scenario-files.ts";

const SHELL_SEED = 1;

function summaries(folder: string): readonly ScenarioSummary[] {
  return shippedScenarios(folder).flatMap(({ name, file }) => {
    const { front } = parseFrontMatter(readText(file), file);
    if (front === undefined) return [];
    const { title, question, minutes, release } = front;
    return [{ name, title, question, minutes, release }];
  });
}

async function openSession(
  name: string | undefined,
  places: Places,
  catalogue: Catalogue,
): Promise<OpenedSession> {
  if (name === undefined) {
    const client = await openClient(places, catalogue);
    return { title: "Free shell", client, release: catalogue.defaultRelease, seed: SHELL_SEED };
  }
  const { file } = findScenario(name, places.scenarios);
  const { scenario, diagnostics } = parseScenario(readText(file), file);
  if (scenario === undefined) throw new AuthorError(...diagnostics);
  const client = await openClient(places, catalogue);
  const player = new ScenarioPlayer(scenario, client, catalogue);
  const { release, seed } = player;
  return { title: scenario.front.title, client, player, release, seed };
}

/** Runs the TUI to its end. `name` opens that scenario first. */
export async function runTui(context: CliContext, name?: string): Promise<void> {
  const { places } = context;
  const catalogue = openCatalogue(places);
  if (name !== undefined) findScenario(name, places.scenarios);
  process.exitCode = await openTui({
    scenarios: summaries(places.scenarios),
    shellRelease: catalogue.defaultRelease,
    openSession: async (wanted) => {
      try {
        return await openSession(wanted, places, catalogue);
      } catch (error) {
        if (error instanceof AuthorError) return error.message;
        throw error;
      }
    },
    ...(name === undefined ? {} : { open: name }),
  });
  // A worker or a key listener may still hold the process up.
  process.exit();
}
