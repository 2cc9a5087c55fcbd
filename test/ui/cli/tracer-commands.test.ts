import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
  desk.run("new", "tracer", "mine");
});
afterAll(() => desk.clear());

describe("run --tracer", () => {
  test("prints the report and the verdict, status 0 for one that works", () => {
    expect(desk.run("run", "--tracer", "./mine")).toEqual({
      status: 0,
      out: "mine: 3 tasks ended\nmine on 2.6.32-quicksand: works\n",
      err: "",
    });
  });

  test("prints the compiler's words, status 1 for one that does not build", () => {
    const { status, out, err } = desk.run("run", "--tracer", "mine", "--release", "6.16");
    expect([status, err]).toEqual([1, ""]);
    expect(out).toMatch(
      /^mine\/mine\.ts:22:\d+: QS2103: .*\n.*\nmine on 6.16-quicksand: build fails\n$/,
    );
  });

  test("boots with what --cmdline adds, and does not mistake one machine's result for another's", () => {
    const of = (...more: readonly string[]): string =>
      desk
        .run("run", "--tracer", "./mine", ...more)
        .out.split("\n")
        .at(-2) ?? "";
    const told = "mine on 2.6.32-quicksand:";
    expect(of()).toBe(`${told} works`);
    expect(of("--cmdline", "module.sig_enforce=1")).toBe(`${told} denied by policy`);
    expect(of("--cmdline", "lockdown=strict")).toBe(`${told} works`);
    expect(desk.run("run", "--cmdline", "quiet", "03-the-promise").err).toContain("QS1130");
    expect(desk.run("run", "--tracer", "./mine", "--cmdline", 'a="b"').status).toBe(2);
  });

  test("gives the whole cell as JSON", () => {
    const { status, out } = desk.run("run", "--json", "--tracer", "strace", "--release", "v6.16");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      tracer: "strace",
      house: "rock",
      delivery: "installed",
      release: "6.16-quicksand",
      verdict: "works",
      predicted: "works",
      evidence: { ended: "halt", buildLog: [], logHash: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });
});

describe("matrix --cmdline", () => {
  const cellsOf = (...more: readonly string[]): readonly (readonly unknown[])[] => {
    const which = ["--tracer", "openwatch", "--tracer", "strace", "--release", "v2.6.32"];
    const { out } = desk.run("matrix", "--json", ...which, ...more);
    const { cells } = JSON.parse(out) as { readonly cells: readonly Record<string, unknown>[] };
    return cells.map(({ delivery, verdict, predicted, cmdline }) => [
      delivery,
      verdict,
      predicted,
      cmdline,
    ]);
  };

  test("is a part of the machine: what is foretold, what becomes of it, and what is kept of it", () => {
    const denied = ["denied by policy", "denied by policy", "lockdown=integrity"];
    const works = ["works", "works", undefined];
    expect(cellsOf()).toEqual([
      ["rebuilt", ...works],
      ["prebuilt", ...works],
      ["forced", ...works],
      ["installed", ...works],
    ]);
    expect(cellsOf("--cmdline", "lockdown=integrity")).toEqual([
      ["rebuilt", ...denied],
      ["prebuilt", ...denied],
      ["forced", ...denied],
      ["installed", "works", "works", "lockdown=integrity"],
    ]);
  });
});

describe("matrix and why", () => {
  test("the matrix of one tracer as JSON has a cell for each delivery, with the evidence", () => {
    const { status, out } = desk.run(
      "matrix",
      "--json",
      "--tracer",
      "vgpu",
      "--release",
      "v3.15-rc2",
    );
    expect(status).toBe(0);
    const { cells } = JSON.parse(out) as { cells: readonly Record<string, unknown>[] };
    expect(cells.map(({ delivery, verdict }) => [delivery, verdict])).toEqual([
      ["prebuilt", "load refused"],
      ["forced", "reports wrong data"],
    ]);
    expect(Object.keys(cells[0] ?? {})).toEqual([
      "tracer",
      "house",
      "delivery",
      "branch",
      "release",
      "verdict",
      "predicted",
      "evidence",
      "patch",
    ]);
    expect(cells.map(({ patch }) => patch)).toEqual(["0010", "0002"]);
  });

  test("the matrix as text has a legend, and as a page it stands by itself", () => {
    const { status, out } = desk.run(
      "matrix",
      "--tracer",
      "./mine",
      "--html",
      "m.html",
      "--release",
      "v6.16",
    );
    expect(status).toBe(0);
    expect(out).toContain("mine   rebuilt    b\n");
    expect(out).toContain(" b  build fails ");
    expect(desk.read("m.html")).toMatch(
      /^<!doctype html>[\s\S]*<td class="loud first" title="6.16-quicksand: build fails: mine.ts:\d+:\d+: /,
    );
  });

  test("why tells what changed once, then each delivery with its evidence", () => {
    const { status, out } = desk.run("why", "counter", "2.6.32-19.el6");
    expect(status).toBe(0);
    expect(out.match(/^what changed of what counter uses/gm)).toHaveLength(1);
    expect(out).toContain("counter, rebuilt, on 2.6.32-19.el6-quicksand: build fails\n");
    expect(out).toContain(
      "it works on 2.6.32-71.el6-quicksand; works only with a patch that is not",
    );
    expect(out).toContain("\n  build:\n");
    expect(out).toContain("counter, prebuilt, on 2.6.32-19.el6-quicksand: load refused\n");
    expect(out).toContain("the kernel said:\n");
  });
});

describe("what is wrong is told in words, with status 2", () => {
  test.each([
    [
      ["run", "--tracer", "conter"],
      'QS1112: there is no tracer "conter"\n  hint: did you mean "counter"?',
    ],
    [["run", "--tracer", "./none"], "./none: QS1301: there is no such folder"],
    [["run", "--tracer", "."], "tracer.ts: QS1302: the folder has no tracer.ts"],
    [["run", "--tracer", "./mine", "--release", "v9"], 'QS1101: there is no release "v9"'],
    [["matrix", "--tracer", "nobody"], 'QS1112: there is no tracer "nobody"'],
    [["matrix", "--release", "v9"], 'QS1101: there is no release "v9"'],
    [["matrix", "--jsn"], "unknown option '--jsn'"],
    [["why", "counter"], "QS1131: why on which release?"],
    [["why", "counter", "v9"], 'QS1101: there is no release "v9"'],
    [["new", "tracer", "A"], 'QS1110: "A" is no name'],
    [["new", "tracer", "module"], 'QS1110: a tracer cannot be called "module"'],
    [["new", "tracer", "mine"], "QS1111: mine exists already"],
    [["new", "tracer", "x", "--house", "sand"], "Allowed choices are quicksand, rock"],
    [
      ["matrix", "--tracer", "strace", "--release", "v6.16", "--html", "no/x"],
      "QS1104: cannot write no/x: ENOENT",
    ],
  ])("%j", (args, message) => {
    const { status, err } = desk.run(...args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at |node:internal/m);
    expect(status).toBe(2);
  });
});

describe("explore", () => {
  test("finds what a schedule can do to a tracer, and run --schedule shows it again", () => {
    const { status, out, err } = desk.run("explore", "hasty", "--seeds", "16", "--jobs", "1");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^hasty: 16 schedules\n {2}works +\d+ {3}first in schedule 0\n {2}oops/);
    const schedule = /--schedule "([^"]*)"/.exec(out)?.[1] ?? "none was told";
    const again = desk.run("run", "--tracer", "hasty", "--schedule", schedule);
    expect([again.status, again.out.split("\n").at(-2)]).toEqual([
      1,
      "hasty on 2.6.32-71.el6-quicksand: oops",
    ]);
  });

  test("tells of a lesson whether it still shows what it says", () => {
    const { out } = desk.run("explore", "the-promise", "--seeds", "3", "--json");
    const { kind, schedules, outcomes } = JSON.parse(out);
    expect({ kind, schedules }).toEqual({ kind: "lesson", schedules: 3 });
    for (const { outcome } of outcomes) expect(outcome).toMatch(/^as told$|^line \d+: /);
  });
});

