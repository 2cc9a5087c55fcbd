/** `--config` wherever a release can be named. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.clear());

test("a release boots in a configuration that has no image yet", () => {
  const { out, status } = desk.type(
    "uname -r\n",
    "shell",
    "--release",
    "v3.15",
    "--config",
    "debug",
  );
  expect(status).toBe(0);
  expect(out).toContain("3.15-quicksand+debug\n");
  expect(desk.type("uname -r\n", "shell", "--release", "3.15+debug").out).toContain("+debug\n");
});

test("the table has it beside the tree's own configuration", () => {
  const which = ["--release", "v2.6.32", "--config", "debug"];
  const { out } = desk.run("matrix", "--tracer", "openwatch", ...which);
  expect(out).toMatch(/^ +prebuilt +. l$/m);
  expect(out).toContain("openwatch, prebuilt: works -> load refused\n");
  expect(desk.run("why", "openwatch", "v2.6.32+debug").out).toContain(
    "it works on 2.6.32-quicksand; no longer works from: config debug for debugging",
  );
});

test("a cell of the JSON has the configuration in a field of its own", () => {
  const { out } = desk.run(
    "matrix",
    "--tracer",
    "openwatch",
    "--release",
    "2.6.32",
    "--config",
    "debug",
    "--json",
  );
  const { cells } = JSON.parse(out) as { cells: { release: string; config?: string }[] };
  const named = new Set(cells.map(({ release, config }) => `${release} ${config}`));
  expect([...named].sort()).toEqual(["2.6.32-quicksand undefined", "2.6.32-quicksand+debug debug"]);
});

test("what it changes is told without a patch", () => {
  const { out } = desk.run("diff", "v2.6.32", "--config", "debug");
  expect(out).toMatch(/silent {2}field-moved task_struct.pid: .* {2}\(config debug\)$/m);
  expect(out).toMatch(/load {4}symbol-crc get_current: .* {2}\(config debug\)$/m);
});

test("configurations are listed; what is none is an error with their names", () => {
  expect(desk.run("list", "--releases").out).toMatch(/^ {2}server +for throughput/m);
  for (const args of [["shell"], ["matrix", "--release", "v5.14"], ["diff", "v5.14"]]) {
    const { err, status } = desk.run(...args, "--config", "turbo");
    expect(err).toMatch(/QS2416: .* has no configuration `turbo`/);
    expect(err).toContain("debug");
    expect(status).toBe(2);
  }
  expect(desk.run("why", "counter", "--config", "debug").err).toContain("QS1130");
});
