/** The source pane: the newest patch, source excerpt or file that the scenario has shown. */
import { ANY_LINES, alignOutput } from "../../scenario/match-output.ts";
import type { ExcerptBlock } from "../../scenario/scenario.ts";
import type { StepResult } from "../../scenario/steps.ts";
import { wrapSpans } from "../markdown-view.ts";
import type { Page } from "../model/pages.ts";
import { hardWrap, printable } from "../text.ts";
import type { Line, Tone } from "../theme.ts";

/** The page whose block the pane shows, seen from page `current`; -1 for none. */
export function sourcePage(pages: readonly Page[], current: number): number {
  for (let index = Math.min(current, pages.length - 1); index >= 0; index--) {
    const kind = pages[index]?.block?.kind;
    if (kind === "patch" || kind === "source" || kind === "file") return index;
  }
  return -1;
}

function patchTone(text: string): Tone {
  if (/^(\+\+\+|---|diff |index )/.test(text)) return "strong";
  if (text.startsWith("+")) return "good";
  if (text.startsWith("-")) return "bad";
  return text.startsWith("@@") ? "info" : "plain";
}

export function sourceTitle(page: Page | undefined): string {
  const block = page?.block;
  if (block?.kind === "file") return block.path;
  if (block?.kind === "patch") return `patch ${block.name}`;
  return block?.kind === "source" ? block.name : "";
}

/** What is too long goes on below, where no line of a patch could begin. */
const CONTINUATION = "    ";

function wrapped(text: string, tone: Tone, width: number): Line[] {
  const [first = "", ...rest] = hardWrap(printable(text), width);
  const more = rest.length === 0 ? [] : hardWrap(rest.join(""), width - CONTINUATION.length);
  return [
    [{ text: first, tone }],
    ...more.map((part): Line => [{ text: CONTINUATION + part, tone }]),
  ];
}

/** The pane's lines, and the first one that the story is about. */
export interface SourceText {
  readonly lines: readonly Line[];
  readonly anchor: number;
}

export function sourceText(
  page: Page | undefined,
  results: readonly StepResult[],
  width: number,
): SourceText {
  const block = page?.block;
  if (block?.kind === "file") {
    const lines = block.text.replace(/\n$/, "").split("\n");
    return { lines: lines.flatMap((text) => wrapped(text, "plain", width)), anchor: 0 };
  }
  if (page === undefined || (block?.kind !== "patch" && block?.kind !== "source")) {
    const text = "nothing to show yet: patches and files of the story appear here";
    return { lines: wrapSpans([{ text, tone: "dim" }], width), anchor: 0 };
  }
  const text = results[page.endStep - 1]?.actual ?? block.expected;
  const found = new Set(excerptLines(block, text));
  return block.kind === "patch" ? patchText(text, found, width) : fileText(text, found, width);
}

/** Which lines of the whole the author has picked. */
function excerptLines(block: ExcerptBlock, text: readonly string[]): readonly number[] {
  const at = alignOutput(block.expected, text) ?? [];
  return at.filter((_, index) => block.expected[index] !== ANY_LINES);
}

function fileText(text: readonly string[], found: ReadonlySet<number>, width: number): SourceText {
  const lines: Line[] = [];
  let anchor = 0;
  for (const [index, line] of text.entries()) {
    if (index === Math.min(...found)) anchor = lines.length;
    lines.push(...wrapped(line, found.has(index) ? "strong" : "plain", width));
  }
  return { lines, anchor };
}

/** A patch's message as prose, without the lines that only mail needs; then its diff. */
function patchText(text: readonly string[], found: ReadonlySet<number>, width: number): SourceText {
  const message = text.findIndex((line) => /^(---|diff )/.test(line));
  const lines = proseLines(text.slice(0, Math.max(0, message)), width);
  const first = Math.min(...found);
  let anchor = 0;
  for (const [index, line] of text.entries()) {
    if (index < message) continue;
    // The hunk's head says where in the file the lines stand.
    if (index === first) anchor = lines.length - 1;
    lines.push(...wrapped(line, patchTone(line), width));
  }
  return { lines, anchor };
}

const MAIL_HEADER = /^(From|Date|MIME-Version|Content-[\w-]+):? /;
const TRAILER = /^[A-Z][\w-]+: /;

function proseLines(message: readonly string[], width: number): Line[] {
  const lines: Line[] = [];
  let paragraph: string[] = [];
  const flush = (tone: Tone = "plain"): void => {
    if (paragraph.length > 0)
      lines.push(...wrapSpans([{ text: paragraph.join(" "), tone }], width));
    paragraph = [];
  };
  for (const line of message) {
    const subject = /^Subject: (?:\[PATCH[^\]]*\] )?(.*)$/.exec(line)?.[1];
    if (MAIL_HEADER.test(line)) continue;
    if (subject !== undefined || line === "" || TRAILER.test(line)) flush();
    if (line === "" && lines.length > 0) lines.push([]);
    if (subject !== undefined) lines.push(...wrapSpans([{ text: subject, tone: "title" }], width));
    else if (line !== "") paragraph.push(line);
  }
  flush();
  return lines;
}
