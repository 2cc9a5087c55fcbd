/**
 * Sockets of the UNIX domain: streams, datagrams and sequenced packets between processes of one
 * machine, descriptors and credentials sent along.
 *
 * Source: unix(7); net/unix/af_unix.c of Linux 6.1. Each socket has an inbox; a sender waits when it
 * is full. Left out: out-of-band data, buffer-size options, garbage collection of sockets that are
 * sent over themselves.
 */
import {
  EAGAIN,
  ECONNREFUSED,
  ECONNRESET,
  EINVAL,
  EISCONN,
  EMSGSIZE,
  ENOTCONN,
  EPERM,
  EPIPE,
} from "../abi/errno.ts";
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDHUP,
  POLLRDNORM,
  POLLWRNORM,
} from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { SIGPIPE } from "../abi/signal-numbers.ts";
import { SOCK_STREAM } from "../abi/socket.ts";
import {
  SOCKET_BACKLOG_MAX,
  SOCKET_BUFFER_MAX_BYTES,
  SOCKET_DATAGRAMS_MAX,
} from "../lib/limits.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { IoCaller } from "./file-ops.ts";
import type { OpenFile } from "./open-file.ts";

/** Who sent a message, or is at the other end: struct ucred. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** What goes over a socket at once. */
export interface Message {
  readonly bytes: Uint8Array;
  /** Open files that travel with it; each has a reference of its own. */
  readonly files: readonly OpenFile[];
  readonly sender: PeerCredentials;
  /** The sender, whose sun_path is looked at when the message is received. */
  readonly from: { readonly name: Uint8Array };
}

export interface TransferOptions {
  readonly noWait: boolean;
  readonly noSignal?: boolean;
  readonly peek?: boolean;
}

const NO_NAME = new Uint8Array(0);

/** 0 where the caller may sleep, else the errno that it gets instead. */
function whyNotWait(caller: IoCaller, noWait: boolean): number {
  if (noWait) return -EAGAIN;
  return caller.signalPending() ? -ERESTARTSYS : 0;
}

export class UnixSocket {
  readonly type: number;
  /** sun_path; an abstract name begins with NUL. */
  name: Uint8Array = NO_NAME;
  peer: UnixSocket | undefined;
  /** Whoever was at the other end when the connection was made: SO_PEERCRED. */
  peerCredentials: PeerCredentials = { pid: 0, uid: 0xffffffff, gid: 0xffffffff };
  owner: PeerCredentials;
  isListening = false;
  passesCredentials = false;
  /** Sleepers of all kinds, on this socket's state. */
  readonly queue: WaitQueue = new WaitQueue();
  readonly #inbox: Message[] = [];
  #inboxBytes = 0;
  readonly #backlog: UnixSocket[] = [];
  #backlogMax = 0;
  #isClosed = false;
  #shutRead = false;
  #shutWrite = false;
  /** The other end is gone. */
  #hungUp = false;
  /** SO_ERROR: told once. */
  #error = 0;

  constructor(type: number, owner: PeerCredentials) {
    this.type = type;
    this.owner = owner;
  }

  get isStream(): boolean {
    return this.type === SOCK_STREAM;
  }

  get isConnectionless(): boolean {
    return this.type === 2;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get inboxBytes(): number {
    return this.isStream ? this.#inboxBytes : (this.#inbox[0]?.bytes.length ?? 0);
  }

  takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }

  /** Makes two sockets each other's peers. */
  pairWith(other: UnixSocket): void {
    this.peer = other;
    other.peer = this;
    this.peerCredentials = other.owner;
    other.peerCredentials = this.owner;
    // Whoever polls one of them must look at the other's room from now on.
    this.queue.wakeAll();
    other.queue.wakeAll();
  }

  listen(backlog: number, owner: PeerCredentials): number {
    if (this.isConnectionless) return -EINVAL;
    if (this.peer !== undefined || this.name.length === 0) return -EINVAL;
    this.isListening = true;
    this.owner = owner;
    this.#backlogMax = Math.min(backlog >>> 0, SOCKET_BACKLOG_MAX);
    this.queue.wakeAll();
    return 0;
  }

