/**
 * Markdown to `Scenario`. The fences are found by a CommonMark parser, so that what a web page shows
 * as a block is what is played; a mistake is told with its line and column.
 *
 * Left out: blocks inside lists and quotations (a scenario's blocks stand at the margin).
 */
import type { Code, Root } from "mdast";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { Diagnostic } from "../diagnostic.ts";
import { suggestName } from "../near-names.ts";
import { parseConsoleBlock } from "./console-block.ts";
import { parseFrontMatter } from "./front-matter.ts";
import { parsePredictBlock } from "./predict-block.ts";
import type { Block, Scenario } from "./scenario.ts";

/** A Markdown parser's time grows with more than the nesting of lists and quotations... */
const NESTING_MAX_COLUMNS = 400;
/** ...and no lesson is longer than this. */
const SCENARIO_MAX_CHARS = 1024 * 1024;

/** Blocks that do something, and languages that are only shown. */
const KINDS: readonly string[] = ["console", "predict", "patch", "source", "file"];
const SHOWN: readonly string[] = ["text", "c", "ts", "typescript", "sh", "json", "diff", "yaml"];

export interface ParsedScenario {
  /** Present when there is no diagnostic. */
  readonly scenario: Scenario | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reader {
  readonly file: string;
  readonly lines: readonly string[];
  readonly diagnostics: Diagnostic[];
  readonly blocks: Block[];
}

function complain(reader: Reader, line: number, message: string, hint?: string): void {
  const at = { code: "QS1002", message, file: reader.file, line, column: 1 };
  reader.diagnostics.push(hint ? { ...at, hint } : at);
}

/** The body of a fence as it stands in the file, and whether the fence is closed. */
function bodyOf(reader: Reader, open: number, close: number): string[] | undefined {
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(reader.lines[open - 1] ?? "")?.[1] ?? "```";
  const last = (reader.lines[close - 1] ?? "").trim();
  const closed = close > open && /^(`+|~+)$/.test(last) && last.startsWith(fence);
  return closed ? reader.lines.slice(open, close - 1) : undefined;
}

function readPlaced(
  reader: Reader,
  kind: "patch" | "source" | "file",
  meta: string,
  body: readonly string[],
  open: number,
): void {
  const lines = { start: open, end: open + body.length + 1 };
  const [name, release, extra] = meta.split(/\s+/).filter((word) => word !== "");
  if (name === undefined || extra !== undefined) {
    const usage = { patch: "patch NUMBER", source: "source PATH [RELEASE]", file: "file PATH" }[
      kind
    ];
    complain(reader, open, `a ${kind} block is opened with \`\`\`${usage}`);
  } else if (kind !== "source" && release !== undefined)
    complain(reader, open, `a ${kind} block takes one word, and "${release}" is a second`);
  else if (kind === "file") {
    if (!name.startsWith("/")) complain(reader, open, `"${name}" is no absolute path`);
    reader.blocks.push({ kind, path: name, text: `${body.join("\n")}\n`, lines });
  } else if (kind === "patch" && !/^\d{4}$/.test(name))
    complain(reader, open, `"${name}" is no patch number`, "four digits, such as 0003");
  else reader.blocks.push({ kind, name, release, expected: body, lines });
}

function readFence(reader: Reader, code: Code, open: number, close: number): boolean {
  const language = code.lang ?? "";
  const body = bodyOf(reader, open, close);
  if (body === undefined) {
    complain(reader, open, `the \`\`\`${language} block is never closed`, "add a line ```");
    return true;
  }
  const lines = { start: open, end: close };
  if (language === "" || SHOWN.includes(language)) return false;
  if (language === "console") {
    const parsed = parseConsoleBlock(body, open + 1, reader.file);
    reader.diagnostics.push(...parsed.diagnostics);
    reader.blocks.push({ kind: "console", commands: parsed.commands, lines });
  } else if (language === "predict") {
    const parsed = parsePredictBlock(body.join("\n"), open + 1, reader.file);
    reader.diagnostics.push(...parsed.diagnostics);
    if (parsed.block !== undefined) reader.blocks.push({ ...parsed.block, lines });
  } else if (language === "patch" || language === "source" || language === "file")
    readPlaced(reader, language, code.meta ?? "", body, open);
  else {
    const hint = suggestName(language, [...KINDS, ...SHOWN]);
    complain(reader, open, `unknown kind of block "${language}"`, hint);
  }
  return true;
}

function pushProse(reader: Reader, start: number, end: number): void {
  const markdown = reader.lines
    .slice(start - 1, end)
    .join("\n")
    .trim();
  if (markdown !== "") reader.blocks.push({ kind: "prose", markdown, lines: { start, end } });
}

/** A prediction is decided by a console block: there has to be one after it. */
function checkPredictions(reader: Reader): void {
  reader.blocks.forEach((block, i) => {
    if (block.kind !== "predict") return;
    const rest = reader.blocks.slice(i + 1);
    const decides = rest.findIndex((b) => b.kind === "console");
    const other = rest.findIndex((b) => b.kind === "predict");
    if (decides < 0 || (other >= 0 && other < decides))
      complain(reader, block.lines.start, "no console block follows that decides this prediction");
  });
}

/** What would keep the parser busy for ever. */
function refuseMonsters(reader: Reader, text: string): void {
  if (text.length > SCENARIO_MAX_CHARS) complain(reader, 1, "a scenario of more than a mebibyte");
  const deep = reader.lines.findIndex(
    (line) => (/^(?:[\s>]|[-*+] |\d+[.)] )*/.exec(line)?.[0].length ?? 0) > NESTING_MAX_COLUMNS,
  );
  if (deep >= 0) complain(reader, deep + 1, "nested too deeply to be read");
}

/** Reads a scenario. `file` is only named in diagnostics. */
export function parseScenario(text: string, file: string): ParsedScenario {
  const source = text.replace(/\r\n/g, "\n");
  const front = parseFrontMatter(source, file);
  const lines = source.split("\n");
  const reader: Reader = { file, lines, diagnostics: [...front.diagnostics], blocks: [] };
  refuseMonsters(reader, source);
  if (reader.diagnostics.some(({ code }) => code === "QS1002"))
    return { scenario: undefined, diagnostics: reader.diagnostics };
  // The front matter becomes blank lines, so that line numbers stay the file's.
  const markdown = lines.map((line, i) => (i < front.lineCount ? "" : line)).join("\n");
  const root: Root = unified().use(remarkParse).parse(markdown);
  let next = front.lineCount + 1;
  for (const node of root.children) {
    if (node.type !== "code" || node.position === undefined) continue;
    const [open, close] = [node.position.start.line, node.position.end.line];
    if (!/^ {0,3}(`{3}|~{3})/.test(lines[open - 1] ?? "")) continue; // an indented block
    const before = reader.blocks.length;
    if (!readFence(reader, node, open, close)) continue;
    const made = reader.blocks.splice(before);
    pushProse(reader, next, open - 1);
    reader.blocks.push(...made);
    next = close + 1;
  }
  pushProse(reader, next, lines.length);
  checkPredictions(reader);
  if (!reader.blocks.some((block) => block.kind === "console"))
    complain(reader, 1, "a scenario needs at least one console block");
  const { diagnostics, blocks } = reader;
  if (diagnostics.length > 0 || front.front === undefined)
    return { scenario: undefined, diagnostics };
  return { scenario: { file, text: source, front: front.front, blocks }, diagnostics };
}