describe("kbuild of several sources", () => {
  const types = 'import { int } from "linux/types";\n';
  const MAIN = `import { two } from "./two";\n${types}export function f(): int { return two(); }\n`;
  beforeAll(() => {
    desk.write("two/main.ts", MAIN);
    desk.write("two/two.ts", `${types}export function two(): int { return 2; }\n`);
  });

  test("wants a name for what they make, on the command line or in a Makefile", () => {
    expect(desk.run("kbuild", "two/main.ts", "two/two.ts").err).toContain("QS1109");
    expect(desk.run("kbuild", "two").err).toContain("QS1109: two has 2 .ts files");
    expect(desk.run("kbuild", "two/main.ts", "two/two.ts", "-o", "two/pair.ko").out).toBe(
      "two/pair.ko\n",
    );
    expect(desk.read("two/pair.ko")).toMatch(/^name=pair$/m);
    desk.write("two/Makefile", "obj-m := both.o\nboth-y := main.o two.o\n");
    expect(desk.run("kbuild", "two").out).toBe("two/both.ko\n");
    desk.write("two/Makefile", "obj-m := two.o\ntwo-y := main.o two.o\n");
    expect(desk.run("kbuild", "two").err).toContain(
      "two/Makefile: Circular two.o <- two.o dependency",
    );
  });

  test("does not write over what is no source", () => {
    desk.write("notes.txt", "mine\n");
    expect(desk.run("kbuild", "notes.txt").err).toContain("QS1109: notes.txt is no source");
    expect(desk.run("kbuild", "two", "notes.txt", "-o", "x.ko").err).toContain("QS1109");
    expect(desk.read("notes.txt")).toBe("mine\n");
    expect(desk.run("kbuild", "two/two.ts", "-o", "two/../two/two.ts").err).toContain("QS1109");
    expect(desk.read("two/two.ts")).toContain("export function two");
  });

  test("names the source in which a mistake is, and a source that is not there", () => {
    desk.write("round/main.ts", MAIN);
    desk.write(
      "round/two.ts",
      `import { f } from "./main";\n${types}export function two(): int { return f(); }\n`,
    );
    const { status, err } = desk.run(
      "kbuild",
      "round/main.ts",
      "round/two.ts",
      "-o",
      "round/pair.ko",
    );
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(
        /^round\/two\.ts:1:19: QS2022: import cycle: round\/main\.ts -> round\/two\.ts -> round\/main\.ts\n/,
      ),
    ]);
    desk.write("round/Makefile", "obj-m := both.o\nboth-y := main.o none.o\n");
    expect(desk.run("kbuild", "round").err).toContain("QS1103: cannot read round/none.ts: ENOENT");
  });
});