  /** Connects to a socket that was found by name; waits while its backlog is full. */
  *connect(to: UnixSocket, caller: IoCaller, noWait: boolean): Kpath<number> {
    if (this.isConnectionless) return this.#connectDatagram(to);
    if (this.peer !== undefined) return -EISCONN;
    if (this.isListening) return -EINVAL;
    while (!to.#isClosed && to.isListening && to.#backlog.length > to.#backlogMax) {
      const refused = whyNotWait(caller, noWait);
      if (refused < 0) return refused;
      yield { queue: to.queue, interruptible: true };
    }
    if (to.#isClosed || !to.isListening || to.#shutRead) return -ECONNREFUSED;
    const served = new UnixSocket(this.type, to.owner);
    served.name = to.name;
    served.pairWith(this);
    to.#backlog.push(served);
    to.queue.wakeAll();
    return 0;
  }

  #connectDatagram(to: UnixSocket): number {
    // A datagram socket that has chosen its peer hears of nobody else.
    if (to.peer !== undefined && to.peer !== this) return -EPERM;
    this.peer = to;
    this.queue.wakeAll();
    return 0;
  }

  disconnect(): void {
    this.peer = undefined;
    this.queue.wakeAll();
  }

  *accept(caller: IoCaller, noWait: boolean): Kpath<UnixSocket | number> {
    if (this.isConnectionless || !this.isListening) return -EINVAL;
    for (;;) {
      const next = this.#backlog.shift();
      if (next !== undefined) {
        this.queue.wakeAll();
        return next;
      }
      if (this.#shutRead) return -EINVAL;
      const refused = whyNotWait(caller, noWait);
      if (refused < 0) return refused;
      yield { queue: this.queue, interruptible: true };
    }
  }

  /** Sends to `to`, or to the peer. A stream sends as much as there is room for, and waits for more. */
  *send(
    message: Message,
    to: UnixSocket | undefined,
    caller: IoCaller,
    options: TransferOptions,
  ): Kpath<number> {
    const target = to ?? this.peer;
    if (target === undefined)
      return this.#hungUp ? this.#failed(-EPIPE, caller, options) : -ENOTCONN;
    if (!this.isStream && message.bytes.length > SOCKET_BUFFER_MAX_BYTES) return -EMSGSIZE;
    const progress = { done: 0 };
    const result = yield* this.#sendAll(message, target, to !== undefined, progress, () =>
      whyNotWait(caller, options.noWait),
    );
    // Once anything went the call is no failure.
    if (result >= 0 || progress.done > 0) return progress.done;
    return this.#failed(result, caller, options);
  }

