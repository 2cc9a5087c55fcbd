import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { SessionClient } from "../../src/ui/host/client.ts";
import { openImages } from "../../src/ui/host/images.ts";
import { LocalClient } from "../../src/ui/host/local-client.ts";
import { moduleSources } from "../../src/ui/host/module-sources.ts";
import { sessionParts } from "../../src/ui/host/session-parts.ts";
import { WorkerClient } from "../../src/ui/host/worker-client.ts";
import { parseScenario } from "../../src/ui/scenario/parse.ts";
import { playScenario } from "../../src/ui/scenario/player.ts";
import { formatReport } from "../../src/ui/scenario/report.ts";
import type { Scenario } from "../../src/ui/scenario/scenario.ts";
import type { ScenarioResult } from "../../src/ui/scenario/steps.ts";

const IMAGES = "dist/images";
const TRACERS = "src/tracers";
const WORKER = "dist/worker.js";

const catalogue = openImages(IMAGES);

function read(name: string): Scenario {
  const { scenario, diagnostics } = parseScenario(
    readFileSync(join("scenarios", name), "utf8"),
    name,
  );
  expect(diagnostics).toEqual([]);
  return scenario as Scenario;
}

const inThisThread = (): SessionClient =>
  new LocalClient(sessionParts(catalogue, moduleSources(TRACERS)));

const inWorker = (): SessionClient =>
  new WorkerClient(pathToFileURL(WORKER), {
    imagesPath: IMAGES,
    tracersPath: TRACERS,
    guestsPath: resolve("programs/built"),
  });

async function play(scenario: Scenario, client: SessionClient): Promise<ScenarioResult> {
  const result = await playScenario(scenario, client, catalogue);
  expect(result.ok, formatReport(result).join("\n")).toBe(true);
  return result;
}

const SCENARIOS = readdirSync("scenarios").filter((name) => name.endsWith(".md"));

describe.each(SCENARIOS)("%s", (name) => {
  test("holds, and has the same history in the main thread and in a locked-down worker", async () => {
    expect(existsSync(WORKER)).toBe(true);
    const scenario = read(name);
    const here = await play(scenario, inThisThread());
    const there = await play(scenario, inWorker());
    expect(there.logHash, `seed ${here.seed}`).toBe(here.logHash);
  });
});
