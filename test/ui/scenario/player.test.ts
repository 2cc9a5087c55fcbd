import { expect, test } from "vitest";
import type { Catalogue } from "../../../src/ui/host/catalogue.ts";
import type { RunEnd } from "../../../src/ui/host/client.ts";
import { parseScenario } from "../../../src/ui/scenario/parse.ts";
import { playScenario } from "../../../src/ui/scenario/player.ts";
import { formatReport } from "../../../src/ui/scenario/report.ts";
import type { ScenarioResult } from "../../../src/ui/scenario/steps.ts";
import { updateScenario } from "../../../src/ui/scenario/update.ts";
import { FakeClient, type FakeShell } from "../fake-client.ts";

const CATALOGUE: Catalogue = {
  releases: [],
  builder: "",
  identity: "",
  ownImages: [],
  defaultRelease: "v1",
  load: () => ({ code: "QS1101", message: "none", file: "", line: 0, column: 0 }),
  patch: (number) => (number === "0001" ? "Subject: one\n\n-a\n+b\n" : undefined),
  patchNumbers: ["0001"],
};

const shell: FakeShell = (line) => {
  if (line === "echo $?") return "1\n";
  if (line === "crash")
    return { events: [{ kind: "oops", text: "boom", function: "f", owner: "m" }] };
  return `${line} says hello\n`;
};

async function play(body: string, release = "v1", end: RunEnd = "input"): Promise<ScenarioResult> {
  const text = `---\ntitle: T\nquestion: Q?\nrelease: ${release}\nminutes: 3\n---\n${body}\n`;
  const { scenario, diagnostics } = parseScenario(text, "s.md");
  expect(diagnostics).toEqual([]);
  if (scenario === undefined) throw new Error("no scenario");
  return playScenario(scenario, new FakeClient(shell, end), CATALOGUE);
}

const consoleBlock = (...lines: string[]): string => `\`\`\`console\n${lines.join("\n")}\n\`\`\``;

const PREDICT = (answer: number): string =>
  `\`\`\`predict\nquestion: What?\nchoices:\n  - says: It crashes.\n    when: oops owner=m\n  - says: It goes on.\n    when: no oops\nanswer: ${answer}\n\`\`\``;

test("output is taken without the echo and the prompt", async () => {
  const result = await play(consoleBlock("$ ls", "ls says hello"));
  expect(result.ok).toBe(true);
  expect(result.results.map((r) => r.actual)).toEqual([["ls says hello"]]);
});

test("a wrong expectation is reported with a diff and the seed", async () => {
  const result = await play(`# One\n\n${consoleBlock("$ ls", "ls says bye")}`);
  expect(formatReport(result).join("\n")).toMatchInlineSnapshot(`
    "FAIL T (0 of 1 steps)
      # One
    s.md:10: $ ls
      - expected, + came
      - ls says bye
      + ls says hello
    release v1, seed 1"
  `);
});

test("a status line checks the shell's $?", async () => {
  expect((await play(consoleBlock("$ x", "? 1", "x says hello"))).ok).toBe(true);
  const wrong = await play(consoleBlock("$ x", "? 0", "x says hello"));
  expect(wrong.results[0]?.message).toBe("exit status is 1, not 0");
});

test("the run decides a prediction, and a wrong declared answer fails", async () => {
  const right = await play(`${PREDICT(1)}\n\n${consoleBlock("$ crash")}`);
  expect(right.ok).toBe(true);
  const wrong = await play(`${PREDICT(2)}\n\n${consoleBlock("$ crash")}`);
  expect(wrong.ok).toBe(false);
  expect(wrong.results.at(-1)?.message).toBe("the answer is 2, but the run shows choice 1");
});

test("each step knows the events it made", async () => {
  const { results } = await play(consoleBlock("$ a", "a says hello", "$ b", "b says hello"));
  expect(results[0]?.endSeq).toBe(results[1]?.firstSeq);
  expect((results[0]?.endSeq ?? 0) - (results[0]?.firstSeq ?? 0)).toBe(3);
});

test("a patch block is compared with the tree's patch", async () => {
  const whole = `\`\`\`patch 0001\nSubject: one\n...\n+b\n\`\`\`\n${consoleBlock("$ a", "...")}`;
  expect((await play(whole)).ok).toBe(true);
  const missing = await play(`\`\`\`patch 0009\n\`\`\`\n${consoleBlock("$ a", "...")}`);
  expect(missing.results[0]?.message).toBe("no patch 0009");
});

test("an unknown release is told at its line of the front matter", async () => {
  const result = await play(consoleBlock("$ a"), "nowhere");
  expect(result.diagnostics).toMatchObject([{ file: "s.md", line: 4 }]);
});

test("updating makes a failing scenario pass and touches nothing else", async () => {
  const body = `Before.\n\n${consoleBlock("$ a", "wrong", "$ b", "b says [..]", "$ c")}\n\nAfter.\n\n\`\`\`patch 0001\n\`\`\``;
  const first = await play(body);
  expect(first.ok).toBe(false);
  const text = updateScenario(first.scenario, first.results);
  const again = await play(text.replace(/^---\n.*?\n---\n/s, "").trimEnd());
  expect(again.ok).toBe(true);
  expect(text).toContain("Before.\n\n```console\n$ a\na says hello\n$ b\nb says [..]\n$ c\n");
  expect(text).toContain("After.\n\n```patch 0001\nSubject: one\n\n-a\n+b\n```\n");
});

test("a command that does not come to an end fails, and so does what would be typed into it", async () => {
  const result = await play(
    consoleBlock("$ x", "x says hello", "$ y", "y says hello"),
    "v1",
    "limit",
  );
  expect(result.results.map(({ ok, message }) => [ok, message])).toEqual([
    [false, "the command does not come to an end"],
    [false, "the command does not come to an end"],
  ]);
});