  *#sendAll(
    message: Message,
    target: UnixSocket,
    isNamed: boolean,
    progress: { done: number },
    mayWait: () => number,
  ): Kpath<number> {
    const total = message.bytes.length;
    for (;;) {
      const refused = this.#refuseSend(target, isNamed);
      if (refused < 0) return refused;
      const room = target.#room(total - progress.done);
      if (room > 0 || total === 0) {
        progress.done += target.#receivePart(message, progress.done, room);
        if (progress.done === total) return 0;
        continue;
      }
      const refusedWait = mayWait();
      if (refusedWait < 0) return refusedWait;
      yield { queue: target.queue, interruptible: true };
    }
  }

  #refuseSend(target: UnixSocket, isNamed: boolean): number {
    if (this.#shutWrite) return -EPIPE;
    if (this.isConnectionless && target.#isClosed) {
      if (!isNamed) this.peer = undefined;
      return -ECONNREFUSED;
    }
    return target.#isClosed || target.#shutRead ? -EPIPE : 0;
  }

  #failed(errno: number, caller: IoCaller, options: TransferOptions): number {
    if (errno === -EPIPE && this.isStream && options.noSignal !== true) caller.raise(SIGPIPE);
    return errno;
  }

  /** How much of `wanted` bytes fits: all or nothing where messages are kept whole. */
  #room(wanted: number): number {
    if (this.isStream) return Math.min(wanted, SOCKET_BUFFER_MAX_BYTES - this.#inboxBytes);
    const isFull =
      this.#inbox.length >= SOCKET_DATAGRAMS_MAX ||
      (this.#inbox.length > 0 && this.#inboxBytes + wanted > SOCKET_BUFFER_MAX_BYTES);
    return isFull ? 0 : Math.max(wanted, 1);
  }

  /** Takes in what there is room for, from `done` on; files come with the first part. */
  #receivePart(message: Message, done: number, room: number): number {
    const bytes = this.isStream ? message.bytes.slice(done, done + room) : message.bytes.slice();
    const files = done === 0 ? message.files : [];
    if (this.isStream && bytes.length === 0 && files.length === 0) return 0;
    this.#inbox.push({ ...message, bytes, files });
    this.#inboxBytes += bytes.length;
    this.queue.wakeAll();
    return bytes.length;
  }

  /** The next message, or of a stream up to `count` bytes of what came together. */
  *receive(
    count: number,
    caller: IoCaller,
    options: TransferOptions,
  ): Kpath<Message | undefined | number> {
    if (!this.isConnectionless && this.peer === undefined && this.#inbox.length === 0) {
      if (this.#error !== 0) return -this.takeError();
      if (!this.#hungUp) return this.isStream ? -EINVAL : -ENOTCONN;
    }
    while (this.#inbox.length === 0) {
      if (this.#error !== 0) return -this.takeError();
      if (this.#shutRead || this.#hungUp) return undefined;
      const refused = whyNotWait(caller, options.noWait);
      if (refused < 0) return refused;
      yield { queue: this.queue, interruptible: true };
    }
    return this.#take(count, options.peek === true);
  }

  #take(count: number, peek: boolean): Message {
    const first = this.#inbox[0] as Message;
    if (!this.isStream) {
      if (peek) return { ...first, files: first.files.map((file) => file.hold()) };
      this.#inbox.shift();
      this.#inboxBytes -= first.bytes.length;
      this.queue.wakeAll();
      return first;
    }
    const bytes = this.#gather(count);
    if (peek) return { ...first, bytes, files: first.files.map((file) => file.hold()) };
    this.#drop(bytes.length);
    this.queue.wakeAll();
    return { ...first, bytes };
  }

  /** What a stream's reader gets at once: up to the next message that files came with. */
  #gather(count: number): Uint8Array {
    const gathered = new Uint8Array(Math.min(count, this.#inboxBytes));
    let size = 0;
    for (const [at, { bytes, files }] of this.#inbox.entries()) {
      if (size === gathered.length || (at > 0 && files.length > 0)) break;
      const part = bytes.subarray(0, gathered.length - size);
      gathered.set(part, size);
      size += part.length;
    }
    return gathered.subarray(0, size);
  }

  /** Takes as many bytes off the inbox; messages that only had files go with what is read. */
  #drop(count: number): void {
    this.#inboxBytes -= count;
    let left = count;
    do {
      const first = this.#inbox[0] as Message;
      const rest = first.bytes.subarray(left);
      left -= first.bytes.length - rest.length;
      if (rest.length === 0) this.#inbox.shift();
      else this.#inbox[0] = { ...first, bytes: rest, files: [] };
    } while (left > 0);
  }

  shutdown(reads: boolean, writes: boolean): number {
    this.#shutRead ||= reads;
    this.#shutWrite ||= writes;
    const { peer } = this;
    if (peer !== undefined && !this.isConnectionless) {
      peer.#shutRead ||= writes;
      peer.#shutWrite ||= reads;
      peer.queue.wakeAll();
    }
    this.queue.wakeAll();
    return 0;
  }

  /** The last descriptor is gone. */
  close(): void {
    this.#close(this.#inbox.length > 0);
  }

  #close(isReset: boolean): void {
    this.#isClosed = true;
    for (const message of this.#inbox.splice(0)) for (const file of message.files) file.release();
    // Whoever waited to be accepted has lost what it wrote.
    for (const waiting of this.#backlog.splice(0)) waiting.#close(true);
    const { peer } = this;
    this.peer = undefined;
    if (peer !== undefined && !this.isConnectionless) {
      peer.peer = undefined;
      peer.#hungUp = true;
      peer.#shutWrite = true;
      if (isReset) peer.#error = ECONNRESET;
      peer.queue.wakeAll();
    }
    this.queue.wakeAll();
  }

  poll(): number {
    let events = 0;
    const isEnd = this.#shutRead || this.#hungUp;
    if (this.#inbox.length > 0 || this.#backlog.length > 0 || isEnd) events |= POLLIN | POLLRDNORM;
    if (isEnd) events |= POLLRDHUP;
    if (this.#hungUp || (this.#shutRead && this.#shutWrite)) events |= POLLHUP;
    // A stream that was never connected counts as hung up.
    if (!this.isConnectionless && this.peer === undefined && !this.isListening) events |= POLLHUP;
    if (this.#error !== 0) events |= POLLERR;
    if (!this.isListening && this.#mayWrite) events |= POLLOUT | POLLWRNORM;
    return events;
  }

  get #mayWrite(): boolean {
    const { peer } = this;
    return peer === undefined || peer.#room(1) > 0;
  }

  /** What a sleeper must watch to see `poll` change: the room at the other end, too. */
  get pollQueues(): readonly WaitQueue[] {
    return this.peer === undefined ? [this.queue] : [this.queue, this.peer.queue];
  }
}
