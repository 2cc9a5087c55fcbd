/**
 * Moving bytes: read, write and their positioned and vectored forms, lseek, sendfile, truncation.
 *
 * Source: fs/read_write.c and fs/open.c of Linux 6.1; read(2), write(2), lseek(2), readv(2),
 * sendfile(2), truncate(2).
 */
import {
  EACCES,
  EBADF,
  EFAULT,
  EFBIG,
  EINVAL,
  EISDIR,
  ENXIO,
  ESPIPE,
  ETXTBSY,
} from "../abi/errno.ts";
import {
  AT_FDCWD,
  IOVEC_LAYOUT,
  SEEK_CUR,
  SEEK_DATA,
  SEEK_END,
  SEEK_HOLE,
  SEEK_SET,
} from "../abi/fcntl.ts";
import { RLIMIT_FSIZE } from "../abi/resource.ts";
import { SIGXFSZ } from "../abi/signal-numbers.ts";
import { readField, writeField } from "../abi/struct.ts";
import type { ReadResult } from "../fs/file-ops.ts";
import type { Inode } from "../fs/inode.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { MAY_WRITE, permission } from "../fs/permission.ts";
import { COPY_CHUNK_BYTES, IO_VECTORS_MAX, TRANSFER_MAX_BYTES } from "../lib/limits.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import { rlimitOf } from "../task/rlimits.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes } from "../task/user-data.ts";
import { callerOf, fileOf, holding, inodeAt, isLater } from "./file-access.ts";
import { type Row, row } from "./rows.ts";

type Result = number | Kpath<number>;

/** A piece of user memory. */
interface UserBuffer {
  readonly address: number;
  readonly size: number;
}

/** Where an operation acts: at the file's own position (which moves) or at a given one. */
type Position = number | undefined;

export function readInto(k: Kernel, t: Task, file: OpenFile, to: UserBuffer, at: Position): Result {
  if (!file.isReadable) return -EBADF;
  if (to.size < 0) return -EINVAL;
  if (file.inode.kind === "dir") return -EISDIR;
  if (file.ops.read === undefined) return -EINVAL;
  const count = Math.min(to.size, TRANSFER_MAX_BYTES);
  const result = file.ops.read(file, at ?? file.offset, count, callerOf(k, t));
  if (isLater(result)) return holding(file, readLater(t, file, to, at, result));
  return deliver(t, file, to, at, result);
}

function* readLater(
  t: Task,
  file: OpenFile,
  to: UserBuffer,
  at: Position,
  rest: Kpath<ReadResult>,
): Kpath<number> {
  return deliver(t, file, to, at, yield* rest);
}

function deliver(t: Task, file: OpenFile, to: UserBuffer, at: Position, got: ReadResult): number {
  if (typeof got === "number") return got;
  const copied = writeBytes(t, to.address, got);
  if (copied < 0) return copied;
  if (at === undefined && file.ops.seekable) file.offset += got.length;
  return got.length;
}

export function writeFrom(
  k: Kernel,
  t: Task,
  file: OpenFile,
  from: UserBuffer,
  at: Position,
): Result {
  if (!file.isWritable) return -EBADF;
  if (from.size < 0) return -EINVAL;
  if (file.ops.write === undefined) return -EINVAL;
  if (from.size > COPY_CHUNK_BYTES) return holding(file, writeChunks(k, t, file, from, at));
  const bytes = t.mm?.copyIn(from.address, from.size) ?? -EFAULT;
  if (typeof bytes === "number") return bytes;
  const result = writeBytesTo(k, t, file, bytes, at);
  return isLater(result) ? holding(file, result) : result;
}

/** A large buffer, a chunk at a time, until one is written in part. */
function* writeChunks(
  k: Kernel,
  t: Task,
  file: OpenFile,
  from: UserBuffer,
  at: Position,
): Kpath<number> {
  const total = Math.min(from.size, TRANSFER_MAX_BYTES);
  let done = 0;
  while (done < total) {
    const size = Math.min(COPY_CHUNK_BYTES, total - done);
    const bytes = t.mm?.copyIn(from.address + done, size) ?? -EFAULT;
    if (typeof bytes === "number") return done > 0 ? done : bytes;
    const step = writeBytesTo(k, t, file, bytes, at === undefined ? undefined : at + done);
    const written = isLater(step) ? yield* step : step;
    if (written < 0) return done > 0 ? done : written;
    done += written;
    if (written < size) break;
  }
  return done;
}

/** generic_write_check_limits(): as many bytes of a file as RLIMIT_FSIZE lets be written; SIGXFSZ for none. */
function roomToWrite(k: Kernel, t: Task, position: number, count: number): number {
  const [limit] = rlimitOf(t.group, RLIMIT_FSIZE);
  if (count === 0 || position < limit) return Math.min(count, limit - position);
  k.sendSignal(t, SIGXFSZ);
  return -EFBIG;
}

