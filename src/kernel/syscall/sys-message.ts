/**
 * Messages over sockets: sendto, recvfrom, sendmsg, recvmsg.
 *
 * Source: send(2), recv(2), unix(7); net/socket.c of Linux 6.1. A stream is sent at most
 * SOCKET_SEND_MAX_BYTES by one call. Left out: sendmmsg and recvmmsg, out-of-band data, MSG_PEEK of several messages at once.
 */
import { EFAULT, EINVAL, EISCONN, EMSGSIZE } from "../abi/errno.ts";
import { IOVEC_LAYOUT } from "../abi/fcntl.ts";
import {
  MSG_CMSG_CLOEXEC,
  MSG_CTRUNC,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  MSGHDR_LAYOUT,
} from "../abi/socket.ts";
import { decodeStruct, encodeStruct, readField } from "../abi/struct.ts";
import type { Message, UnixSocket } from "../fs/unix-socket.ts";
import { IO_VECTORS_MAX, SOCKET_BUFFER_MAX_BYTES, SOCKET_SEND_MAX_BYTES } from "../lib/limits.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes, writeView } from "../task/user-data.ts";
import {
  type Ancillary,
  drop,
  onlyCredentials,
  putControl,
  readControl,
} from "./control-message.ts";
import { callerOf, holding } from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import {
  encodeName,
  findSocket,
  readName,
  type SocketFile,
  socketOf,
  writeName,
} from "./socket-access.ts";

/** A piece of user memory. */
interface Piece {
  readonly address: number;
  readonly size: number;
}

function* send(
  k: Kernel,
  t: Task,
  { file, socket }: SocketFile,
  bytes: Uint8Array,
  name: Uint8Array | undefined,
  extra: Ancillary,
  flags: number,
): Kpath<number> {
  let to: UnixSocket | undefined;
  if (name !== undefined && socket.isConnectionless) {
    const found = findSocket(k, t, name, socket.type);
    if (typeof found === "number") return found;
    to = found;
  } else if (name !== undefined && socket.isStream) return -EISCONN;
  const noWait = file.isNonBlocking || (flags & MSG_DONTWAIT) !== 0;
  const noSignal = (flags & MSG_NOSIGNAL) !== 0;
  const message = { bytes, from: socket, ...extra };
  const sending = socket.send(message, to, callerOf(k, t), { noWait, noSignal });
  return yield* holding(file, sending);
}

function* sysSendto(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  flags: number,
  nameAddress: number,
  nameSize: number,
): Kpath<number> {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const name = nameAddress === 0 ? undefined : readName(t, nameAddress, nameSize);
  if (typeof name === "number") return name;
  const bytes = gather(t, found.socket, [{ address, size }]);
  if (typeof bytes === "number") return bytes;
  return yield* send(k, t, found, bytes, name, onlyCredentials(t), flags);
}

/** struct msghdr with its vectors; sizes as the kernel bounds them. */
interface Header {
  readonly fields: ReturnType<typeof decodeStruct<typeof MSGHDR_LAYOUT>>;
  readonly pieces: readonly Piece[];
}

function readHeader(t: Task, address: number): Header | number {
  const view = readView(t, address, MSGHDR_LAYOUT.size);
  if (typeof view === "number") return view;
  const fields = decodeStruct(MSGHDR_LAYOUT, view);
  if (fields.msg_iovlen > IO_VECTORS_MAX) return -EMSGSIZE;
  if (fields.msg_namelen < 0) return -EINVAL;
  const vectors = readView(t, fields.msg_iov, fields.msg_iovlen * IOVEC_LAYOUT.size);
  if (typeof vectors === "number") return vectors;
  const pieces: Piece[] = [];
  for (let at = 0; at < vectors.byteLength; at += IOVEC_LAYOUT.size) {
    const size = readField(vectors, at + 8, "s64");
    if (size < 0) return -EINVAL;
    pieces.push({ address: readField(vectors, at, "u64"), size });
  }
  return { fields, pieces };
}

/** The bytes to send, as many as one call may. */
function gather(t: Task, socket: UnixSocket, pieces: readonly Piece[]): Uint8Array | number {
  const wanted = pieces.reduce((sum, { size }) => sum + size, 0);
  if (wanted < 0) return -EINVAL;
  if (!socket.isStream && wanted > SOCKET_BUFFER_MAX_BYTES) return -EMSGSIZE;
  const all = new Uint8Array(Math.min(wanted, SOCKET_SEND_MAX_BYTES));
  let at = 0;
  for (const { address, size } of pieces) {
    const part = Math.min(size, all.length - at);
    const bytes = part === 0 ? new Uint8Array(0) : (t.mm?.copyIn(address, part) ?? -EFAULT);
    if (typeof bytes === "number") return bytes;
    all.set(bytes, at);
    at += part;
  }
  return all;
}

/** 0 or -EFAULT; what does not fit is left. */
function scatter(t: Task, pieces: readonly Piece[], bytes: Uint8Array): number {
  let at = 0;
  for (const { address, size } of pieces) {
    const part = bytes.subarray(at, at + size);
    if (part.length > 0 && writeBytes(t, address, part) < 0) return -EFAULT;
    at += part.length;
  }
  return 0;
}

