/**
 * A socket as an open file: read(2) and write(2) on it, polling, closing.
 *
 * Source: net/socket.c of Linux 6.1. Descriptors that come with bytes a plain read takes are closed.
 */
import { ENOTTY } from "../abi/errno.ts";
import { FIONREAD } from "../abi/termios.ts";
import type { Kpath } from "../lib/wait.ts";
import type { FileOps, IoCaller, ReadResult } from "./file-ops.ts";
import type { OpenFile } from "./open-file.ts";
import type { UnixSocket } from "./unix-socket.ts";

export function socketOps(socket: UnixSocket): FileOps {
  return {
    seekable: false,
    get pollQueues() {
      return socket.pollQueues;
    },
    poll: () => socket.poll(),
    read: (file, _position, count, caller) => readSocket(socket, file, count, caller),
    write: (file, _position, bytes, caller) => {
      const message = { bytes, files: [], sender: caller.credentials, from: socket };
      return socket.send(message, undefined, caller, { noWait: file.isNonBlocking });
    },
    ioctl: (_file, command, _argument, memory) => {
      if (command !== FIONREAD) return -ENOTTY;
      return memory.write(new Uint8Array(new Int32Array([socket.inboxBytes]).buffer));
    },
    release: () => socket.close(),
  };
}

function* readSocket(
  socket: UnixSocket,
  file: OpenFile,
  count: number,
  caller: IoCaller,
): Kpath<ReadResult> {
  if (count === 0 && socket.isStream) return new Uint8Array(0);
  const got = yield* socket.receive(count, caller, { noWait: file.isNonBlocking });
  if (got === undefined) return new Uint8Array(0);
  if (typeof got === "number") return got;
  for (const sent of got.files) sent.release();
  return got.bytes.slice(0, count);
}
