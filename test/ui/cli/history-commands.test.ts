import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.clear());

interface Row {
  readonly severity: string;
  readonly kind: string;
  readonly name: string;
  readonly patch: string;
  readonly witnesses: readonly string[];
}

const rowsOf = (from: string, to: string): readonly Row[] =>
  JSON.parse(desk.run("diff", "--json", from, to).out) as Row[];

describe("log and show", () => {
  test("the log has every branch, and each patch before the release that took it", () => {
    const { status, out } = desk.run("log");
    expect(status).toBe(0);
    expect(out).toMatch(
      /^mainline$[\s\S]*^linux-next, from mainline v2\.6\.32$[\s\S]*^vendor, from /m,
    );
    expect(out.indexOf("0006 ")).toBeLessThan(out.indexOf("  v6.16  6.16-quicksand"));
    expect(out).toMatch(/^linux-next, anew from mainline v2\.6\.32$/m);
  });

  test("one branch can be told alone", () => {
    const { out } = desk.run("log", "vendor");
    expect(out).toMatch(/^vendor, from mainline v2\.6\.32\n/);
    expect(out).not.toContain("linux-next");
  });

  test("the patches are told whole where they come first, and once", () => {
    const { out } = desk.run("log", "--patch");
    const subjects = out.match(/^Subject: .*$/gm) ?? [];
    expect(subjects.length).toBeGreaterThanOrEqual(40);
    const core = "Subject: [PATCH] utrace: a tracing layer for kernel modules";
    expect(subjects.filter((subject) => subject === core)).toHaveLength(1);
  });

  test("a patch is shown with the releases that took it first and what it broke", () => {
    const { status, out } = desk.run("show", "0105");
    expect(status).toBe(0);
    expect(out).toMatch(/^From [\s\S]*\n\+\+\+ b\//);
    expect(desk.run("show", "105").out).toBe(out);
    expect(out).toContain("first in:\n  linux-next next-20100111\n  vendor 2.6.32-71.el6\n");
    expect(out).toMatch(
      /^ *\d+ {2}build +field-type utrace_engine_ops\.report_exit: .* \(0105\)$/m,
    );
  });
});

describe("diff", () => {
  test("each change has its severity, its patch, and, if it is silent, who sees it", () => {
    const rows = rowsOf("v2.6.32", "v3.15-rc2");
    expect(rows).toContainEqual(
      expect.objectContaining({ severity: "silent", name: "EXIT_ZOMBIE", patch: "0002" }),
    );
    const { out } = desk.run("diff", "v2.6.32", "v3.15-rc2");
    expect(out).toMatch(
      /silent {2}constant-renumbered EXIT_DEAD: 32 -> 16 {2}\(0002, seen by vgpu\)/,
    );
    expect(out.split("\n")).toHaveLength(rows.length + 2);
  });

  test("code that changed behind unchanged headers is told of, and its witness named", () => {
    expect(desk.run("diff", "2.6.32-71.el6", "2.6.32-131.el6").out).toBe(
      "2.6.32-71.el6-quicksand to 2.6.32-131.el6-quicksand: " +
        "0 build-breaking, 0 load-breaking, 1 silent\n" +
        "1  silent  code-changed utrace_report_exit: kernel/utrace.ts  (0201, seen by counter)\n",
    );
  });

  test("backwards it goes the way back, and across branches both ways", () => {
    expect(rowsOf("next-20100111", "next-20091120").map(({ patch }) => patch)).toContain("0105");
    const across = new Set(rowsOf("2.6.32-71.el6", "v3.15-rc2").map(({ patch }) => patch));
    expect(across).toContain("0101");
    expect(across).toContain("0003");
  });

  test.each([
    ["build", "build fails"],
    ["load", "load refused"],
  ])("the witness of a %s break works before it and not after it", (severity, verdict) => {
    const [from, to] = ["v2.6.32", "v3.15-rc2"];
    const index = rowsOf(from, to).findIndex((row) => row.severity === severity);
    const number = String(index + 1);
    const folder = `w-${severity}`;
    const written = desk.run("diff", from, to, "--witness", number, "-o", folder);
    expect(written.status).toBe(0);
    expect(desk.run("run", "--tracer", folder)).toMatchObject({ status: 0 });
    const after = desk.run("run", "--tracer", folder, "--release", to);
    expect(after).toMatchObject({ status: 1, out: expect.stringContaining(verdict) });
    expect(desk.run("diff", from, to, "--witness", number).out).toContain("module_init(");
  });

  test.each([
    [["diff", "v2.6.32", "v9"], "QS2409: there is no release called `v9`"],
    [["diff", "v2.6.32", "v3.15-rc2", "--witness", "999"], "QS1133: there is no change 999"],
    [
      ["diff", "2.6.32-71.el6", "2.6.32-131.el6", "--witness", "1"],
      "QS1134: utrace_report_exit: no build and no load shows it\n" +
        "  hint: the patch has a witness: counter",
    ],
    [["diff", "v2.6.32", "v3.15-rc2", "-o", "x"], "QS1133: --output is for --witness N"],
    [["show", "9999"], 'QS1132: there is no patch "9999"'],
    [
      ["show", "v5.14"],
      'QS1132: there is no patch "v5.14"\n  hint: `quicksand log` has all of them',
    ],
    [["log", "next"], 'QS1132: there is no branch "next"\n  hint: known: mainline, linux-next'],
    [["show", "0105", "0106"], "too many arguments for 'show'. Expected 1 argument but got 2"],
  ])("%j is refused in words", (args, message) => {
    const { status, err } = desk.run(...args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });
});

test("what docs/kernel-tree.md shows is what happens", () => {
  const shown = readFileSync("docs/kernel-tree.md", "utf8").matchAll(/^quicksand (.*?) +# (.*)$/gm);
  const commands = [...shown];
  expect(commands).toHaveLength(11);
  for (const [, line = "", remark] of commands) {
    const { status, err } = desk.run(...line.split(" "));
    expect([line, status, err]).toEqual([line, remark === "does not" ? 1 : 0, ""]);
  }
});
