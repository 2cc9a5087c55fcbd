/**
 * How far a long command is: a bar on a terminal, and now and then a line elsewhere, so that a log of
 * it stays short.
 */
import type { Terminal } from "./terminal.ts";

const BAR_WIDTH = 24;
/** Lines that a log gets of one command, at most. */
const LINES = 10;

export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #what: string;
  #done = 0;
  #lines = 0;

  /** `what` is counted, in the plural: "cells". */
  constructor(terminal: Terminal, what: string) {
    this.#terminal = terminal;
    this.#what = what;
  }

  /** One more of `total` is done; `doing` says which. */
  step(total: number, doing: string): void {
    this.#done++;
    const counted = `${this.#done}/${total} ${this.#what}`;
    const part = Math.min(this.#done / total, 1);
    if (this.#terminal.progress !== undefined) {
      const full = Math.round(part * BAR_WIDTH);
      const bar = `${"#".repeat(full)}${"-".repeat(BAR_WIDTH - full)}`;
      this.#terminal.progress(`[${bar}] ${counted}, ${doing}`.slice(0, 79));
    } else if (total > LINES * 5 && Math.floor(part * LINES) > this.#lines) {
      this.#lines = Math.floor(part * LINES);
      this.#terminal.err(`${counted}`);
    }
  }
}
