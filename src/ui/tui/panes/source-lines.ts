/** The source pane: the newest patch, source excerpt or file that the scenario has shown. */
import type { StepResult } from "../../scenario/steps.ts";
import type { Page } from "../model/pages.ts";
import { printable } from "../text.ts";
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

export function sourceLines(
  page: Page | undefined,
  results: readonly StepResult[],
): readonly Line[] {
  const block = page?.block;
  if (
    page === undefined ||
    block === undefined ||
    block.kind === "console" ||
    block.kind === "predict"
  ) {
    return [
      [{ text: "nothing to show yet: patches and files of the story appear here", tone: "dim" }],
    ];
  }
  if (block.kind === "file") {
    return block.text
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => [{ text: printable(text) }]);
  }
  const text = results[page.endStep - 1]?.actual ?? block.expected;
  return text.map((line) => [
    { text: printable(line), tone: block.kind === "patch" ? patchTone(line) : "plain" },
  ]);
}
