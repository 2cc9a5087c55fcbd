/**
 * The console terminal: typed bytes go through the line discipline to readers; written bytes go out.
 * Job control: one session owns the terminal, one of its process groups is in the foreground; others
 * that read get SIGTTIN, and SIGTTOU where TOSTOP or the change of a setting asks for it.
 *
 * Source: drivers/tty/{n_tty,tty_io,tty_jobctrl}.c of Linux 6.1; tty_ioctl(4), credentials(7).
 * Output keeps "\n" as it is: ONLCR is the business of whoever shows it. Left out: pseudo-terminals,
 * break, modem lines, output flow control, packet and exclusive modes.
 */
import { EAGAIN, EINVAL, EIO, ENOTTY, EPERM, ESRCH } from "../abi/errno.ts";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { SIGCONT, SIGHUP, SIGTTIN, SIGTTOU, SIGWINCH } from "../abi/signal-numbers.ts";
import { encodeStruct, viewOf } from "../abi/struct.ts";
import {
  FIONREAD,
  TCFLSH,
  TCGETS,
  TCSBRK,
  TCSETS,
  TCSETSF,
  TCSETSW,
  TERMIOS_LAYOUT,
  TIOCGPGRP,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCNOTTY,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSWINSZ,
  TOSTOP,
  WINSIZE_LAYOUT,
} from "../abi/termios.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { FileOps, IoCaller, IoctlMemory, ReadResult } from "./file-ops.ts";
import { LineDiscipline } from "./line-discipline.ts";
import type { OpenFile } from "./open-file.ts";
import { decodeTermios, defaultTermios, encodeTermios } from "./termios-state.ts";
import { Utf8Stream } from "./utf8-stream.ts";

export interface TtyParts {
  /** Text that appears on the terminal, "\n" for a new line. */
  readonly output: (text: string) => void;
  /** Sends a signal to every process of a group. */
  readonly signalGroup: (pgid: number, sig: number) => void;
}

export class Tty {
  /** The session that this is the controlling terminal of; 0 for none. */
  session = 0;
  /** The foreground process group; 0 for none. */
  foregroundPgid = 0;
  rows = 24;
  columns = 80;
  /** Tasks that sleep in read, for whoever decides when to type. */
  waitingReaders = 0;
  readonly #parts: TtyParts;
  readonly #input: LineDiscipline;
  readonly #queue: WaitQueue = new WaitQueue();
  readonly #screen: Utf8Stream = new Utf8Stream();
  /** Echo of one batch of input, so that it is one write. */
  #echoed: number[] = [];