export function writeBytesTo(
  k: Kernel,
  t: Task,
  file: OpenFile,
  bytes: Uint8Array,
  at: Position,
): Result {
  const position = file.isAppending ? file.inode.size : (at ?? file.offset);
  const room = file.inode.body.kind === "file" ? roomToWrite(k, t, position, bytes.length) : 0;
  if (room < 0) return room;
  const fitting = room > 0 && room < bytes.length ? bytes.subarray(0, room) : bytes;
  const result = file.ops.write?.(file, position, fitting, callerOf(k, t)) ?? -EINVAL;
  const moves = at === undefined && file.ops.seekable;
  if (typeof result === "number" && result > 0 && moves) file.offset = position + result;
  return result;
}

function sysRead(k: Kernel, t: Task, fd: number, address: number, size: number): Result {
  const file = fileOf(t, fd);
  return file === undefined ? -EBADF : readInto(k, t, file, { address, size }, undefined);
}

function sysWrite(k: Kernel, t: Task, fd: number, address: number, size: number): Result {
  const file = fileOf(t, fd);
  return file === undefined ? -EBADF : writeFrom(k, t, file, { address, size }, undefined);
}

/** pread64 and pwrite64: what is refused before their work is the same. */
function positioned(t: Task, fd: number, position: number): OpenFile | number {
  if (position < 0) return -EINVAL;
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  return file.ops.seekable ? file : -ESPIPE;
}

function sysPread(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  at: number,
): Result {
  const file = positioned(t, fd, at);
  return typeof file === "number" ? file : readInto(k, t, file, { address, size }, at);
}

function sysPwrite(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  at: number,
): Result {
  const file = positioned(t, fd, at);
  return typeof file === "number" ? file : writeFrom(k, t, file, { address, size }, at);
}

function readVectors(t: Task, address: number, count: number): UserBuffer[] | number {
  if (count < 0 || count > IO_VECTORS_MAX) return -EINVAL;
  const view = readView(t, address, count * IOVEC_LAYOUT.size);
  if (typeof view === "number") return view;
  const vectors: UserBuffer[] = [];
  for (let at = 0; at < view.byteLength; at += IOVEC_LAYOUT.size) {
    const size = readField(view, at + 8, "s64");
    if (size < 0) return -EINVAL;
    vectors.push({ address: readField(view, at, "u64"), size });
  }
  return vectors;
}

type OneBuffer = typeof readInto;

/** Buffer after buffer until one is short; a result once anything moved is never an error. */
export function vectored(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  count: number,
  one: OneBuffer,
  at: Position = undefined,
): Result {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const vectors = readVectors(t, address, count | 0);
  if (typeof vectors === "number") return vectors;
  return holding(file, eachVector(k, t, file, vectors, one, at));
}

function* eachVector(
  k: Kernel,
  t: Task,
  file: OpenFile,
  vectors: readonly UserBuffer[],
  one: OneBuffer,
  at: Position,
): Kpath<number> {
  let done = 0;
  for (const vector of vectors) {
    if (vector.size === 0) continue;
    // What has come already is returned rather than wait for more.
    if (done > 0 && one === readInto && !file.ops.seekable && !hasMore(file)) break;
    const step = one(k, t, file, vector, at === undefined ? undefined : at + done);
    const moved = isLater(step) ? yield* step : step;
    if (moved < 0) return done > 0 ? done : moved;
    done += moved;
    if (moved < vector.size) break;
  }
  return done;
}

const hasMore = (file: OpenFile): boolean => ((file.ops.poll?.(file) ?? 1) & 1) !== 0;

function sysLseek(_k: Kernel, t: Task, fd: number, offset: number, whence: number): number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  if (!file.ops.seekable) return -ESPIPE;
  if ((whence | 0) === SEEK_DATA || (whence | 0) === SEEK_HOLE)
    return seekHole(file, offset, whence);
  const base = seekBase(file, whence | 0);
  if (base === undefined || base + offset < 0) return -EINVAL;
  file.offset = base + offset;
  return file.offset;
}

/** A file is data up to its end, and one hole after it, as where no hole is known of. */
function seekHole(file: OpenFile, offset: number, whence: number): number {
  const { size } = file.inode;
  if (file.inode.kind !== "file") return -EINVAL;
  if (offset < 0 || offset >= size) return -ENXIO;
  file.offset = whence === SEEK_DATA ? offset : size;
  return file.offset;
}

