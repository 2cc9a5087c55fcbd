/**
 * Calls about ranges of files: vectors at a position, space set aside or given back, copies from file
 * to file, holes.
 *
 * Source: preadv2(2), fallocate(2), copy_file_range(2), splice(2); fs/read_write.c, fs/open.c, fs/splice.c,
 * mm/shmem.c of Linux 6.1. As in tmpfs, fallocate makes room and punches holes and no more; a splice
 * copies. Left out: RWF_ flags other than 0, vmsplice, tee.
 */
import { EAGAIN, EBADF, EFBIG, EINVAL, EISDIR, ENODEV, EOPNOTSUPP, ESPIPE } from "../abi/errno.ts";
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, SPLICE_F_NONBLOCK } from "../abi/fcntl.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { COPY_CHUNK_BYTES, FILE_SIZE_MAX_BYTES } from "../lib/limits.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeView } from "../task/user-data.ts";
import { callerOf, fileOf, holding, isLater } from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import { readInto, vectored, writeBytesTo, writeFrom } from "./sys-file.ts";

const SPLICE_FLAGS = 0xf;

/** preadv and pwritev: -1 is "at the file's own position" in their second form only. */
function atPosition(
  one: typeof readInto,
  ownPositionOk: boolean,
): (
  k: Kernel,
  t: Task,
  fd: number,
  vectors: number,
  count: number,
  at: number,
  high: number,
  flags: number,
) => number | Kpath<number> {
  return (k, t, fd, vectors, count, at, _high, flags) => {
    if (ownPositionOk && (flags | 0) !== 0) return -EOPNOTSUPP;
    if (ownPositionOk && at === -1) return vectored(k, t, fd, vectors, count, one);
    if (at < 0) return -EINVAL;
    const file = fileOf(t, fd);
    if (file === undefined) return -EBADF;
    return file.ops.seekable ? vectored(k, t, fd, vectors, count, one, at) : -ESPIPE;
  };
}

function sysFallocate(
  k: Kernel,
  t: Task,
  fd: number,
  mode: number,
  at: number,
  size: number,
): number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  if (at < 0 || size <= 0) return -EINVAL;
  if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) !== 0) return -EOPNOTSUPP;
  if (mode === FALLOC_FL_PUNCH_HOLE) return -EOPNOTSUPP;
  if (!file.isWritable) return -EBADF;
  const { inode } = file;
  if (inode.kind === "fifo") return -ESPIPE;
  if (inode.kind === "dir") return -EISDIR;
  if (inode.body.kind !== "file") return -ENODEV;
  if (at + size > FILE_SIZE_MAX_BYTES) return -EFBIG;
  const { data } = inode.body;
  if ((mode & FALLOC_FL_PUNCH_HOLE) !== 0) {
    const end = Math.min(at + size, data.size);
    if (at < end) data.write(at, new Uint8Array(end - at));
  } else if (mode === 0 && at + size > data.size) {
    const failed = data.resize(at + size);
    if (failed < 0) return failed;
  }
  inode.touch(k.vfs.nowNs());
  return 0;
}

/** One end of a copy: at a position in user memory, or at the file's own. */
interface End {
  readonly file: OpenFile;
  readonly address: number;
  at: number;
}

function endOf(t: Task, file: OpenFile, address: number): End | number {
  if (address === 0) return { file, address, at: file.offset };
  const view = readView(t, address, 8);
  if (typeof view === "number") return view;
  const at = Number(view.getBigInt64(0, true));
  return at < 0 ? -EINVAL : { file, address, at };
}

/** Moves an end along by what was copied. */
function advance(t: Task, end: End, count: number): void {
  const next = end.at + count;
  if (end.address === 0) {
    if (end.file.ops.seekable) end.file.offset = next;
  } else writeView(t, end.address, 8, (view) => view.setBigInt64(0, BigInt(next), true));
}

function* copyBytes(k: Kernel, t: Task, from: End, to: End, size: number): Kpath<number> {
  const want = Math.min(size, COPY_CHUNK_BYTES);
  const got = from.file.ops.read?.(from.file, from.at, want, callerOf(k, t)) ?? -EINVAL;
  const bytes = isLater(got) ? yield* holding(from.file, got) : got;
  if (typeof bytes === "number") return bytes;
  if (bytes.length === 0) return 0;
  const step = writeBytesTo(k, t, to.file, bytes, to.at);
  const written = isLater(step) ? yield* holding(to.file, step) : step;
  if (written <= 0) return written;
  advance(t, from, written);
  advance(t, to, written);
  return written;
}

