/**
 * What a terminal would show for the bytes that tasks wrote to it, as a list of lines: newline,
 * carriage return, backspace and tab are obeyed, escape sequences are dropped.
 *
 * Left out: cursor addressing and colours. A program that paints the screen is shown as text.
 */

/** Lines kept; older ones are forgotten. */
const CONSOLE_LINES_MAX = 600;

/** Lines of a terminal, the last one open, and where in it the next character goes. */
export interface ScreenLines {
  readonly lines: readonly string[];
  readonly column: number;
  /** An escape sequence that has begun and not ended. */
  readonly pending: string;
}

export const EMPTY_SCREEN: ScreenLines = { lines: [""], column: 0, pending: "" };

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what an escape sequence starts with
const ESCAPE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_=>])/g;
const PENDING_MAX = 64;

function put(line: string, column: number, text: string): string {
  const head = line.length < column ? line.padEnd(column) : line.slice(0, column);
  return head + text + line.slice(column + text.length);
}

/** The screen after `text` was written. */
export function writeScreen(screen: ScreenLines, text: string): ScreenLines {
  const clean = (screen.pending + text).replace(ESCAPE, "");
  const start = clean.lastIndexOf("\x1b");
  const held = start >= 0 && clean.length - start < PENDING_MAX ? clean.slice(start) : "";
  const shown = held === "" ? clean : clean.slice(0, start);
  const lines = screen.lines.slice();
  let current = lines.pop() ?? "";
  let column = screen.column;
  for (const piece of shown.split(/([\n\r\b\t])/)) {
    if (piece === "\n") {
      lines.push(current);
      current = "";
      column = 0;
    } else if (piece === "\r") column = 0;
    else if (piece === "\b") column = Math.max(0, column - 1);
    else if (piece === "\t") column = (Math.floor(column / 8) + 1) * 8;
    else if (piece !== "") {
      current = put(current, column, piece);
      column += piece.length;
    }
  }
  lines.push(current);
  return { lines: lines.slice(-CONSOLE_LINES_MAX), column, pending: held };
}
