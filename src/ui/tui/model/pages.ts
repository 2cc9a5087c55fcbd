/**
 * A scenario as the reader meets it: a page is some prose and at most one block, and Space carries
 * out the block and turns the page. The steps inside a page are the scenario player's.
 */
import type {
  ConsoleBlock,
  ExcerptBlock,
  FileBlock,
  PredictBlock,
} from "../../scenario/scenario.ts";
import type { Step, StepResult } from "../../scenario/steps.ts";

export type PageBlock = ConsoleBlock | PredictBlock | ExcerptBlock | FileBlock;

export interface Page {
  readonly markdown: string;
  readonly block: PageBlock | undefined;
  /** The steps of this page: first <= index < end. */
  readonly firstStep: number;
  readonly endStep: number;
  /** The question that this page's run decides, and the page where it was asked. */
  readonly reveals: PredictBlock | undefined;
  readonly askedOn: number;
}

/** Index after the run of steps from `at` that `belongs`. */
function endOfRun(steps: readonly Step[], at: number, belongs: (step: Step) => boolean): number {
  let end = at;
  for (let step = steps[end]; step !== undefined && belongs(step); step = steps[end]) end++;
  return end;
}

/** The pages of a scenario's steps. A page with only prose is the last one. */
export function pagesOf(steps: readonly Step[]): readonly Page[] {
  const pages: Page[] = [];
  for (let firstStep = 0; firstStep < steps.length; firstStep = pages.at(-1)?.endStep ?? 0) {
    const proseEnd = endOfRun(steps, firstStep, (step) => step.kind === "read");
    const step = steps[proseEnd];
    const block = step === undefined || step.kind === "read" ? undefined : step.block;
    const last = (one: Step): boolean =>
      one === step || (block?.kind === "console" && (one.block === block || one.kind === "reveal"));
    const endStep = endOfRun(steps, proseEnd, last);
    const prose = steps.slice(firstStep, proseEnd);
    const reveals = steps.slice(proseEnd, endStep).find((one) => one.kind === "reveal")?.block;
    pages.push({
      markdown: prose.map((one) => (one.kind === "read" ? one.block.markdown : "")).join("\n\n"),
      block,
      firstStep,
      endStep,
      reveals,
      askedOn: reveals === undefined ? -1 : pages.findIndex((page) => page.block === reveals),
    });
  }
  return pages;
}

/** Whether everything of a page has been played. */
export const isPlayed = (page: Page, results: readonly StepResult[]): boolean =>
  results.length >= page.endStep;

/** The results of a page's steps so far. */
export function resultsOf(page: Page, results: readonly StepResult[]): readonly StepResult[] {
  return results.slice(page.firstStep, page.endStep);
}