function* sysCopyFileRange(
  k: Kernel,
  t: Task,
  inFd: number,
  inAt: number,
  outFd: number,
  outAt: number,
  size: number,
  flags: number,
): Kpath<number> {
  const [source, target] = [fileOf(t, inFd), fileOf(t, outFd)];
  if (source === undefined || target === undefined) return -EBADF;
  const [from, to] = [endOf(t, source, inAt), endOf(t, target, outAt)];
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  if ((flags | 0) !== 0) return -EINVAL;
  if (source.inode.kind === "dir" || target.inode.kind === "dir") return -EISDIR;
  if (source.inode.kind !== "file" || target.inode.kind !== "file") return -EINVAL;
  if (!source.isReadable || !target.isWritable || target.isAppending) return -EBADF;
  const isSame = source.inode === target.inode;
  if (isSame && from.at < to.at + size && to.at < from.at + size) return -EINVAL;
  return yield* copyBytes(k, t, from, to, size);
}

const isPipe = (file: OpenFile): boolean => file.inode.kind === "fifo";

/** One of the two is a pipe, and a pipe has no position. */
function refuseSplice(source: OpenFile, inAt: number, target: OpenFile, outAt: number): number {
  if (!source.isReadable || !target.isWritable) return -EBADF;
  if ((isPipe(source) && inAt !== 0) || (isPipe(target) && outAt !== 0)) return -ESPIPE;
  if (!isPipe(source) && !isPipe(target)) return -EINVAL;
  return source.inode === target.inode || target.isAppending ? -EINVAL : 0;
}

/** splice(2): copies between a pipe and another file, as much as there is at once. */
function* sysSplice(
  k: Kernel,
  t: Task,
  inFd: number,
  inAt: number,
  outFd: number,
  outAt: number,
  size: number,
  flags: number,
): Kpath<number> {
  if (size === 0) return 0;
  if ((flags & ~SPLICE_FLAGS) !== 0) return -EINVAL;
  const [source, target] = [fileOf(t, inFd), fileOf(t, outFd)];
  if (source === undefined || target === undefined) return -EBADF;
  const refused = refuseSplice(source, inAt, target, outAt);
  if (refused < 0) return refused;
  const [from, to] = [endOf(t, source, inAt), endOf(t, target, outAt)];
  if (typeof from === "number") return from;
  if (typeof to === "number") return to;
  const room = target.inode.body.kind === "fifo" ? target.inode.body.pipe.room : size;
  const isReady = !isPipe(source) || ((source.ops.poll?.(source) ?? 1) & 0x11) !== 0;
  if ((flags & SPLICE_F_NONBLOCK) !== 0 && (room === 0 || !isReady)) return -EAGAIN;
  return yield* copyBytes(k, t, from, to, room > 0 ? Math.min(size, room) : Math.min(size, 4096));
}

const NO_RWF = { support: "partial", note: "no RWF_ flags" } as const;

export const ROWS_FILE_RANGE: readonly Row[] = [
  row("preadv", ["fd", "ptr", "int", "off", "long"], (k, t, fd, v, n, at) =>
    atPosition(readInto, false)(k, t, fd, v, n, at, 0, 0),
  ),
  row("pwritev", ["fd", "in:iovec", "int", "off", "long"], (k, t, fd, v, n, at) =>
    atPosition(writeFrom, false)(k, t, fd, v, n, at, 0, 0),
  ),
  row("preadv2", ["fd", "ptr", "int", "off", "long", "hex"], atPosition(readInto, true), NO_RWF),
  row(
    "pwritev2",
    ["fd", "in:iovec", "int", "off", "long", "hex"],
    atPosition(writeFrom, true),
    NO_RWF,
  ),
  row("fallocate", ["fd", "hex", "off", "off"], sysFallocate, {
    support: "partial",
    note: "FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE, as tmpfs",
  }),
  row("copy_file_range", ["fd", "ptr", "fd", "ptr", "size", "hex"], sysCopyFileRange),
  row("splice", ["fd", "ptr", "fd", "ptr", "size", "hex"], sysSplice),
];
