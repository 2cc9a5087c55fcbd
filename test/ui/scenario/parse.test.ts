import { expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/ui/diagnostic.ts";
import { parseScenario } from "../../../src/ui/scenario/parse.ts";

const FRONT = "---\ntitle: T\nquestion: Q?\nrelease: v1\nminutes: 3\n---\n";

const problems = (text: string): string[] =>
  parseScenario(text, "s.md").diagnostics.map(formatDiagnostic);

test("a scenario is prose and blocks in order, with the lines they stand on", () => {
  const text = `${FRONT}# Title\n\nProse.\n\n\`\`\`console\n$ uname -r\nv1\n$ false\n? 1\n\`\`\`\nMore.\n`;
  const { scenario, diagnostics } = parseScenario(text, "s.md");
  expect(diagnostics).toEqual([]);
  expect(scenario?.front).toEqual({
    title: "T",
    question: "Q?",
    release: "v1",
    releaseLine: 4,
    seed: 1,
    minutes: 3,
  });
  expect(scenario?.blocks.map((b) => [b.kind, b.lines.start, b.lines.end])).toEqual([
    ["prose", 7, 10],
    ["console", 11, 16],
    ["prose", 17, 18],
  ]);
  const block = scenario?.blocks[1];
  expect(block?.kind === "console" && block.commands).toEqual([
    {
      prompt: "$",
      text: "uname -r",
      status: undefined,
      expected: ["v1"],
      line: 12,
      outputLine: 13,
    },
    { prompt: "$", text: "false", status: 1, expected: [], line: 14, outputLine: 16 },
  ]);
});

test("a language that is only shown stays in the prose", () => {
  const text = `${FRONT}\`\`\`c\nint x;\n\`\`\`\n\n\`\`\`console\n$ true\n\`\`\`\n`;
  expect(parseScenario(text, "s.md").scenario?.blocks.map((b) => b.kind)).toEqual([
    "prose",
    "console",
  ]);
});

test("a misspelt front-matter key is told with its line and the key that was meant", () => {
  expect(
    problems("---\ntitel: T\nquestion: Q\nrelease: v1\nminutes: 3\n---\n```console\n$ a\n```\n"),
  ).toMatchInlineSnapshot(`
    [
      "s.md:2:1: QS1001: unknown front-matter key "titel"
      hint: did you mean "title"?",
      "s.md:2:1: QS1001: the front matter lacks "title"
      hint: add a line "title: ..."",
    ]
  `);
});

test("front matter that is no YAML is told at the place where it breaks", () => {
  expect(problems("---\ntitle: [T\nquestion: Q\n---\n```console\n$ a\n```\n")[0]).toMatch(
    /^s\.md:[234]:\d+: QS1001: /,
  );
});

test("front matter that is absent or never closed is one diagnostic", () => {
  expect(problems("# Hello\n```console\n$ a\n```\n")).toHaveLength(1);
  expect(problems("---\ntitle: T\n```console\n$ a\n```\n")[0]).toMatch("never closed");
});

test("an unknown kind of block is told with near names", () => {
  expect(problems(`${FRONT}\`\`\`consle\n$ a\n\`\`\`\n\`\`\`console\n$ a\n\`\`\`\n`)).toEqual([
    's.md:7:1: QS1002: unknown kind of block "consle"\n  hint: did you mean "console"?',
  ]);
});

test("a fence that is never closed is told where it was opened", () => {
  expect(problems(`${FRONT}\`\`\`console\n$ a\n`)[0]).toMatch(
    "s.md:7:1: QS1002: the ```console block is never closed",
  );
});

test("a prediction's mistakes carry the line inside the block", () => {
  const text = `${FRONT}\`\`\`predict\nquestion: Q\nchoices:\n  - says: a\n    when: oopsie\n  - says: b\n    when: oops ownr=x\nanswer: 3\n\`\`\`\n\`\`\`console\n$ a\n\`\`\`\n`;
  expect(problems(text)).toMatchInlineSnapshot(`
    [
      "s.md:14:9: QS1004: there is no choice 3",
      "s.md:11:11: QS1004: "oopsie" is no kind of event
      hint: did you mean "oops"?",
      "s.md:13:11: QS1004: oops events have no field "ownr"
      hint: did you mean "owner"?",
    ]
  `);
});

test("a prediction that no console block decides is a mistake", () => {
  const text = `${FRONT}\`\`\`console\n$ a\n\`\`\`\n\`\`\`predict\nquestion: Q\nchoices:\n  - says: a\n    when: oops\n  - says: b\n    when: no oops\nanswer: 1\n\`\`\`\n`;
  expect(problems(text)[0]).toMatch("s.md:10:1: QS1002: no console block follows");
});

test("a file block needs an absolute path and a patch block a number", () => {
  const text = `${FRONT}\`\`\`file x.ts\n\`\`\`\n\`\`\`patch one\n\`\`\`\n\`\`\`file\n\`\`\`\n\`\`\`console\n$ a\n\`\`\`\n`;
  expect(problems(text)).toEqual([
    's.md:7:1: QS1002: "x.ts" is no absolute path',
    's.md:9:1: QS1002: "one" is no patch number\n  hint: four digits, such as 0003',
    "s.md:11:1: QS1002: a file block is opened with ```file PATH",
  ]);
});

test("what would keep a Markdown parser busy for ever is refused", () => {
  const nested = Array.from({ length: 3000 }, (_, depth) => `${"  ".repeat(depth)}- a`);
  const DEEP = "nested too deeply to be read";
  expect(problems(`${FRONT}${nested.slice(0, 400).join("\n")}`)).toEqual([
    `s.md:207:1: QS1002: ${DEEP}`,
  ]);
  expect(problems(`${FRONT}${">".repeat(50_000)}`)).toEqual([`s.md:7:1: QS1002: ${DEEP}`]);
  expect(problems(FRONT + "text\n".repeat(300_000))).toEqual([
    "s.md:1:1: QS1002: a scenario of more than a mebibyte",
  ]);
});
