/**
 * The character devices of /dev: null, zero, full, random, urandom, and the terminal by its three names.
 *
 * Source: drivers/char/mem.c, drivers/tty/tty_io.c tty_open(), Documentation/admin-guide/devices.txt of
 * Linux 6.1. Random bytes come from the machine's seed. A read of zeros or random bytes moves at most
 * a chunk. Left out: /dev/mem, /dev/kmsg, ptys.
 */
import { ENOSPC, ENXIO } from "../abi/errno.ts";
import { O_NOCTTY } from "../abi/fcntl.ts";
import { makeDevice } from "../abi/stat.ts";
import { DEVICE_READ_MAX_BYTES } from "../lib/limits.ts";
import type { FileOps } from "./file-ops.ts";
import { type HostStreams, hostOutputOps } from "./host-stream.ts";
import type { InodeBody } from "./inode.ts";
import type { Tty } from "./tty.ts";
import type { Vfs } from "./vfs.ts";

const NULL_OPS: FileOps = {
  seekable: true,
  read: () => new Uint8Array(0),
  write: (_file, _position, bytes) => bytes.length,
};

const ZERO_OPS: FileOps = {
  ...NULL_OPS,
  read: (_file, _position, count) => new Uint8Array(Math.min(count, DEVICE_READ_MAX_BYTES)),
};

const FULL_OPS: FileOps = { ...ZERO_OPS, write: () => -ENOSPC };

/** `nextWord` gives 32 random bits. */
function randomOps(nextWord: () => number): FileOps {
  return {
    ...NULL_OPS,
    read(_file, _position, count) {
      const bytes = new Uint8Array(Math.min(count, DEVICE_READ_MAX_BYTES));
      for (let at = 0; at < bytes.length; at++) bytes[at] = nextWord() & 0xff;
      return bytes;
    },
  };
}

const simple = (ops: FileOps): InodeBody => ({ kind: "char", open: () => ops });

export interface DeviceParts {
  readonly tty: Tty;
  /** The machine's seeded generator: 32 bits a call. */
  readonly nextWord: () => number;
}

/** Puts all devices under /dev. */
export function installDevices(vfs: Vfs, parts: DeviceParts): void {
  const { tty } = parts;
  const random = randomOps(parts.nextWord);
  const add = (name: string, rdev: number, permissions: number, body: InodeBody): void =>
    vfs.place(`/dev/${name}`, vfs.makeSpecial(body, { permissions, rdev }));
  add("null", makeDevice(1, 3), 0o666, simple(NULL_OPS));
  add("zero", makeDevice(1, 5), 0o666, simple(ZERO_OPS));
  add("full", makeDevice(1, 7), 0o666, simple(FULL_OPS));
  add("random", makeDevice(1, 8), 0o666, simple(random));
  add("urandom", makeDevice(1, 9), 0o666, simple(random));
  // Opening the console never makes it the controlling terminal; opening tty1 may.
  add("console", makeDevice(5, 1), 0o600, { kind: "char", open: () => tty.open() });
  add("tty1", makeDevice(4, 1), 0o620, {
    kind: "char",
    open(flags, caller) {
      if ((flags & O_NOCTTY) === 0) tty.acquire(caller);
      return tty.open();
    },
  });
  add("tty", makeDevice(5, 0), 0o666, {
    kind: "char",
    open: (_flags, caller) =>
      caller.sid !== 0 && caller.sid === tty.session ? tty.open() : -ENXIO,
  });
  for (const [name, target] of LINKS) {
    const body: InodeBody = { kind: "symlink", target: () => target };
    vfs.place(`/dev/${name}`, vfs.makeSpecial(body, { permissions: 0o777 }));
  }
}

/** /dev/host/stdin and its siblings: the streams of whoever started the machine. */
export function installHostStreams(vfs: Vfs, streams: HostStreams): void {
  const add = (name: string, ops: FileOps): void =>
    vfs.place(`/dev/host/${name}`, vfs.makeSpecial(simple(ops), { permissions: 0o666 }));
  add("stdin", streams.input.ops);
  add("stdout", hostOutputOps(streams.output));
  add("stderr", hostOutputOps(streams.error));
}

const LINKS = [
  ["fd", "/proc/self/fd"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
] as const;
