/**
 * Pipes: a bounded queue of bytes between those who hold its write end and those who hold its read
 * end. Cases: a read of an empty pipe waits for data or for the last writer to go (end of file); a
 * write to a full pipe waits for room; a write that nobody can read is SIGPIPE and EPIPE; a write of
 * up to PIPE_BUF bytes is never torn. Opening a named one waits for somebody at the other end.
 *
 * Source: fs/pipe.c of Linux 6.1, pipe(7), fifo(7). Capacity is counted in bytes, not in 16 page buffers.
 * Left out: packet mode (O_DIRECT), splice.
 */
import { EAGAIN, EBUSY, ENOTTY, EPIPE } from "../abi/errno.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { SIGPIPE } from "../abi/signal-numbers.ts";
import { FIONREAD } from "../abi/termios.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { PIPE_ATOMIC_MAX_BYTES, PIPE_CAPACITY_BYTES } from "../lib/limits.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { FileOps, IoCaller, ReadResult } from "./file-ops.ts";
import type { OpenFile } from "./open-file.ts";

export class Pipe {
  readers = 0;
  writers = 0;
  /** How many there have been: whoever waits for one may miss it, when it is soon gone. */
  readonly #ever = { readers: 0, writers: 0 };
  #capacity: number = PIPE_CAPACITY_BYTES;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  /** Sleepers of the two ends. Whoever watches one for edges does not hear of its own reads. */
  readonly #readers: WaitQueue = new WaitQueue();
  readonly #writers: WaitQueue = new WaitQueue();

  /** Bytes that can be read now. */
  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Bytes that can be written now. */
  get room(): number {
    return this.#capacity - this.#size;
  }

  /** F_SETPIPE_SZ: the next power of two that holds `wanted`; -EBUSY where more is inside. */
  resize(wanted: number): number {
    const size = 2 ** Math.ceil(Math.log2(Math.max(wanted, PAGE_SIZE)));
    if (size < this.#size) return -EBUSY;
    this.#capacity = size;
    this.#writers.wakeAll();
    return size;
  }

  /** Operations for a new open file; which end it is follows from its access mode. */
  open(readable: boolean, writable: boolean): FileOps {
    // An end that never was does not hang up.
    const unmet = readable && this.writers === 0 ? this.#ever.writers : -1;
    if (readable) {
      this.readers += 1;
      this.#ever.readers += 1;
    }
    if (writable) {
      this.writers += 1;
      this.#ever.writers += 1;
    }
    this.#wakeBoth();
    return {
      seekable: false,
      pollQueues: [...(readable ? [this.#readers] : []), ...(writable ? [this.#writers] : [])],
      read: (file, _position, count, caller) => this.#read(file, count, caller),
      write: (file, _position, bytes, caller) => this.#write(file, bytes, caller),
      poll: () => this.#poll(readable, writable, this.#ever.writers !== unmet),
      ioctl: (_file, command, _argument, memory) => {
        if (command !== FIONREAD) return -ENOTTY;
        return memory.write(new Uint8Array(new Int32Array([this.#size]).buffer));
      },
      release: () => {
        if (readable) this.readers -= 1;
        if (writable) this.writers -= 1;
        this.#wakeBoth();
      },
    };
  }

  /** fifo_open(): one end is open now; undefined where that does not have to wait for the other. */
  meet(file: OpenFile, caller: IoCaller): Kpath<number> | undefined {
    if (file.isReadable === file.isWritable || file.isNonBlocking) return undefined;
    const other = file.isReadable ? "writers" : "readers";
    return this[other] === 0 ? this.#meetLater(other, caller) : undefined;
  }

  *#meetLater(other: "readers" | "writers", caller: IoCaller): Kpath<number> {
    const before = this.#ever[other];
    while (this.#ever[other] === before) {
      if (caller.signalPending()) return -ERESTARTSYS;
      const queue = other === "writers" ? this.#readers : this.#writers;
      yield { queue, interruptible: true };
    }
    return 0;
  }

  #wakeBoth(): void {
    this.#readers.wakeAll();
    this.#writers.wakeAll();
  }

  #read(file: OpenFile, count: number, caller: IoCaller): ReadResult | Kpath<ReadResult> {
    if (count === 0) return new Uint8Array(0);
    if (this.#size > 0) return this.#take(count);
    if (this.writers === 0) return new Uint8Array(0);
    return file.isNonBlocking ? -EAGAIN : this.#readWaiting(count, caller);
  }

  *#readWaiting(count: number, caller: IoCaller): Kpath<ReadResult> {
    while (this.#size === 0) {
      if (this.writers === 0) return new Uint8Array(0);
      if (caller.signalPending()) return -ERESTARTSYS;
      yield { queue: this.#readers, interruptible: true };
    }
    return this.#take(count);
  }

  #write(file: OpenFile, bytes: Uint8Array, caller: IoCaller): number | Kpath<number> {
    if (bytes.length === 0) return 0;
    if (this.readers === 0) return brokenPipe(caller);
    const room = this.#capacity - this.#size;
    if (bytes.length <= room) return this.#put(bytes);
    if (!file.isNonBlocking) return this.#writeWaiting(bytes, caller);
    if (room === 0 || bytes.length <= PIPE_ATOMIC_MAX_BYTES) return -EAGAIN;
    return this.#put(bytes.subarray(0, room));
  }

  *#writeWaiting(bytes: Uint8Array, caller: IoCaller): Kpath<number> {
    const isAtomic = bytes.length <= PIPE_ATOMIC_MAX_BYTES;
    let done = 0;
    for (;;) {
      if (this.readers === 0) {
        const failed = brokenPipe(caller);
        return done > 0 ? done : failed;
      }
      const room = this.#capacity - this.#size;
      if (isAtomic ? room >= bytes.length : room > 0) {
        done += this.#put(bytes.subarray(done, done + room));
        if (done === bytes.length) return done;
      }
      if (caller.signalPending()) return done > 0 ? done : -ERESTARTSYS;
      yield { queue: this.#writers, interruptible: true };
    }
  }

  #put(bytes: Uint8Array): number {
    this.#chunks.push(bytes.slice());
    this.#size += bytes.length;
    this.#readers.wakeAll();
    return bytes.length;
  }

  #take(count: number): Uint8Array {
    const taken = new Uint8Array(Math.min(count, this.#size));
    let at = 0;
    while (at < taken.length) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = chunk.subarray(0, taken.length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#size -= taken.length;
    this.#writers.wakeAll();
    return taken;
  }

  #poll(readable: boolean, writable: boolean, isMet: boolean): number {
    let events = 0;
    if (readable && this.#size > 0) events |= POLLIN | POLLRDNORM;
    if (readable && this.writers === 0 && isMet) events |= POLLHUP;
    if (writable && this.#capacity - this.#size >= PIPE_ATOMIC_MAX_BYTES)
      events |= POLLOUT | POLLWRNORM;
    if (writable && this.readers === 0) events |= POLLERR;
    return events;
  }
}

function brokenPipe(caller: IoCaller): number {
  caller.raise(SIGPIPE);
  return -EPIPE;
}
