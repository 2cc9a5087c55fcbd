/**
 * Puts ink's frames on a terminal: only the rows that changed, at most thirty times a second, each
 * at its own place, so that a frame may be as tall as the terminal. ink 6 clears the whole terminal
 * for such frames, and its incremental mode draws one row too low (seen with 6.8.0).
 *
 * It is what ink takes for standard output, with ink's `debug` on: every write is a whole frame.
 */
import { EventEmitter } from "node:events";

/** What the writer needs of a terminal. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

const FRAME_MS = 1000 / 30;
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/** Escape sequences that turn a screen showing `before` into one showing `after`. */
export function updateRows(before: readonly string[], after: readonly string[]): string {
  let update = "";
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const text = after[row] ?? "";
    if (text !== before[row]) update += `\x1b[${row + 1};1H\x1b[0m\x1b[2K${text}`;
  }
  return update;
}

export class ScreenWriter extends EventEmitter {
  readonly isTTY = true;
  readonly #terminal: Terminal;
  #shown: readonly string[] = [];
  #wanted: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWrite = 0;

  constructor(terminal: Terminal) {
    super();
    this.#terminal = terminal;
    terminal.on("resize", this.#resized);
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows || 24;
  }

  /** ink's frame: the whole screen, rows separated by newlines. */
  write = (frame: string): boolean => {
    if (frame === "") return true;
    this.#wanted = frame.split("\n").slice(0, this.rows);
    const wait = this.#lastWrite + FRAME_MS - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer ??= setTimeout(this.flush, wait);
    return true;
  };

  /** Shows the newest frame now. */
  flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastWrite = performance.now();
    const update = updateRows(this.#shown, this.#wanted);
    this.#shown = this.#wanted;
    if (update !== "") this.#terminal.write(BEGIN + update + END);
  };

  close(): void {
    clearTimeout(this.#timer);
    this.#terminal.off("resize", this.#resized);
  }

  #resized = (): void => {
    // The terminal has rewrapped what it showed: nothing on it can be kept.
    this.#shown = [];
    this.#terminal.write("\x1b[2J");
    this.emit("resize");
  };
}
