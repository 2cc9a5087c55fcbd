/**
 * eventfd: a 64-bit counter to wait on. A write adds, a read takes all (or one, of a semaphore) and
 * waits while there is nothing.
 *
 * Source: eventfd(2); fs/eventfd.c of Linux 6.1.
 */
import { EAGAIN, EINVAL } from "../abi/errno.ts";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/poll.ts";
import { ERESTARTSYS } from "../abi/restart.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { FileOps, ReadResult } from "./file-ops.ts";

const MAX = 0xfffffffffffffffen;

export function eventFdOps(initial: number, isSemaphore: boolean): FileOps {
  const queue = new WaitQueue();
  let count = BigInt(initial);
  const take = (): Uint8Array => {
    const taken = isSemaphore ? 1n : count;
    count -= taken;
    queue.wakeAll();
    return new Uint8Array(new BigUint64Array([taken]).buffer);
  };
  const add = (value: bigint): number => {
    count += value;
    queue.wakeAll();
    return 8;
  };
  return {
    seekable: false,
    pollQueues: [queue],
    poll: () => (count > 0n ? POLLIN | POLLRDNORM : 0) | (count < MAX ? POLLOUT | POLLWRNORM : 0),
    read(file, _position, size, caller): ReadResult | Kpath<ReadResult> {
      if (size < 8) return -EINVAL;
      if (count > 0n) return take();
      if (file.isNonBlocking) return -EAGAIN;
      return (function* (): Kpath<ReadResult> {
        while (count === 0n) {
          if (caller.signalPending()) return -ERESTARTSYS;
          yield { queue, interruptible: true };
        }
        return take();
      })();
    },
    write(file, _position, bytes, caller): number | Kpath<number> {
      if (bytes.length < 8) return -EINVAL;
      const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
      if (value > MAX) return -EINVAL;
      if (MAX - count >= value) return add(value);
      if (file.isNonBlocking) return -EAGAIN;
      return (function* (): Kpath<number> {
        while (MAX - count < value) {
          if (caller.signalPending()) return -ERESTARTSYS;
          yield { queue, interruptible: true };
        }
        return add(value);
      })();
    },
  };
}