function* sysSendmsg(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  flags: number,
): Kpath<number> {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const header = readHeader(t, address);
  if (typeof header === "number") return header;
  const { msg_name, msg_namelen, msg_control, msg_controllen } = header.fields;
  const name = msg_name === 0 || msg_namelen === 0 ? undefined : readName(t, msg_name, msg_namelen);
  if (typeof name === "number") return name;
  const bytes = gather(t, found.socket, header.pieces);
  if (typeof bytes === "number") return bytes;
  const extra = readControl(t, msg_control, msg_controllen);
  if (typeof extra === "number") return extra;
  const sent = yield* send(k, t, found, bytes, name, extra, flags);
  return sent < 0 ? drop(extra.files, sent) : sent;
}

/** Takes a message; of a stream with MSG_WAITALL, as many as fill the room. */
function* receive(
  k: Kernel,
  t: Task,
  { file, socket }: SocketFile,
  room: number,
  flags: number,
): Kpath<Message | undefined | number> {
  const noWait = file.isNonBlocking || (flags & MSG_DONTWAIT) !== 0;
  const options = { noWait, peek: (flags & MSG_PEEK) !== 0 };
  const caller = callerOf(k, t);
  const first = yield* holding(file, socket.receive(room, caller, options));
  if (first === undefined || typeof first === "number" || options.peek) return first;
  const chunks = [first.bytes];
  let total = first.bytes.length;
  const waitsForAll = (flags & MSG_WAITALL) !== 0 && socket.isStream;
  while (waitsForAll && total < room) {
    const next = yield* holding(file, socket.receive(room - total, caller, options));
    if (next === undefined || typeof next === "number") break;
    chunks.push(next.bytes);
    total += next.bytes.length;
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { ...first, bytes };
}

const NO_NAME = new Uint8Array(0);

/** The result of a receive: with MSG_TRUNC a message's own length. */
const receivedSize = (message: Message, room: number, flags: number): number =>
  (flags & MSG_TRUNC) !== 0 ? message.bytes.length : Math.min(message.bytes.length, room);

function* sysRecvfrom(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  flags: number,
  nameAddress: number,
  nameSize: number,
): Kpath<number> {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const message = yield* receive(k, t, found, size, flags);
  if (message === undefined) return 0;
  if (typeof message === "number") return message;
  drop(message.files, 0);
  if (writeBytes(t, address, message.bytes.subarray(0, size)) < 0) return -EFAULT;
  const { isStream } = found.socket;
  const named = writeName(t, nameAddress, nameSize, message.from.name, false);
  return named < 0 ? named : receivedSize(message, size, isStream ? 0 : flags);
}

function* sysRecvmsg(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  flags: number,
): Kpath<number> {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const header = readHeader(t, address);
  if (typeof header === "number") return header;
  const room = header.pieces.reduce((sum, { size }) => sum + size, 0);
  const message = yield* receive(k, t, found, room, flags);
  if (typeof message === "number") return message;
  const { isStream, passesCredentials } = found.socket;
  if (message !== undefined && scatter(t, header.pieces, message.bytes) < 0)
    return drop(message.files, -EFAULT);
  const { msg_control, msg_controllen } = header.fields;
  const controlRoom = { address: msg_control, size: msg_controllen };
  const control =
    message === undefined
      ? { used: 0, cut: false }
      : putControl(t, controlRoom, message, passesCredentials, flags);
  const isCut = message !== undefined && !isStream && message.bytes.length > room;
  const name = message === undefined ? NO_NAME : message.from.name;
  const nameBytes = name.length === 0 ? NO_NAME : encodeName(name);
  const { fields } = header;
  const answered = writeView(t, address, MSGHDR_LAYOUT.size, (view) => {
    const msg_flags =
      (isCut ? MSG_TRUNC : 0) | (control.cut ? MSG_CTRUNC : 0) | (flags & MSG_CMSG_CLOEXEC);
    const namelen = fields.msg_name === 0 ? 0 : nameBytes.length;
    const own = { ...fields, msg_namelen: namelen, msg_controllen: control.used, msg_flags };
    encodeStruct(MSGHDR_LAYOUT, own, view);
  });
  if (answered < 0) return answered;
  if (fields.msg_name !== 0)
    writeBytes(t, fields.msg_name, nameBytes.subarray(0, fields.msg_namelen));
  return message === undefined ? 0 : receivedSize(message, room, isStream ? 0 : flags);
}

const NO_OOB = { support: "partial", note: "AF_UNIX; no out-of-band data" } as const;

export const ROWS_MESSAGE: readonly Row[] = [
  row("sendto", ["fd", "buf-in", "size", "hex", "ptr", "int"], sysSendto, NO_OOB),
  row("recvfrom", ["fd", "buf-out", "size", "hex", "ptr", "ptr"], sysRecvfrom, NO_OOB),
  row("sendmsg", ["fd", "ptr", "hex"], sysSendmsg, NO_OOB),
  row("recvmsg", ["fd", "ptr", "hex"], sysRecvmsg, NO_OOB),
];
