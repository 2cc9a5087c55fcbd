/**
 * The run states of a task as a Mermaid diagram, drawn from the table that the kernel checks every
 * change against.
 */
import { RUN_STATE_TRANSITIONS, STATE_LETTERS } from "#kernel";

/** A fenced block for Markdown. */
export function runStateDiagram(): string {
  const states = Object.entries(RUN_STATE_TRANSITIONS);
  const letters: Readonly<Record<string, string>> = STATE_LETTERS;
  return [
    "```mermaid",
    "stateDiagram-v2",
    "  [*] --> running",
    ...states.map(([state]) => `  ${state} : ${state} (${letters[state]})`),
    ...states.flatMap(([state, successors]) => successors.map((next) => `  ${state} --> ${next}`)),
    ...states.flatMap(([state, successors]) =>
      successors.length === 0 ? [`  ${state} --> [*]`] : [],
    ),
    "```",
  ].join("\n");
}
