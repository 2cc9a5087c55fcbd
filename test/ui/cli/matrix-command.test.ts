import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.clear());

const OPENWATCH = ["matrix", "--tracer", "openwatch", "--release", "v2.6.32", "--release", "v6.1*"];

interface Written {
  readonly releases: readonly string[];
  readonly cells: readonly { readonly tracer: string; readonly release: string }[];
}

const written = (name: string): Written => JSON.parse(desk.read(name)) as Written;

describe("what a matrix is of", () => {
  test("names may be repeated and have stars; releases keep their order", () => {
    const { status } = desk.run(...OPENWATCH, "--tracer", "openw*", "--json", "chosen.json");
    expect(status).toBe(0);
    const { releases, cells } = written("chosen.json");
    expect(releases[0]).toBe("2.6.32-quicksand");
    expect(releases).toContain("6.16-quicksand");
    expect(releases.filter((name) => !/^(2\.6\.32-quicksand$|6\.1)/.test(name))).toEqual([]);
    expect(cells).toHaveLength(3 * releases.length);
  });

  test("with JSON in a file the table is still printed; on standard output it is alone", () => {
    const table = desk.run(...OPENWATCH, "--json", "m.json", "--svg", "m.svg");
    expect(table.out).toMatch(/^mainline\n/);
    expect(desk.read("m.svg")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const json = desk.run(...OPENWATCH, "--json");
    expect(json.err).toBe("");
    expect(`${json.out}`).toBe(desk.read("m.json"));
  });

  test.each([
    [["--release", "v99.*"], 'QS1101: no release is called like "v99.*"'],
    [["--release", "v6.99"], 'QS1101: there is no release "v6.99"'],
    [["--tracer", "opne*"], 'QS1112: no tracer is called like "opne*"'],
    [
      ["--workload", "file"],
      'QS1141: there is no workload and no file "file"\n  hint: did you mean',
    ],
    [["--workload", "."], "QS1141: cannot read .: EISDIR"],
    [["--shard", "3/2"], "A shard is a part and how many there are"],
    [["--shard", "half"], "A shard is a part and how many there are"],
    [["--jobs", "0"], "A number of jobs is a whole number from 1"],
    [["merge"], "required option '-o, --output <file>' not specified"],
    [["merge", "none.json", "-o", "-"], "QS1142: cannot read none.json: ENOENT"],
    [["marge"], "too many arguments"],
  ])("%j is told in words, with status 2", (args, message) => {
    const { err, status } = desk.run("matrix", ...args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });
});

/** Title, files that do not belong together, and what is said of them. */
const FOREIGN: readonly (readonly [string, () => readonly string[], RegExp])[] = [
  [
    "the same part twice",
    () => ["part1.json", "part1.json"],
    /part1.json: QS1142: has a cell that part1.json has, too: openwatch, rebuilt/,
  ],
  [
    "a part and the whole",
    () => ["part1.json", "whole.json"],
    /whole.json: QS1142: is divided into another number of parts than part1/,
  ],
  [
    "a part of something else",
    () => {
      desk.run("matrix", "--tracer", "vgpu", "--release", "v6.16", "--json", "other.json");
      return ["whole.json", "other.json"];
    },
    /other.json: QS1142: is of other releases than whole.json/,
  ],
  [
    "what another quicksand wrote",
    () => {
      desk.write("old.json", desk.read("part2.json").replace(/"code": "./, '"code": "x'));
      return ["part1.json", "old.json"];
    },
    /old.json: QS1142: is of another version of quicksand than part1.json/,
  ],
  [
    "no matrix",
    () => {
      desk.write("no.json", "{}");
      return ["no.json"];
    },
    /no.json: QS1142: is no matrix/,
  ],
  [
    "half a file",
    () => {
      desk.write("half.json", desk.read("part1.json").slice(0, 500));
      return ["half.json"];
    },
    /half.json: QS1142: is not JSON/,
  ],
];

describe("parts of a matrix", () => {
  beforeAll(() => {
    desk.run(...OPENWATCH, "--json", "whole.json");
    for (const part of [1, 2, 3])
      desk.run(...OPENWATCH, "--shard", `${part}/3`, "--json", `part${part}.json`);
  }, 120_000);

  test("come to what the whole run comes to, in any order", () => {
    const { status, err } = desk.run(
      "matrix",
      "merge",
      "part2.json",
      "part3.json",
      "part1.json",
      "-o",
      "merged.json",
    );
    expect([status, err]).toEqual([0, ""]);
    expect(desk.read("merged.json")).toBe(desk.read("whole.json"));
  });

  test("can be put together before the last one is there, and that is said", () => {
    const { status, err } = desk.run(
      "matrix",
      "merge",
      "part3.json",
      "part1.json",
      "-o",
      "most.json",
    );
    expect([status, err]).toEqual([0, "quicksand: not the whole matrix: 2/3 missing\n"]);
    desk.run("matrix", "merge", "most.json", "part2.json", "-o", "merged.json");
    expect(desk.read("merged.json")).toBe(desk.read("whole.json"));
  });

  test.each(FOREIGN)("%s is refused", (_title, files, message) => {
    const { status, err } = desk.run("matrix", "merge", ...files(), "-o", "bad.json");
    expect(err).toMatch(message);
    expect(status).toBe(2);
    expect(desk.files()).not.toContain("bad.json");
  });
});

describe("another workload", () => {
  const HOME = ["matrix", "--release", "v2.6.32", "--tracer", "openwatch", "--tracer", "uidwatch"];

  test("takes the place of the tracers' own, and their claims follow it", () => {
    const own = desk.run(...HOME, "--json", "own.json");
    const other = desk.run(...HOME, "--workload", "files", "--json", "other.json");
    expect([own.status, other.status]).toEqual([0, 0]);
    const verdicts = (name: string): readonly unknown[] =>
      (JSON.parse(desk.read(name)) as { cells: readonly { verdict: string }[] }).cells.map(
        ({ verdict }) => verdict,
      );
    expect(verdicts("own.json")).toEqual(Array.from({ length: 6 }, () => "works"));
    expect(verdicts("other.json")).toEqual(verdicts("own.json"));
    expect(desk.read("other.json")).not.toBe(desk.read("own.json"));
  });

  test("may be a file, which says where the tracer goes or leaves that to us", () => {
    desk.write("mine.sh", "cat /etc/passwd > /tmp/copy\n");
    expect(desk.run(...HOME, "--workload", "mine.sh").out).toMatch(/ \. {2}works +6\n/);
    desk.write("mine.sh", "$LOAD\n$TRACE cat /etc/passwd\n$UNLOAD\n");
    expect(
      desk.run("matrix", "--tracer", "openwatch", "--release", "v2.6.32", "--workload", "mine.sh")
        .out,
    ).toMatch(/ \. {2}works +3\n/);
  });

  test("is nothing for whoever needs its own, and that is said", () => {
    const { err, out } = desk.run(
      "matrix",
      "--release",
      "v6.16",
      "--tracer",
      "systrace",
      "--tracer",
      "strace",
      "--tracer",
      "openwatch",
      "--workload",
      "pipes",
    );
    expect(err).toContain("left out, since they need their own workloads: systrace, strace");
    expect(out).not.toContain("systrace");
  });
});
