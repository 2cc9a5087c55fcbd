import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SessionClient } from "../../src/ui/host/client.ts";
import { parseScenario } from "../../src/ui/scenario/parse.ts";
import { playScenario } from "../../src/ui/scenario/player.ts";
import { formatReport } from "../../src/ui/scenario/report.ts";
import type { Scenario } from "../../src/ui/scenario/scenario.ts";
import type { ScenarioResult } from "../../src/ui/scenario/steps.ts";
import { localClient, sessionCatalogue, WORKER, workerClient } from "../support/session-clients.ts";

function read(name: string): Scenario {
  const { scenario, diagnostics } = parseScenario(
    readFileSync(join("scenarios", name), "utf8"),
    name,
  );
  expect(diagnostics).toEqual([]);
  return scenario as Scenario;
}

async function play(scenario: Scenario, client: SessionClient): Promise<ScenarioResult> {
  const result = await playScenario(scenario, client, sessionCatalogue);
  expect(result.ok, formatReport(result).join("\n")).toBe(true);
  return result;
}

const SCENARIOS = readdirSync("scenarios").filter((name) => name.endsWith(".md"));

describe.each(SCENARIOS)("%s", (name) => {
  test("holds, and has the same history in the main thread and in a locked-down worker", async () => {
    expect(existsSync(WORKER)).toBe(true);
    const scenario = read(name);
    const here = await play(scenario, localClient());
    const there = await play(scenario, workerClient());
    expect(there.logHash, `seed ${here.seed}`).toBe(here.logHash);
  });
});
