/**
 * Where a line of strace's output stands: whose call is open on it, what prefix it gets, how a call
 * that others interrupt is left `<unfinished ...>` and taken up as `<... x resumed>`. Pure: every
 * method answers the text to write.
 *
 * Source: strace 6.1, printleader(), tabto() and print_syscall_resume() of strace.c and syscall.c.
 */

/** Column of the `=`. */
const RESULT_COLUMN = 40;

export interface PrefixStyle {
  /** With `-o` and `-f` every line starts with the pid. */
  readonly always: boolean;
}

export class LinePrinter {
  readonly #style: PrefixStyle;
  /** Who has the unfinished line, 0 for nobody. */
  #open = 0;
  #column = 0;

  constructor(style: PrefixStyle) {
    this.#style = style;
  }

  /** The start of a call. `several` says whether more than one process is traced now. */
  callEntry(pid: number, text: string, several: boolean): string {
    const line = this.#finish() + this.#start(this.#prefix(pid, several) + text);
    this.#open = pid;
    return line;
  }

  /** The rest of a call; `name` is needed when its line was left. */
  callExit(pid: number, name: string, rest: string, result: string, several: boolean): string {
    return this.#resume(pid, name, several) + this.#end(rest, result);
  }

  /** The process is gone while in a call; `complete` when its arguments were all printed. */
  callLost(pid: number, name: string, complete: boolean, several: boolean): string {
    return this.#resume(pid, name, several) + this.#end(complete ? "" : " <unfinished ...>", "?");
  }

  /** A line of its own: a signal, an end. */
  event(pid: number, text: string, several: boolean): string {
    return `${this.#finish()}${this.#prefix(pid, several)}${text}\n`;
  }

  /** Leaves an open line as it is at a detach. */
  detached(): string {
    if (this.#open === 0) return "";
    this.#open = 0;
    return " <detached ...>\n";
  }

  #prefix(pid: number, several: boolean): string {
    if (this.#style.always) return `${String(pid).padEnd(5)} `;
    return several ? `[pid ${String(pid).padStart(5)}] ` : "";
  }

  #start(text: string): string {
    this.#column = text.length;
    return text;
  }

  #finish(): string {
    if (this.#open === 0) return "";
    this.#open = 0;
    return " <unfinished ...>\n";
  }

  #resume(pid: number, name: string, several: boolean): string {
    if (this.#open === pid) return "";
    return this.#finish() + this.#start(`${this.#prefix(pid, several)}<... ${name} resumed>`);
  }

  #end(rest: string, result: string): string {
    const text = `${rest}) `;
    const blanks = " ".repeat(Math.max(0, RESULT_COLUMN - 1 - (this.#column + text.length - 1)));
    this.#open = 0;
    this.#column = 0;
    return `${text}${blanks}= ${result}\n`;
  }
}
