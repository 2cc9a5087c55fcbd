/**
 * What came of playing a lesson, in a few words: do its questions have the answers that it tells? Its
 * text is left out of the comparison, since another schedule is another clock and another order of lines.
 */
import { KernelBug } from "#kernel";
import { lineOf } from "./report.ts";
import type { ScenarioResult, StepResult } from "./steps.ts";

/** "as told", or the first step that comes out otherwise. */
export function lessonOutcome({ bug, diagnostics, results }: ScenarioResult): string {
  if (bug !== undefined) throw new KernelBug(bug.message);
  const [refused] = diagnostics;
  if (refused !== undefined) return `line ${refused.line}: ${refused.message}`;
  // A command that only printed something else has no message.
  const first = results.find(({ ok, message }) => !ok && message !== undefined);
  return first === undefined ? "as told" : `line ${lineOf(first.step)}: ${whatElse(first)}`;
}

function whatElse({ step, holding, message }: StepResult): string {
  if (step.kind !== "reveal") return message ?? "";
  const held = (holding ?? []).map((choice) => `answer ${choice + 1}`);
  return held.length === 0 ? "no answer holds" : `${held.join(" and ")} holds`;
}
