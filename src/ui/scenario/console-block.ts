/**
 * A `console` block: lines that start with `$ ` or `# ` are typed, a `? N` line after them is the
 * status, everything up to the next prompt is the output expected.
 *
 * Source: the `console` blocks of trycmd (assert-rs/snapbox); its `? failed` words and its stderr
 * lines are left out.
 */
import type { Diagnostic } from "../diagnostic.ts";
import type { ConsoleCommand } from "./scenario.ts";

type Complain = (index: number, message: string, hint: string) => void;

function promptOf(line: string): "$" | "#" | undefined {
  if (line.startsWith("$ ")) return "$";
  return line.startsWith("# ") ? "#" : undefined;
}

/** One command: `lines` from its prompt up to the next, `start` the index of the first. */
function readCommand(
  lines: readonly string[],
  start: number,
  firstLine: number,
  complain: Complain,
): ConsoleCommand {
  let head = 1;
  while (lines[head]?.startsWith("> ")) head++;
  const text = lines.slice(0, head).map((line) => line.slice(2));
  const statusLine = lines[head]?.startsWith("? ") ? lines[head++] : undefined;
  const status = statusLine === undefined ? undefined : Number(statusLine.slice(2));
  if (status !== undefined && !(Number.isInteger(status) && status >= 0 && status <= 255))
    complain(
      start + head - 1,
      `"${statusLine}" is no exit status`,
      "write ? and a number from 0 to 255",
    );
  return {
    prompt: promptOf(lines[0] ?? "") ?? "$",
    text: text.join("\n"),
    status,
    // Blanks at the end of a line show in no editor, so they are no part of the expectation.
    expected: lines.slice(head).map((line) => line.trimEnd()),
    line: firstLine + start,
    outputLine: firstLine + start + head,
  };
}

/** Reads the lines of a block; `firstLine` is the file's number of the first of them. */
export function parseConsoleBlock(
  lines: readonly string[],
  firstLine: number,
  file: string,
): { readonly commands: readonly ConsoleCommand[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const complain: Complain = (index, message, hint) => {
    diagnostics.push({ code: "QS1003", message, file, line: firstLine + index, column: 1, hint });
  };
  const starts = [...lines.keys()].filter((i) => promptOf(lines[i] ?? "") !== undefined);
  if (starts[0] !== 0)
    complain(0, "a console block starts with a prompt", 'write "$ COMMAND" or "# COMMAND"');
  const commands = starts.map((start, i) =>
    readCommand(lines.slice(start, starts[i + 1]), start, firstLine, complain),
  );
  return { commands, diagnostics };
}
