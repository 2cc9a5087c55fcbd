/**
 * The console as a person at the terminal would copy it: what came after a command was typed, without
 * the echo of the command and the prompt that follows.
 */
import type { KernelEvent } from "#kernel";

/** All terminal output among `events`, line ends as in a text file. */
export function consoleText(events: readonly KernelEvent[]): string {
  let text = "";
  for (const event of events) if (event.kind === "tty-write") text += event.text;
  return text.replace(/\r\n/g, "\n");
}

/** The last line if it has no end: what a shell that waits for input has printed. */
export function trailingPrompt(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

/** The output of one command, as lines. */
export function outputLines(text: string, typed: string, prompt: string): readonly string[] {
  let output = text;
  if (output.startsWith(`${typed}\n`)) output = output.slice(typed.length + 1);
  if (prompt !== "" && output.endsWith(prompt)) output = output.slice(0, -prompt.length);
  if (output === "") return [];
  // A trailing blank is invisible in an editor, so that no author can be asked to write it.
  const lines = output.split("\n").map((line) => line.trimEnd());
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
