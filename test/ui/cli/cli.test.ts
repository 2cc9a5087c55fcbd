import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const CLI = resolve("dist/cli.js");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quicksand-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function quicksand(...args: readonly string[]): Outcome {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const run = spawnSync("node", [CLI, ...args], { encoding: "utf8", cwd: folder, env });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

/** A scenario file with this body. */
function scenario(body: string, front = "release: nowhere"): string {
  const file = join(folder, "mine.md");
  writeFileSync(file, `---\ntitle: T\nquestion: Q?\n${front}\nminutes: 3\n---\n${body}\n`);
  return file;
}

const CONSOLE = "```console\n$ true\n```";

describe("mistakes", () => {
  test.each([
    [["lits"], 'there is no command "lits"\n  hint: did you mean "list"?'],
    [["run", "--jsn"], "unknown option '--jsn'\n(Did you mean --json?)"],
    [["run", "--seed", "-4"], "A seed is a whole number"],
    [["run", "--schedule", "5@1 7:2"], '"7:2" is no part of a schedule'],
    [["explore", "hasty", "--seeds", "0"], "from 1 to 1000000"],
    [["explore", "hasty", "--delivery", "mail"], '"mail" is no delivery'],
    [["explore", "nosuch.md"], "no such file: nosuch.md"],
    [["list", "--releases", "v3.5"], "too many arguments for 'list'"],
    [["tree", "build", "a", "b"], "too many arguments for 'build'"],
    [["run", "nosuch"], 'no scenario "nosuch"'],
    [["run", "nosuch.md"], "no such file: nosuch.md"],
    [["kbuild", "nosuch.ts"], "cannot read nosuch.ts: ENOENT"],
    [["shell", "--release", "nowhere"], 'there is no release "nowhere"'],
    [["new", "scenario", "A/B"], '"A/B" is no name'],
  ])("%j is a usage error, told in words", (args, message) => {
    const { status, err } = quicksand(...args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
  });

  test("a typo in a scenario is told with file, line and column", () => {
    const file = scenario(CONSOLE, "relase: v1");
    const { status, err } = quicksand("run", file);
    expect(err).toContain(`${file}:4:1: QS1001: unknown front-matter key "relase"`);
    expect(status).toBe(2);
  });

  test("an unknown release is told at its line", () => {
    const file = scenario(CONSOLE);
    const { status, out } = quicksand("run", file);
    expect(out).toContain(`${file}:4:1: QS1101: there is no release "nowhere"`);
    expect(status).toBe(2);
  });
});

describe("help", () => {
  test("--version says what a bug report needs", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(quicksand("--version")).toEqual({ status: 0, out: `${version}\n`, err: "" });
  });

  test.each([[[]], [["run"]], [["list"]], [["shell"]], [["kbuild"]], [["new"]]])(
    "%j --help says what it does",
    (args) => {
      const { status, out } = quicksand(...args, "--help");
      expect(out).toMatch(/^Usage: quicksand/);
      expect(status).toBe(0);
    },
  );
});

test("without a terminal and a command the scenarios are listed", () => {
  const { status, out } = quicksand();
  expect(out).toMatch(/^01-\S+ {2}\(\d+ min\)\n {4}\S/);
  expect(status).toBe(0);
});

test("a reader that goes away ends the command quietly", () => {
  const shell = spawnSync("bash", ["-c", `node ${CLI} list --json | head -c 1`], {
    encoding: "utf8",
  });
  expect([shell.stdout, shell.stderr]).toEqual(["[", ""]);
});

test("a new scenario runs as it is, and is never written over", () => {
  expect(quicksand("new", "scenario", "mine").status).toBe(0);
  expect(quicksand("run", "mine.md")).toMatchObject({ status: 0, err: "" });
  const again = quicksand("new", "scenario", "mine");
  expect(again).toMatchObject({ status: 2 });
  expect(again.err).toContain("mine.md exists already");
});

test("updating writes what the machine showed, and then the scenario holds", () => {
  quicksand("new", "scenario", "mine");
  const file = join(folder, "mine.md");
  const text = readFileSync(file, "utf8").replace(/\$ uname -r\n.*\n/, "$ uname -s\nwrong\n");
  writeFileSync(file, text);
  expect(quicksand("run", "mine.md").status).toBe(1);
  quicksand("run", "--update", "mine.md");
  expect(readFileSync(file, "utf8")).toBe(text.replace("wrong", "Linux"));
  expect(quicksand("run", "mine.md").status).toBe(0);
});

test("the JSON form has the hash, which two runs share, and events follow the schema's header", () => {
  quicksand("new", "scenario", "mine");
  const run = (): { logHash: string; seed: number } =>
    JSON.parse(quicksand("run", "--json", "--events", "e.jsonl", "mine.md").out);
  const first = run();
  expect(first).toMatchObject({ ok: true, seed: 1 });
  expect(run().logHash).toBe(first.logHash);
  const [header, event] = readFileSync(join(folder, "e.jsonl"), "utf8").split("\n");
  expect(JSON.parse(header ?? "")).toMatchObject({
    schema: "quicksand-events",
    version: 1,
    logHash: first.logHash,
  });
  expect(JSON.parse(event ?? "")).toMatchObject({ kind: "boot", seed: 1 });
  expect(existsSync(join(folder, "e.jsonl"))).toBe(true);
});
