/** The source pane: the newest patch, source excerpt or file that the scenario has shown. */
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

export function sourceLines(
  page: Page | undefined,
  results: readonly StepResult[],
  width: number,
): readonly Line[] {
  const block = page?.block;
  if (
    page === undefined ||
    block === undefined ||
    block.kind === "console" ||
    block.kind === "predict"
  ) {
    return wrapSpans(
      [{ text: "nothing to show yet: patches and files of the story appear here", tone: "dim" }],
      width,
    );
  }
  if (block.kind === "file") {
    return block.text
      .replace(/\n$/, "")
      .split("\n")
      .flatMap((text) => wrapped(text, "plain", width));
  }
  const text = results[page.endStep - 1]?.actual ?? block.expected;
  return text.flatMap((line) =>
    wrapped(line, block.kind === "patch" ? patchTone(line) : "plain", width),
  );
}