function seekBase(file: OpenFile, whence: number): number | undefined {
  if (whence === SEEK_SET) return 0;
  if (whence === SEEK_CUR) return file.offset;
  return whence === SEEK_END && file.inode.body.kind !== "generated" ? file.inode.size : undefined;
}

/** What sendfile is about to move. */
interface Sending {
  readonly source: OpenFile;
  readonly target: OpenFile;
  readonly from: number;
  readonly count: number;
}

function* sendfile(
  k: Kernel,
  t: Task,
  outFd: number,
  inFd: number,
  offsetAddress: number,
  count: number,
): Kpath<number> {
  const source = fileOf(t, inFd);
  const target = fileOf(t, outFd);
  if (source === undefined || !source.isReadable) return -EBADF;
  if (target === undefined || !target.isWritable) return -EBADF;
  if (!source.ops.seekable || source.inode.kind === "dir" || target.isAppending) return -EINVAL;
  const view = offsetAddress === 0 ? undefined : readView(t, offsetAddress, 8);
  if (typeof view === "number") return view;
  const from = view === undefined ? source.offset : readField(view, 0, "s64");
  if (from < 0 || count < 0) return -EINVAL;
  const sent = yield* holding(target, sendChunks(k, t, { source, target, from, count }));
  if (sent < 0) return sent;
  if (view === undefined) {
    source.offset = from + sent;
    return sent;
  }
  writeField(view, 0, "s64", from + sent);
  const copied = writeBytes(t, offsetAddress, new Uint8Array(view.buffer));
  return copied < 0 ? copied : sent;
}

function* sendChunks(k: Kernel, t: Task, sending: Sending): Kpath<number> {
  const { source, target, from, count } = sending;
  let done = 0;
  while (done < count) {
    const want = Math.min(COPY_CHUNK_BYTES, count - done);
    const got = source.ops.read?.(source, from + done, want, callerOf(k, t)) ?? -EINVAL;
    const bytes = isLater(got) ? yield* got : got;
    if (typeof bytes === "number") return done > 0 ? done : bytes;
    if (bytes.length === 0) break;
    const step = writeBytesTo(k, t, target, bytes, undefined);
    const written = isLater(step) ? yield* step : step;
    if (written < 0) return done > 0 ? done : written;
    done += written;
    if (written < bytes.length) break;
  }
  return done;
}

function resize(k: Kernel, t: Task, inode: Inode, size: number): number {
  if (inode.body.kind !== "file") return -EINVAL;
  if (size > inode.size && size > rlimitOf(t.group, RLIMIT_FSIZE)[0]) {
    k.sendSignal(t, SIGXFSZ);
    return -EFBIG;
  }
  const result = inode.body.data.resize(size);
  if (result === 0) inode.touch(k.vfs.nowNs());
  return result;
}

function sysFtruncate(k: Kernel, t: Task, fd: number, size: number): number {
  if (size < 0) return -EINVAL;
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  return file.isWritable ? resize(k, t, file.inode, size) : -EINVAL;
}

function sysTruncate(k: Kernel, t: Task, path: number, size: number): number {
  if (size < 0) return -EINVAL;
  const inode = inodeAt(t, AT_FDCWD, path, { follow: true });
  if (typeof inode === "number") return inode;
  if (inode.kind === "dir") return -EISDIR;
  if (inode.kind !== "file") return -EINVAL;
  if (!permission(inode, t.cred, MAY_WRITE)) return -EACCES;
  return inode.program === undefined ? resize(k, t, inode, size) : -ETXTBSY;
}

const onlyChecksFd = (_k: Kernel, t: Task, fd: number): number =>
  fileOf(t, fd) === undefined ? -EBADF : 0;

export const ROWS_IO: readonly Row[] = [
  row("read", ["fd", "buf-out", "size"], sysRead),
  row("write", ["fd", "buf-in", "size"], sysWrite),
  row("pread64", ["fd", "buf-out", "size", "off"], sysPread),
  row("pwrite64", ["fd", "buf-in", "size", "off"], sysPwrite),
  row("readv", ["fd", "out:iovec", "int"], (k, t, fd, address, count) =>
    vectored(k, t, fd, address, count, readInto),
  ),
  row("writev", ["fd", "in:iovec", "int"], (k, t, fd, address, count) =>
    vectored(k, t, fd, address, count, writeFrom),
  ),
  row("lseek", ["fd", "off", "enum:whence"], sysLseek),
  row("sendfile", ["fd", "fd", "ptr", "size"], sendfile),
  row("ftruncate", ["fd", "ulong"], sysFtruncate),
  row("truncate", ["path", "ulong"], sysTruncate),
  row("sync", [], () => 0),
  row("fsync", ["fd"], onlyChecksFd),
  row("fdatasync", ["fd"], onlyChecksFd),
];
