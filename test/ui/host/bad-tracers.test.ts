import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PoolEnd } from "../../../src/ui/host/job-pool.ts";
import { WorkerPool } from "../../../src/ui/host/worker-pool.ts";
import { TracerFolder } from "../../support/tracer-folder.ts";
import { WORKER_SETUP } from "../../support/worker-setup.ts";

let folder: TracerFolder;
beforeEach(() => {
  folder = new TracerFolder();
});
afterEach(() => folder.clear());

describe("a folder that is no tracer is told what it lacks", () => {
  test("no declaration", async () => {
    rmSync(join(folder.path, "tracer.ts"));
    expect(await folder.complaints()).toEqual([
      "tracer.ts:0:0: QS1302: the folder has no tracer.ts",
    ]);
  });

  test("no source file", async () => {
    rmSync(join(folder.path, "mine.ts"));
    expect(await folder.complaints()).toEqual([
      "mine.ts:0:0: QS1305: mine names a file that is not there",
    ]);
  });

  test("a file with something else in it", async () => {
    writeFileSync(join(folder.path, "tracer.ts"), "export const tracker = 1;\n");
    expect((await folder.complaints())[0]).toMatch(
      /^tracer.ts:1:1: QS1304: exports no declaration/,
    );
  });

  test("a binary that is not the one declared", async () => {
    folder
      .edit("tracer.ts", 'house: "quicksand"', 'house: "blob", ko: "mine.ts", sha256: "00"')
      .edit("tracer.ts", '  source: "mine.ts",\n', "");
    expect(await folder.complaints()).toEqual([
      "mine.ts:0:0: QS1308: is not the file that was declared",
    ]);
  });
});

/** Title, what stands there, what is written instead, and the complaints. */
const MISTAKES: readonly (readonly [string, string, string, ...(readonly string[])])[] = [
  [
    "a misspelt field",
    "summary:",
    "sumary:",
    "6:14: QS1304: summary: missing, and a tracer of house quicksand needs it",
    "9:3: QS1304: sumary: not known to a tracer of house quicksand",
  ],
  [
    "an unknown house",
    'house: "quicksand"',
    'house: "sand"',
    '7:3: QS1304: house: "sand" is none of rock, quicksand, in-tree, blob, bytecode',
  ],
  [
    "a list of sources that are no files",
    'source: "mine.ts"',
    'source: ["mine.ts", 5]',
    "10:3: QS1304: source: should be text, or a list of files",
  ],
  ["a number for a name", 'name: "mine"', "name: 5", "8:3: QS1304: name: should be text"],
  [
    "a syntax error",
    'house: "quicksand",',
    'house "quicksand",',
    "7:9: TS1005: ',' expected.",
    "7:20: TS1005: ':' expected.",
  ],
  [
    "a misspelt name of the library",
    "export const",
    "import { PtraceTraser } from 'quicksand'; new PtraceTraser();\nexport const",
    '6:43: QS1303: TypeError: "quicksand" exports no "PtraceTraser": did you mean "PtraceTracer" or "STRACE_TRACER" or "PTRACE_TRACEME"?',
  ],
  [
    "an import of a host module",
    '"quicksand";',
    '"node:fs";',
    '4:30: QS1306: a declaration imports from "quicksand" and nothing else, not "node:fs"',
  ],
  [
    "a dynamic import",
    "export const",
    "void import('fs');\nexport const",
    `6:13: QS1306: a declaration imports from "quicksand" and nothing else, not 'fs'`,
  ],
  [
    "a name of the host",
    "return [",
    "process.exit(0); return [",
    '22:5: QS1310: a tracer has nothing of the host in reach, and so no "process"',
  ],
  ["a claim that throws", "return [", "throw new Error('no'); [", "22:5: QS1307: claim: Error: no"],
  [
    "a claim that answers no lines",
    "return [",
    "return 5; [",
    "22:5: QS1307: claim: TypeError: answers no list of lines",
  ],
  [
    "a claim that loops",
    "return [",
    "for (;;); return [",
    "22:13: QS1307: claim: still running after 100 million statements: an endless loop?",
  ],
  [
    "a claim that recurses",
    "return [",
    "const f = (): number => f() + 1; return [f(),",
    "22:29: QS1307: claim: RangeError: Maximum call stack size exceeded",
  ],
  [
    "a declaration that loops",
    "export const",
    "while (true) {}\nexport const",
    "6:14: QS1303: still running after 100 million statements: an endless loop?",
  ],
  [
    "brackets without end",
    "export const",
    `void ${"(".repeat(20_000)}1${")".repeat(20_000)};\nexport const`,
    "1:1: QS1303: nested too deeply to be read",
  ],
];

describe("a mistake in a declaration is told at its place", () => {
  test.each(MISTAKES)("%s", async (_title, before, after, ...complaints) => {
    const told = await folder.edit("tracer.ts", before, after).complaints();
    expect(told).toEqual(complaints.map((complaint) => `tracer.ts:${complaint}`));
  });

  test("a home that is no release", async () => {
    folder.edit("tracer.ts", 'home: "2.6.32-quicksand"', 'home: "v9.9"');
    expect(await folder.complaints()).toEqual([
      'tracer.ts:0:0: QS1101: there is no release "v9.9"',
    ]);
  });
});

