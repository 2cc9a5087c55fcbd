/** The TUI's driver around a real machine: watching changes nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../src/ui/scenario/parse.ts";
import { playScenario, ScenarioPlayer } from "../../../src/ui/scenario/player.ts";
import type { Scenario } from "../../../src/ui/scenario/scenario.ts";
import { SessionDriver } from "../../../src/ui/tui/session-driver.ts";
import { localClient, sessionCatalogue } from "../../support/session-clients.ts";

function read(name: string): Scenario {
  const { scenario } = parseScenario(readFileSync(`scenarios/${name}`, "utf8"), name);
  if (scenario === undefined) throw new Error(`${name} does not parse`);
  return scenario;
}

const SCENARIOS = readdirSync("scenarios").filter((name) => name.endsWith(".md"));

describe.each(SCENARIOS)("%s", (name) => {
  test("has the same history in the terminal UI as in a plain run", async () => {
    const scenario = read(name);
    const plain = await playScenario(scenario, localClient(), sessionCatalogue);
    const client = localClient();
    const player = new ScenarioPlayer(scenario, client, sessionCatalogue);
    const driver = new SessionDriver({
      title: name,
      client,
      player,
      release: player.release,
      seed: player.seed,
    });
    await driver.start();
    for (let page = 0; page < driver.pages.length; page++) {
      await driver.play(page);
      // A reader goes back to the page's beginning and to the newest event again.
      driver.index.at(driver.positionBefore(page));
      driver.index.at(driver.length);
    }
    const watched = await player.finish();
    driver.close();
    expect(watched.ok).toBe(true);
    expect(watched.logHash).toBe(plain.logHash);
  });
});
