/**
 * How a played scenario is told: passing sections collapse to a line each, the first failing step is
 * shown with a diff, later ones are only counted, since they usually follow from the first.
 *
 * Source: Go's script tests (cmd/go/testdata/script/README).
 */
import { diffArrays } from "diff";
import { formatDiagnostic } from "../diagnostic.ts";
import { matchesLine } from "./match-output.ts";
import type { ScenarioResult, Step, StepResult } from "./steps.ts";

export const lineOf = (step: Step): number =>
  step.kind === "command" ? step.command.line : step.block.lines.start;

function headingOf(step: Step): string | undefined {
  if (step.kind !== "read") return undefined;
  const headings = step.block.markdown.match(/^#+ .*$/gm);
  return headings?.at(-1)?.replace(/^#+ /, "");
}

/** Control characters as ^A: a machine's output must not drive the reader's terminal. */
export function showControls(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones that are meant.
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (control) =>
    control === "\u007f" ? "^?" : `^${String.fromCharCode(control.charCodeAt(0) + 64)}`,
  );
}

/** Lines of a diff: two columns of mark, then the text. Elided lines count as equal. */
export function formatDiff(expected: readonly string[], actual: readonly string[]): string[] {
  const parts = diffArrays([...expected], [...actual], {
    comparator: (a, b) => matchesLine(a, b) || matchesLine(b, a),
  });
  return parts.flatMap((part) => {
    const mark = part.added ? "+ " : part.removed ? "- " : "  ";
    return part.value.map((line) => mark + showControls(line));
  });
}

const titleOf = (step: Step): string => {
  if (step.kind === "command") return `${step.command.prompt} ${step.command.text}`;
  if (step.kind === "excerpt") return `${step.block.kind} ${step.block.name}`;
  return step.kind === "reveal" ? step.block.question : step.kind;
};

/** The expectation that a step's `actual` is compared with. */
function expectedOf(step: Step): readonly string[] | undefined {
  if (step.kind === "command") return step.command.expected;
  return step.kind === "excerpt" ? step.block.expected : undefined;
}

/** What a failing step expected and what came, as `formatDiff` has it; empty without a text. */
export function stepDiff({ step, actual }: StepResult): readonly string[] {
  const expected = expectedOf(step);
  return expected === undefined || actual === undefined ? [] : formatDiff(expected, actual);
}

function formatFailure(result: StepResult, file: string): string[] {
  const { step, message } = result;
  const lines = [`${file}:${lineOf(step)}: ${titleOf(step)}`];
  if (message !== undefined) lines.push(`  ${message}`);
  const diff = stepDiff(result);
  if (diff.length > 0) lines.push("  - expected, + came", ...diff.map((line) => `  ${line}`));
  if (step.kind === "reveal") {
    step.block.choices.forEach((choice, i) => {
      const held = result.holding?.includes(i) ? "holds" : "does not hold";
      lines.push(`  ${i + 1}. ${choice.says} (${held})`);
    });
  }
  return lines;
}

/** The whole report; nothing but one line for a scenario that passes. */
export function formatReport(result: ScenarioResult): string[] {
  const { scenario, results } = result;
  const lines: string[] = [];
  for (const diagnostic of result.diagnostics) lines.push(formatDiagnostic(diagnostic));
  const failed = results.filter((step) => !step.ok);
  const first = failed[0];
  const checked = results.filter((r) => r.step.kind !== "read" && r.step.kind !== "ask").length;
  const word = result.ok ? "ok  " : "FAIL";
  const head = `${word} ${scenario.front.title} (${checked - failed.length} of ${checked} steps)`;
  if (result.ok) return [`${head} ${result.logHash}`];
  lines.push(head);
  for (const step of results) {
    if (step === first) break;
    const heading = headingOf(step.step);
    if (heading !== undefined) lines.push(`  # ${heading}`);
  }
  if (first !== undefined) lines.push(...formatFailure(first, scenario.file));
  if (failed.length > 1) lines.push(`and ${failed.length - 1} more steps failed after it`);
  lines.push(`release ${result.release}, seed ${result.seed}`);
  return lines;
}