/** What a module does, where it stands, and what comes of it. */
const MODULES: readonly (readonly [string, string, string, RegExp])[] = [
  ["throws", "throw 1;", "build fails", /^mine\/mine.ts:20:3: QS2001: throw statements do not/],
  ["loops", "for (;;) {}", "lockup", /soft lockup - CPU#0 stuck for 22s! \[insmod:3\]/],
  ["loops atomically", "spin: for (;;) {}", "build fails", /mine.ts:20:3: QS/],
  [
    "recurses",
    "task_ended(data, task);",
    "oops",
    /stack guard page was hit: kernel stack overflow/,
  ],
  ["hoards memory", "while (kmalloc(65536, 0x20)) {}", "works", /^mine: 3 tasks ended/],
  ["uses a regex bomb", '/(a+)+$/.test("aaab");', "build fails", /20:3: QS2001: regular expr/],
  ["names process", "process.exit(0);", "build fails", /20:3: TS2304: Cannot find name 'process'/],
  ["patches a prototype", "Array.prototype.push = NULL;", "build fails", /20:3: TS2693: 'Array'/],
  ["reads NULL", "ended = cast<ptr<task_struct>>(NULL).pid;", "oops", /NULL pointer dereference/],
];

describe("a module that", () => {
  test.each(MODULES)("%s", async (_title, statement, verdict, evidence) => {
    folder
      .edit("mine.ts", "ended++;", `ended++;\n  ${statement}`)
      .edit("mine.ts", "import { int,", "import { cast, int,")
      .edit(
        "mine.ts",
        "import { task_struct",
        'import { kmalloc } from "linux/slab";\nimport { task_struct',
      );
    const { end, cells } = await folder.run();
    expect(end.kind).toBe("done");
    const [cell] = cells;
    expect(cell?.verdict).toBe(verdict);
    const said = [...(cell?.evidence.buildLog ?? []), ...(cell?.evidence.dmesg ?? [])];
    expect(said.map((line) => line.replace(/^.*\/mine\//, "mine/"))).toContainEqual(
      expect.stringMatching(evidence),
    );
  });
});

test("a claim that does away with the record does not do away with what happened", async () => {
  folder
    .edit("mine.ts", "ended++;", "ended = cast<ptr<task_struct>>(NULL).pid;")
    .edit("mine.ts", "import { int,", "import { cast, int,")
    .edit("tracer.ts", "claim: ({ watched })", "claim: ({ events, watched })")
    .edit("tracer.ts", "return [", "(events as unknown[]).length = 0; return []; [");
  const { cells } = await folder.run();
  expect(cells[0]?.verdict).toBe("oops");
});

describe("a program that", () => {
  const LOOP_HEAD = "  let calls = 0;";
  const programOf = (text: string): TracerFolder =>
    new TracerFolder("rock").edit("tracer.ts", LOOP_HEAD, `${LOOP_HEAD}\n  ${text}`);

  test.each([
    [
      "throws",
      "throw new TypeError('no');",
      /^mine\[3\]: Uncaught: tracer.ts:24:3: TypeError: no$/,
    ],
    ["loops", "while (true) {}", /: tracer.ts:24:16: still running after 100 million statements/],
    ["recurses", "(function f(): void { f(); })();", /: tracer.ts:24:25: RangeError: Maximum call/],
  ])("%s dies of it, and the kernel log says where", async (_title, text, line) => {
    const program = programOf(text);
    const [cell] = (await program.run()).cells;
    program.clear();
    expect(cell?.verdict).toBe("misses events");
    expect(cell?.evidence.dmesg).toContainEqual(expect.stringMatching(line));
  });

  test("calls the kernel for ever is ended with the machine's time", async () => {
    const program = programOf("for (;;) yield* p.sys.getppid();");
    const [cell] = (await program.run()).cells;
    program.clear();
    expect(cell).toMatchObject({ verdict: "misses events", evidence: { ended: "limit" } });
  });
});

describe("the watchdog", () => {
  const runWatched = async (watchdogMs: number): Promise<PoolEnd<"tracer">> => {
    const entry = pathToFileURL(resolve("dist/worker.js"));
    const pool = new WorkerPool(entry, WORKER_SETUP, {
      size: 1,
      patience: { learner: watchdogMs, own: 60_000 },
    });
    const end = await pool.run("tracer", [{ tracer: folder.path, deliveries: "first" }]);
    await pool.close();
    return end;
  };

  test("ends what no count of statements can end, and knows its line", async () => {
    folder.append("tracer.ts", '\n/^(a+)+$/.test("a".repeat(60) + "b");\n');
    expect(await runWatched(1500)).toMatchObject({
      kind: "refused",
      diagnostics: [
        { code: "QS1309", line: 26, column: 1, message: expect.stringContaining("1.5 s") },
      ],
    });
  });

  test("is not needed where prototypes are frozen", async () => {
    folder.append("tracer.ts", "\n(Array.prototype as any).push = () => 0;\n");
    expect(await runWatched(10_000)).toMatchObject({
      kind: "refused",
      diagnostics: [{ code: "QS1303", line: 26, message: expect.stringContaining("read only") }],
    });
  });
});