test("nothing is left half-written", () => {
  desk.write("bad.ts", "let x: int = ;\n");
  expect(desk.run("kbuild", "bad.ts").status).toBe(2);
  expect(desk.run("kbuild", "mine", "-o", "none/x.ko").status).toBe(2);
  expect(desk.run("kbuild", "mine", "-o", "mine").err).toContain(
    "QS1104: cannot write mine: EISDIR",
  );
  expect(existsSync(desk.path("bad.ko"))).toBe(false);
  expect(desk.files().filter((name) => /\.tmp$|\.ko$/.test(name))).toEqual([]);
});

test("a command that never ends fails its step of a scenario", () => {
  const front = "---\ntitle: T\nquestion: Q?\nrelease: v2.6.32\nminutes: 3\n---\n";
  desk.write("yes.md", `${front}\n\`\`\`console\n$ yes\n\`\`\`\n`);
  const { status, out } = desk.run("run", "yes.md");
  expect(out).toContain("yes.md:9: $ yes\n  the command does not come to an end\n");
  expect(status).toBe(1);
});

describe("help", () => {
  test.each([[["matrix"]], [["why"]], [["new", "tracer"]]])(
    "%j --help says what it does",
    (args) => {
      const { status, out } = desk.run(...args, "--help");
      expect(out).toMatch(/^Usage: quicksand/);
      expect(status).toBe(0);
    },
  );
});
