/**
 * What becomes of typed bytes: the N_TTY line discipline. Cases: a character that is a signal (ISIG);
 * one that edits the line being typed (ICANON: erase, kill, word erase); one that ends it (newline,
 * ^D); and any other, which is kept. What is echoed comes out as bytes.
 *
 * Source: drivers/tty/n_tty.c of Linux 6.1, termios(3).
 * Left out: ^S and ^Q, ^V, ^R, echoing of escapes as they move a cursor, VTIME, parity.
 */

import { SIGINT, SIGQUIT, SIGTSTP } from "../abi/signal-numbers.ts";
import {
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNCR,
  INLCR,
  ISIG,
  NOFLSH,
  VEOF,
  VEOL,
  VERASE,
  VINTR,
  VKILL,
  VMIN,
  VQUIT,
  VSUSP,
  VWERASE,
} from "../abi/termios.ts";
import { TTY_INPUT_MAX_BYTES } from "../lib/limits.ts";
import type { Termios } from "./termios-state.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;

const SIGNAL_KEYS = [
  [VINTR, SIGINT],
  [VQUIT, SIGQUIT],
  [VSUSP, SIGTSTP],
] as const;

/** One finished read: in canonical mode a line, with its newline unless ^D ended it. */
type Line = readonly number[];

export class LineDiscipline {
  termios: Termios;
  readonly #signal: (sig: number) => void;
  readonly #echo: (bytes: readonly number[]) => void;
  /** Lines that can be read; a read takes at most one. */
  #lines: Line[] = [];
  /** The line being typed; in non-canonical mode all that was typed. */
  #typed: number[] = [];

  constructor(
    termios: Termios,
    signal: (sig: number) => void,
    echo: (bytes: readonly number[]) => void,
  ) {
    this.termios = termios;
    this.#signal = signal;
    this.#echo = echo;
  }

  get #isCanonical(): boolean {
    return (this.termios.lflag & ICANON) !== 0;
  }

  /** Would a read return now? */
  get isReadable(): boolean {
    if (this.#lines.length > 0) return true;
    return !this.#isCanonical && this.#typed.length >= (this.#control(VMIN) || 0);
  }

  /** Bytes that a read could get, for FIONREAD. */
  get readableBytes(): number {
    const finished = this.#lines.reduce((sum, line) => sum + line.length, 0);
    return this.#isCanonical ? finished : finished + this.#typed.length;
  }

  /** Takes up to `count` bytes: the rest of one line. Empty after ^D alone: end of file. */
  take(count: number): Uint8Array {
    const line = this.#lines.shift();
    if (line === undefined) {
      return Uint8Array.from(this.#isCanonical ? [] : this.#typed.splice(0, count));
    }
    if (line.length > count) this.#lines.unshift(line.slice(count));
    return Uint8Array.from(line.slice(0, count));
  }

  flush(): void {
    this.#lines = [];
    this.#typed = [];
  }

  /** New settings; what was typed under ICANON can be read once it is off. */
  setTermios(termios: Termios): void {
    this.termios = termios;
  }

  /** One byte from the keyboard. */
  receive(typed: number): void {
    const { iflag, lflag } = this.termios;
    let byte = typed;
    if (byte === RETURN && (iflag & IGNCR) !== 0) return;
    if (byte === RETURN && (iflag & ICRNL) !== 0) byte = NEWLINE;
    else if (byte === NEWLINE && (iflag & INLCR) !== 0) byte = RETURN;
    if ((lflag & ISIG) !== 0 && this.#receiveSignal(byte)) return;
    if ((lflag & ICANON) === 0) {
      this.#keep(byte);
      return;
    }
    if (this.#edit(byte)) return;
    if (byte === NEWLINE || this.#isKey(byte, VEOL)) {
      if ((lflag & (ECHO | ECHONL)) !== 0) this.#echo([byte]);
      this.#finishLine([byte]);
    } else if (this.#isKey(byte, VEOF)) this.#finishLine([]);
    else this.#keep(byte);
  }

  #receiveSignal(byte: number): boolean {
    for (const [index, sig] of SIGNAL_KEYS) {
      if (!this.#isKey(byte, index)) continue;
      if ((this.termios.lflag & NOFLSH) === 0) this.flush();
      if ((this.termios.lflag & ECHO) !== 0) this.#echo(this.#shown(byte));
      this.#signal(sig);
      return true;
    }
    return false;
  }

  #edit(byte: number): boolean {
    if (this.#isKey(byte, VERASE)) {
      this.#eraseCharacter();
      return true;
    }
    if (this.#isKey(byte, VKILL)) {
      this.#eraseLine(byte);
      return true;
    }
    if ((this.termios.lflag & IEXTEN) === 0 || !this.#isKey(byte, VWERASE)) return false;
    while (this.#typed.at(-1) === 0x20) this.#eraseCharacter();
    while (this.#typed.length > 0 && this.#typed.at(-1) !== 0x20) this.#eraseCharacter();
    return true;
  }

  /** Takes back one character, with all bytes of its UTF-8 form, and wipes it from the screen. */
  #eraseCharacter(): void {
    let last = this.#typed.pop();
    if (last === undefined) return;
    while (last !== undefined && (last & 0xc0) === 0x80) last = this.#typed.pop();
    const { lflag } = this.termios;
    if ((lflag & ECHO) === 0) return;
    if ((lflag & ECHOE) === 0) {
      this.#echo([this.#control(VERASE)]);
      return;
    }
    const columns = last === undefined ? 1 : this.#shown(last).length;
    for (let column = 0; column < columns; column++) this.#echo([0x08, 0x20, 0x08]);
  }

  #eraseLine(key: number): void {
    const { lflag } = this.termios;
    if ((lflag & ECHO) !== 0 && (lflag & ECHOKE) !== 0) {
      while (this.#typed.length > 0) this.#eraseCharacter();
      return;
    }
    this.#typed = [];
    if ((lflag & ECHO) !== 0) this.#echo(this.#shown(key));
    if ((lflag & ECHO) !== 0 && (lflag & ECHOK) !== 0) this.#echo([NEWLINE]);
  }

  #keep(byte: number): void {
    // Linux drops what does not fit too; a newline still ends the line, so that a reader gets on.
    if (this.#typed.length >= TTY_INPUT_MAX_BYTES - 1) return;
    this.#typed.push(byte);
    if ((this.termios.lflag & ECHO) !== 0) this.#echo(this.#shown(byte));
  }

  #finishLine(end: readonly number[]): void {
    this.#lines.push([...this.#typed, ...end]);
    this.#typed = [];
  }

  /** How a byte is echoed: control characters as ^X. */
  #shown(byte: number): readonly number[] {
    const isControl = (byte < 0x20 && byte !== NEWLINE && byte !== TAB) || byte === 0x7f;
    return isControl && (this.termios.lflag & ECHOCTL) !== 0 ? [0x5e, byte ^ 0x40] : [byte];
  }

  /** 0 stands for a control character that is switched off. */
  #isKey(byte: number, index: number): boolean {
    return byte !== 0 && byte === this.#control(index);
  }

  #control(index: number): number {
    return this.termios.cc[index] ?? 0;
  }
}