  constructor(parts: TtyParts) {
    this.#parts = parts;
    this.#input = new LineDiscipline(
      defaultTermios(),
      (sig) => this.#signalForeground(sig),
      (bytes) => this.#echoed.push(...bytes),
    );
  }

  /** Somebody types. */
  type(text: string): void {
    for (const byte of encodeUtf8(text)) this.#input.receive(byte);
    this.#flushEcho();
    if (this.#input.isReadable) this.#queue.wakeAll();
  }

  /** Is there typed input that nobody has read? */
  get hasInput(): boolean {
    return this.#input.isReadable;
  }

  /** The terminal's window changed. */
  resize(rows: number, columns: number): void {
    if (rows === this.rows && columns === this.columns) return;
    this.rows = rows;
    this.columns = columns;
    this.#signalForeground(SIGWINCH);
  }

  /** The leader of a session is gone: disassociate_ctty(). */
  endSession(sid: number): void {
    if (sid === 0 || this.session !== sid) return;
    const foreground = this.foregroundPgid;
    this.session = 0;
    this.foregroundPgid = 0;
    if (foreground === 0) return;
    this.#parts.signalGroup(foreground, SIGHUP);
    this.#parts.signalGroup(foreground, SIGCONT);
  }

  /** Becomes the controlling terminal of a session leader that has none. */
  acquire(caller: IoCaller): void {
    if (!caller.isSessionLeader || this.session !== 0) return;
    this.session = caller.sid;
    this.foregroundPgid = caller.pgid;
  }

  /** Operations for a new open file. */
  open(): FileOps {
    return {
      seekable: false,
      pollQueues: [this.#queue],
      read: (file, _position, count, caller) => this.#read(file, count, caller),
      write: (_file, _position, bytes, caller) => this.#write(bytes, caller),
      poll: () => POLLOUT | POLLWRNORM | (this.#input.isReadable ? POLLIN | POLLRDNORM : 0),
      ioctl: (_file, command, argument, memory, caller) =>
        this.#ioctl(command, argument, memory, caller),
    };
  }

  #read(file: OpenFile, count: number, caller: IoCaller): ReadResult | Kpath<ReadResult> {
    const refused = this.#checkForeground(caller, SIGTTIN);
    if (refused < 0) return refused;
    if (count === 0) return new Uint8Array(0);
    if (this.#input.isReadable) return this.#input.take(count);
    return file.isNonBlocking ? -EAGAIN : this.#readWaiting(count, caller);
  }

  *#readWaiting(count: number, caller: IoCaller): Kpath<ReadResult> {
    for (;;) {
      const refused = this.#checkForeground(caller, SIGTTIN);
      if (refused < 0) return refused;
      if (this.#input.isReadable) return this.#input.take(count);
      if (caller.signalPending()) return -ERESTARTSYS;
      this.waitingReaders += 1;
      try {
        yield { queue: this.#queue, interruptible: true };
      } finally {
        this.waitingReaders -= 1;
      }
    }
  }

  #write(bytes: Uint8Array, caller: IoCaller): number {
    if ((this.#input.termios.lflag & TOSTOP) !== 0) {
      const refused = this.#checkForeground(caller, SIGTTOU);
      if (refused < 0) return refused;
    }
    const text = this.#screen.decode(bytes);
    if (text !== "") this.#parts.output(text);
    return bytes.length;
  }

  /**
   * __tty_check_change() and job_control(): may the caller, if in the background, go on? Otherwise
   * its group gets the signal and the call is to be made again.
   */
  #checkForeground(caller: IoCaller, sig: number): number {
    if (caller.sid !== this.session || this.foregroundPgid === 0) return 0;
    if (caller.pgid === this.foregroundPgid) return 0;
    if (caller.ignores(sig)) return sig === SIGTTIN ? -EIO : 0;
    if (caller.isGroupOrphaned()) return -EIO;
    this.#parts.signalGroup(caller.pgid, sig);
    return -ERESTARTSYS;
  }

  #ioctl(command: number, argument: number, memory: IoctlMemory, caller: IoCaller): number {
    switch (command) {
      case TCGETS:
        return memory.write(encodeTermios(this.#input.termios));
      case TCSETS:
      case TCSETSW:
      case TCSETSF:
        return this.#setTermios(command, memory, caller);
      case TIOCGWINSZ:
        return this.#getWindowSize(memory);
      case TIOCSWINSZ:
        return this.#setWindowSize(memory);
      case FIONREAD:
        return memory.write(int32(this.#input.readableBytes));
      case TCSBRK:
        return 0;
      case TCFLSH:
        if (argument > 2) return -EINVAL;
        if (argument !== 1) this.#input.flush();
        return 0;
      default:
        return this.#jobIoctl(command, argument, memory, caller);
    }
  }

  #jobIoctl(command: number, argument: number, memory: IoctlMemory, caller: IoCaller): number {
    const isOurs = caller.sid !== 0 && caller.sid === this.session;
    switch (command) {
      case TIOCGPGRP:
        return isOurs ? memory.write(int32(this.foregroundPgid)) : -ENOTTY;
      case TIOCGSID:
        return isOurs ? memory.write(int32(this.session)) : -ENOTTY;
      case TIOCSPGRP:
        return this.#setForeground(memory, caller);
      case TIOCSCTTY:
        if (isOurs && caller.isSessionLeader) return 0;
        if (!caller.isSessionLeader) return -EPERM;
        if (this.session !== 0 && argument !== 1) return -EPERM;
        this.session = 0;
        this.acquire(caller);
        return 0;
      case TIOCNOTTY:
        if (!isOurs) return -ENOTTY;
        if (caller.isSessionLeader) this.endSession(caller.sid);
        return 0;
      default:
        return -ENOTTY;
    }
  }

  #setForeground(memory: IoctlMemory, caller: IoCaller): number {
    const refused = this.#checkForeground(caller, SIGTTOU);
    if (refused < 0) return refused;
    if (caller.sid === 0 || caller.sid !== this.session) return -ENOTTY;
    const view = memory.read(4);
    if (typeof view === "number") return view;
    const pgid = view.getInt32(0, true);
    if (pgid < 0) return -EINVAL;
    const sid = caller.sessionOfGroup(pgid);
    if (sid === undefined) return -ESRCH;
    if (sid !== caller.sid) return -EPERM;
    this.foregroundPgid = pgid;
    return 0;
  }

  #setTermios(command: number, memory: IoctlMemory, caller: IoCaller): number {
    const refused = this.#checkForeground(caller, SIGTTOU);
    if (refused < 0) return refused;
    const view = memory.read(TERMIOS_LAYOUT.size);
    if (typeof view === "number") return view;
    if (command === TCSETSF) this.#input.flush();
    this.#input.setTermios(decodeTermios(view));
    if (this.#input.isReadable) this.#queue.wakeAll();
    return 0;
  }

  #getWindowSize(memory: IoctlMemory): number {
    const bytes = new Uint8Array(WINSIZE_LAYOUT.size);
    encodeStruct(WINSIZE_LAYOUT, { ws_row: this.rows, ws_col: this.columns }, viewOf(bytes));
    return memory.write(bytes);
  }

  #setWindowSize(memory: IoctlMemory): number {
    const view = memory.read(WINSIZE_LAYOUT.size);
    if (typeof view === "number") return view;
    this.resize(view.getUint16(0, true), view.getUint16(2, true));
    return 0;
  }

  #signalForeground(sig: number): void {
    this.#flushEcho();
    if (this.foregroundPgid !== 0) this.#parts.signalGroup(this.foregroundPgid, sig);
  }

  #flushEcho(): void {
    if (this.#echoed.length === 0) return;
    const text = this.#screen.decode(Uint8Array.from(this.#echoed));
    this.#echoed = [];
    if (text !== "") this.#parts.output(text);
  }
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setInt32(0, value, true);
  return bytes;
}
