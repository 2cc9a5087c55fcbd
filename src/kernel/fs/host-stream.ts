/**
 * Standard streams of the host as character devices: what `quicksand exec` gives a program for its
 * descriptors 0 to 2. Bytes pass as they are; nothing here is a terminal.
 *
 * Input comes from outside the machine at moments that the host chooses: given whole before the
 * machine runs, a run is as deterministic as any other.
 */

import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { FileOps, IoCaller, ReadResult } from "./file-ops.ts";

/** What a host writes and a program reads. */
export class HostInput {
  readonly #chunks: Uint8Array[] = [];
  readonly #queue: WaitQueue = new WaitQueue();
  #ended = false;

  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#queue.wakeAll();
  }

  end(): void {
    this.#ended = true;
    this.#queue.wakeAll();
  }

  get ops(): FileOps {
    return {
      seekable: false,
      read: (_file, _position, count, caller) => this.#read(count, caller),
      poll: () => (this.#isReady ? POLLIN | POLLRDNORM : 0),
      pollQueues: [this.#queue],
    };
  }

  get #isReady(): boolean {
    return this.#ended || this.#chunks.length > 0;
  }

  *#read(count: number, caller: IoCaller): Kpath<ReadResult> {
    while (!this.#isReady) {
      if (caller.signalPending()) return -ERESTARTSYS;
      yield { queue: this.#queue, interruptible: true };
    }
    const chunk = this.#chunks.shift() ?? new Uint8Array(0);
    if (chunk.length <= count) return chunk;
    this.#chunks.unshift(chunk.subarray(count));
    return chunk.slice(0, count);
  }
}

/** What a program writes and the host takes at once. */
export const hostOutputOps = (take: (bytes: Uint8Array) => void): FileOps => ({
  seekable: false,
  write: (_file, _position, bytes) => {
    take(bytes.slice());
    return bytes.length;
  },
  poll: () => POLLOUT | POLLWRNORM,
});

/** The host's ends of the three streams. */
export interface HostStreams {
  readonly input: HostInput;
  readonly output: (bytes: Uint8Array) => void;
  readonly error: (bytes: Uint8Array) => void;
}
