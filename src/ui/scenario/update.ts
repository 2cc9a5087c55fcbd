/**
 * `--update`: the scenario's text with what the run showed in place of what was expected. Only the
 * lines of expected output change; prose, commands and elisions that still match stay.
 */
import { updatedOutput } from "./match-output.ts";
import type { Scenario } from "./scenario.ts";
import type { StepResult } from "./steps.ts";

interface Edit {
  /** Index of the first line to replace, from 0. */
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

function editFor(result: StepResult): Edit | undefined {
  const { step, actual } = result;
  if (actual === undefined) return undefined;
  if (step.kind === "command") {
    const { expected, outputLine } = step.command;
    return {
      at: outputLine - 1,
      remove: expected.length,
      insert: updatedOutput(expected, actual),
    };
  }
  if (step.kind !== "excerpt") return undefined;
  const { expected, lines } = step.block;
  return { at: lines.start, remove: expected.length, insert: updatedOutput(expected, actual) };
}

/** The new text of the scenario's file. */
export function updateScenario(scenario: Scenario, results: readonly StepResult[]): string {
  const lines = scenario.text.split("\n");
  const edits = results.map(editFor).filter((edit) => edit !== undefined);
  // From the bottom up, so that line numbers above an edit stay true.
  for (const edit of edits.sort((a, b) => b.at - a.at))
    lines.splice(edit.at, edit.remove, ...edit.insert);
  return lines.join("\n");
}
