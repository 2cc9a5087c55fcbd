/**
 * The story pane: the scenario as an article that has been read up to the current page. Commands
 * say what is typed next, questions where the answer goes, and what the run did is said in words.
 */

import { stepDiff } from "../../scenario/report.ts";
import type { ConsoleBlock, PredictBlock } from "../../scenario/scenario.ts";
import type { StepResult } from "../../scenario/steps.ts";
import { inlineMarkdown, markdownLines, wrapSpans } from "../markdown-view.ts";
import { isPlayed, type Page, resultsOf } from "../model/pages.ts";
import { hardWrap, printable } from "../text.ts";
import type { Glyphs, Line, Span, Tone } from "../theme.ts";
import { sourceTitle } from "./source-lines.ts";

export interface StoryInput {
  readonly pages: readonly Page[];
  /** Of what has happened at the reader's moment. */
  readonly results: readonly StepResult[];
  /** The page's step has been done before, and would be looked at again. */
  readonly again: boolean;
  readonly page: number;
  readonly answers: Readonly<Record<number, number>>;
  readonly pick: number;
  readonly busy: boolean;
  /** The source pane is in view. */
  readonly sourceShown: boolean;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** The article, where its current page starts, and what to do next: that is always in view. */
export interface StoryText {
  readonly lines: readonly Line[];
  readonly pageStart: number;
  readonly prompt: readonly Line[];
  /** What stands there, in as many lines, while more of the text is below. */
  readonly readOn: readonly Line[];
}

function commandLines(input: StoryInput, page: Page, block: ConsoleBlock): Line[] {
  const results = resultsOf(page, input.results);
  return block.commands.flatMap((command): Line[] => {
    const result = results.find(
      (one) => one.step.kind === "command" && one.step.command === command,
    );
    const verdict: Span[] =
      result === undefined ? [] : result.ok ? [{ text: " done", tone: "good" }] : [];
    const typed = wrapSpans([{ text: command.text, tone: "code" }], input.width - 4);
    const lines: Line[] = typed.map((line, index) => [
      { text: index === 0 ? `${command.prompt} ` : "  ", tone: "dim" },
      ...line,
      ...(index === typed.length - 1 ? verdict : []),
    ]);
    if (result?.ok === false) lines.push(...differs(result, input.width));
    return lines;
  });
}

/** Lines of a diff that the story has room for; the rest is counted. */
const DIFF_LINES_MAX = 16;

const DIFF_TONES: Readonly<Record<string, Tone>> = { "-": "warn", "+": "bad" };

/** A step that went another way than the scenario says: why, and what came instead. */
function differs(result: StepResult, width: number): Line[] {
  const { message } = result;
  const says = `This is not what the scenario expects${message === undefined ? "." : `: ${message}.`}`;
  const lines = wrapSpans([{ text: says, tone: "bad" }], width);
  const diff = stepDiff(result);
  if (!diff.some((line) => /^[-+]/.test(line))) return lines;
  lines.push(
    ...wrapSpans([{ text: "- the scenario expects", tone: "warn" }], width),
    ...wrapSpans([{ text: "+ this machine printed", tone: "bad" }], width),
  );
  const shown = diff.flatMap((line) => {
    const tone = DIFF_TONES[line[0] ?? ""] ?? "dim";
    const [first = "", ...rest] = hardWrap(printable(line), width);
    const more = rest.length === 0 ? [] : hardWrap(rest.join(""), width - 4);
    return [first, ...more.map((part) => `    ${part}`)].map((text): Line => [{ text, tone }]);
  });
  lines.push(...shown.slice(0, DIFF_LINES_MAX));
  const left = shown.length - DIFF_LINES_MAX;
  if (left > 0) lines.push([{ text: `and ${left} more lines`, tone: "dim" }]);
  return lines;
}

function questionLines(input: StoryInput, index: number, block: PredictBlock): Line[] {
  const answer = input.answers[index];
  const current = index === input.page;
  const lines: Line[] = [...wrapSpans(inlineMarkdown(block.question, "strong"), input.width)];
  for (const [number, choice] of block.choices.entries()) {
    const chosen = answer === number;
    const pointed = current && answer === undefined && input.pick === number;
    const mark = pointed || chosen ? `${input.glyphs.pointer} ` : "  ";
    const text = wrapSpans(inlineMarkdown(choice.says), input.width - 5);
    for (const [row, line] of text.entries()) {
      const head = row === 0 ? `${mark}${number + 1}. ` : "     ";
      lines.push([
        { text: head, tone: pointed ? "focus" : "plain" },
        ...line.map((span): Span => (pointed || chosen ? { ...span, tone: "focus" } : span)),
      ]);
    }
  }
  return lines;
}

const plainText = (markdown: string): string =>
  inlineMarkdown(markdown)
    .map((span) => span.text)
    .join("");

/** The prediction, confronted with what the run did. */
function revealLines(input: StoryInput, page: Page): Line[] {
  const block = page.reveals;
  const result = resultsOf(page, input.results).find((one) => one.step.kind === "reveal");
  if (block === undefined || result === undefined) return [];
  const says = (choice: number | undefined): string =>
    choice === undefined
      ? "nothing"
      : `"${plainText(block.choices[choice]?.says ?? "").replace(/\.$/, "")}"`;
  const held = result.holding ?? [];
  const answer = input.answers[page.askedOn];
  const right = answer !== undefined && held.includes(answer);
  const lines: Line[] = [[]];
  lines.push(
    ...wrapSpans(
      [
        { text: right ? "As you said: " : `You said ${says(answer)}. The run shows: ` },
        {
          text: held.map(says).join(" and ") || "none of the choices",
          tone: right ? "good" : "warn",
        },
      ],
      input.width,
    ),
  );
  if (!result.ok) lines.push(...differs(result, input.width));
  return lines;
}

const promptSpan = (input: StoryInput, text: string): Span => ({
  text: `${input.glyphs.pointer} ${text}`,
  tone: "focus",
});

function promptLines(input: StoryInput, page: Page): readonly Line[] {
  const say = (text: string): readonly Line[] => wrapSpans([promptSpan(input, text)], input.width);
  const { block } = page;
  if (input.busy) return say("running...");
  if (input.again) return say("Space: forward again");
  if (block === undefined) return say("The end. b goes back, Esc leaves");
  if (block.kind === "predict") {
    const answered = input.answers[input.page] !== undefined;
    // Without the pointer, which is at a choice.
    const ask = `What do you think? 1 to ${block.choices.length}`;
    return answered ? say("Space: go on") : [[{ text: ask, tone: "focus" }]];
  }
  if (block.kind === "console") {
    if (isPlayed(page, input.results)) return say("Done. b goes back, Esc leaves");
    return say(`Space types ${block.commands.length === 1 ? "it" : "them"}`);
  }
  if (!input.sourceShown) return say("Space shows it");
  return say(block.kind === "file" ? "Space puts the file into the machine" : "Space: go on");
}

function blockLines(input: StoryInput, index: number, page: Page): Line[] {
  const { block } = page;
  if (block === undefined) return [];
  if (block.kind === "console") {
    return [...commandLines(input, page, block), ...revealLines(input, page)];
  }
  if (block.kind === "predict") return questionLines(input, index, block);
  const where = " is in the source pane: Tab goes there, z widens it.";
  const failed = resultsOf(page, input.results).find((result) => !result.ok);
  return [
    ...wrapSpans(
      [{ text: `${sourceTitle(page)}`, tone: "code" }, { text: index === input.page ? where : "" }],
      input.width,
    ),
    ...(failed === undefined ? [] : differs(failed, input.width)),
  ];
}

/** Whether a page's run answered a question or went another way than the scenario says. */
const hasNews = (page: Page, results: readonly StepResult[]): boolean =>
  resultsOf(page, results).some((result) => result.step.kind === "reveal" || !result.ok);

/** Commands told again above what came of them. */
const COMMANDS_AGAIN = 3;

/** After a long list of commands, all of them done, the reader starts near what they came to. */
function skippedLines(input: StoryInput, page: Page): number {
  if (page.block?.kind !== "console") return 0;
  if (resultsOf(page, input.results).some(({ step, ok }) => step.kind === "command" && !ok))
    return 0;
  return Math.max(0, commandLines(input, page, page.block).length - COMMANDS_AGAIN);
}

export function storyText(input: StoryInput): StoryText {
  const lines: Line[] = [];
  let pageStart = 0;
  for (const [index, page] of input.pages.slice(0, input.page + 1).entries()) {
    if (lines.length > 0) lines.push([]);
    const before = input.pages[index - 1];
    // What the last step came to is read first, when it is more than "done".
    if (before === undefined || !hasNews(before, input.results)) pageStart = lines.length;
    lines.push(...markdownLines(page.markdown, input.width, input.glyphs));
    if (page.markdown !== "" && page.block !== undefined) lines.push([]);
    const blockStart = lines.length;
    lines.push(...blockLines(input, index, page));
    if (index < input.page && hasNews(page, input.results))
      pageStart = blockStart + skippedLines(input, page);
  }
  const page = input.pages[input.page];
  const prompt = page === undefined ? [] : promptLines(input, page);
  const readOn = prompt.map(
    (_, row): Line => (row === 0 ? [promptSpan(input, "Space: read on")] : []),
  );
  return { lines, pageStart, prompt, readOn };
}

/** The first line in view: the page's end when all of the page fits, else its beginning. */
export function storyTop(text: StoryText, height: number): number {
  return Math.max(0, Math.min(text.pageStart, text.lines.length - height));
}
