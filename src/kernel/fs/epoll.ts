/**
 * epoll: a set of open files with what is wanted of each, and the ready ones among them.
 *
 * Source: epoll(7); fs/eventpoll.c of Linux 6.1. Level-triggered entries are asked anew at each wait;
 * edge-triggered ones are reported once for each time that their file stirred. Left out: EPOLLWAKEUP,
 * EPOLLEXCLUSIVE's wake-one.
 */

import { EPOLLERR, EPOLLET, EPOLLHUP, EPOLLONESHOT } from "../abi/epoll.ts";
import { EBADF, EEXIST, EINVAL, ELOOP, ENOENT, EPERM } from "../abi/errno.ts";
import { POLLIN, POLLRDNORM } from "../abi/poll.ts";
import { EPOLL_NESTS_MAX } from "../lib/limits.ts";
import { type Waiter, WaitQueue } from "../lib/wait.ts";
import type { FileOps } from "./file-ops.ts";
import type { OpenFile } from "./open-file.ts";

/** What is wanted of a file, and what the program wants to be told by: struct epoll_event. */
export interface EpollEvent {
  readonly events: number;
  readonly dataLow: number;
  readonly dataHigh: number;
}

interface Entry extends Waiter {
  readonly file: OpenFile;
  readonly fd: number;
  wanted: EpollEvent;
  /** The file stirred since it was last reported. */
  stirred: boolean;
  readonly forget: () => void;
}

const isEdge = (entry: Entry): boolean => (entry.wanted.events & EPOLLET) !== 0;

export class Epoll {
  readonly queue: WaitQueue = new WaitQueue();
  readonly ops: FileOps;
  /** In the order in which they are looked at: whoever was reported goes to the end. */
  #entries: Entry[] = [];

  constructor() {
    this.ops = {
      seekable: false,
      pollQueues: [this.queue],
      poll: () =>
        this.#entries.some((entry) => this.#ready(entry) !== 0) ? POLLIN | POLLRDNORM : 0,
      release: () => {
        for (const entry of this.#entries.splice(0)) this.#detach(entry);
      },
    };
  }

  add(fd: number, file: OpenFile, wanted: EpollEvent): number {
    // Regular files and directories are always ready: there is nothing to wait for.
    if (file.ops.poll === undefined) return -EPERM;
    if (this.#find(fd, file) !== undefined) return -EEXIST;
    const nested = epollOf(file);
    if (nested !== undefined && this.#cannotHold(nested)) return -ELOOP;
    const entry: Entry = {
      file,
      fd,
      wanted,
      stirred: true,
      wake: () => {
        entry.stirred = true;
        this.#listen(entry);
        this.queue.wakeAll();
      },
      forget: () => this.#remove(entry),
    };
    this.#entries.push(entry);
    file.onRelease.add(entry.forget);
    this.#listen(entry);
    this.queue.wakeAll();
    return 0;
  }

  modify(fd: number, file: OpenFile, wanted: EpollEvent): number {
    const entry = this.#find(fd, file);
    if (entry === undefined) return -ENOENT;
    entry.wanted = wanted;
    entry.stirred = true;
    this.queue.wakeAll();
    return 0;
  }

  delete(fd: number, file: OpenFile): number {
    const entry = this.#find(fd, file);
    if (entry === undefined) return -ENOENT;
    this.#remove(entry);
    return 0;
  }

  /** Up to `most` ready entries, each as what happened and the program's own data. */
  take(most: number): EpollEvent[] {
    const ready: EpollEvent[] = [];
    const reported: Entry[] = [];
    for (const entry of [...this.#entries]) {
      if (ready.length >= most) break;
      const events = this.#ready(entry);
      if (events === 0) continue;
      ready.push({ ...entry.wanted, events });
      reported.push(entry);
      entry.stirred = false;
      // A one-shot entry stays, and wants nothing until it is modified.
      if ((entry.wanted.events & EPOLLONESHOT) !== 0)
        entry.wanted = { ...entry.wanted, events: entry.wanted.events & (EPOLLET | EPOLLONESHOT) };
    }
    this.#entries = [...this.#entries.filter((entry) => !reported.includes(entry)), ...reported];
    return ready;
  }

  #ready(entry: Entry): number {
    const { events } = entry.wanted;
    const isSpent = (events & ~(EPOLLET | EPOLLONESHOT)) === 0 && (events & EPOLLONESHOT) !== 0;
    if (isSpent || (isEdge(entry) && !entry.stirred)) return 0;
    // EPOLL's bits are poll's.
    return (entry.file.ops.poll?.(entry.file) ?? 0) & (events | EPOLLERR | EPOLLHUP);
  }

  #find(fd: number, file: OpenFile): Entry | undefined {
    return this.#entries.find((entry) => entry.fd === fd && entry.file === file);
  }

  #listen(entry: Entry): void {
    for (const queue of entry.file.ops.pollQueues ?? []) queue.add(entry);
  }

  #detach(entry: Entry): void {
    for (const queue of entry.file.ops.pollQueues ?? []) queue.remove(entry);
    entry.file.onRelease.delete(entry.forget);
  }

  #remove(entry: Entry): void {
    this.#detach(entry);
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** A loop, or a chain so long that waking along it would go too deep. */
  #cannotHold(other: Epoll): boolean {
    return other === this || other.#depth() >= EPOLL_NESTS_MAX || other.#reaches(this);
  }

  #nested(): Epoll[] {
    return this.#entries.flatMap(({ file }) => epollOf(file) ?? []);
  }

  #depth(): number {
    return 1 + Math.max(0, ...this.#nested().map((epoll) => epoll.#depth()));
  }

  #reaches(other: Epoll): boolean {
    return this.#nested().some((epoll) => epoll === other || epoll.#reaches(other));
  }
}

/** The epoll that an open file is, if it is one. */
export function epollOf(file: OpenFile): Epoll | undefined {
  const { body } = file.inode;
  return body.kind === "anon" && body.behind instanceof Epoll ? body.behind : undefined;
}

/** What epoll_ctl and epoll_wait answer for a descriptor that is no epoll. */
export const refuseNoEpoll = (file: OpenFile | undefined): number =>
  file === undefined ? -EBADF : -EINVAL;
