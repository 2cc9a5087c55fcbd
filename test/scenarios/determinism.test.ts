/** The same inputs make the same history, wherever it runs; another seed, or another byte, another. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../src/ui/scenario/parse.ts";
import { playScenario } from "../../src/ui/scenario/player.ts";
import type { Scenario } from "../../src/ui/scenario/scenario.ts";
import { localClient, sessionCatalogue, workerClient } from "../support/session-clients.ts";
import { ShellSession } from "../support/shell-session.ts";

/** Two writers, and whoever comes first. */
function race(seed: number): Scenario {
  const text = `---
title: A race
question: Who comes first?
release: v2.6.32
seed: ${seed}
minutes: 1
---

# A race

\`\`\`file /root/race
echo left >> /tmp/out &
echo right >> /tmp/out &
wait
\`\`\`

\`\`\`console
# sh race; head -n 1 /tmp/out
right
\`\`\`
`;
  const { scenario, diagnostics } = parseScenario(text, "race.md");
  expect(diagnostics).toEqual([]);
  return scenario as Scenario;
}

describe("a scenario that races on purpose", () => {
  test("has both outcomes over 100 seeds, and one of them for each seed", async () => {
    const outcomes = new Set<boolean>();
    for (let seed = 1; seed <= 100; seed++) {
      outcomes.add((await playScenario(race(seed), localClient(), sessionCatalogue)).ok);
    }
    expect(outcomes).toEqual(new Set([true, false]));
  });

  test("has the same history in this thread and in a worker", async () => {
    for (const seed of [1, 2, 3]) {
      const there = workerClient();
      const local = await playScenario(race(seed), localClient(), sessionCatalogue);
      const worker = await playScenario(race(seed), there, sessionCatalogue);
      expect(worker.logHash, `seed ${seed}`).toBe(local.logHash);
    }
  });
});

test("two processes of the host make the same history", async () => {
  const run = async (): Promise<string> =>
    (
      await promisify(execFile)(process.execPath, [
        "dist/cli.js",
        "run",
        "01-trace-a-call",
        "--json",
      ])
    ).stdout;
  const [first, second] = await Promise.all([run(), run()]);
  expect(first).toContain('"logHash"');
  expect(second).toBe(first);
});

describe("the hash", () => {
  /** A shell that has run one line; the line is all that differs. */
  function hashAfter(line: string): string {
    const session = new ShellSession();
    session.run(line);
    return session.machine.hash();
  }

  test("covers the arguments of system calls", () => {
    expect(hashAfter("cd /tmp")).toBe(hashAfter("cd /tmp"));
    expect(hashAfter("kill -0 1")).not.toBe(hashAfter("kill -0 2"));
  });

  test("covers the memory that processes leave, though no call shows it", () => {
    const digest = (byte: number): string => {
      const session = new ShellSession();
      const shell = [...session.machine.kernel.tasks.values()].find((task) => task.comm === "sh");
      const at = shell?.mm?.regions.find((region) => region.name === "[stack]");
      if (shell?.mm === undefined || at === undefined) throw new Error("no shell");
      shell.mm.poke(at.end - 4096, new Uint8Array([byte]));
      return session.machine.hash();
    };
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });
});
