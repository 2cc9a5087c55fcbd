/**
 * Sockets: making, naming, connecting and ending them, and their options.
 *
 * Source: socket(2), bind(2), listen(2), accept(2), connect(2), shutdown(2), getsockopt(2), unix(7);
 * net/socket.c of Linux 6.1. Left out: every domain but AF_UNIX, most options.
 */
import {
  EADDRINUSE,
  EAFNOSUPPORT,
  EEXIST,
  EFAULT,
  EINVAL,
  ENOPROTOOPT,
  ENOTCONN,
  EOPNOTSUPP,
  EPROTONOSUPPORT,
  ESOCKTNOSUPPORT,
} from "../abi/errno.ts";
import { O_RDWR } from "../abi/fcntl.ts";
import {
  AF_UNIX,
  AF_UNSPEC,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SO_ACCEPTCONN,
  SO_DOMAIN,
  SO_ERROR,
  SO_KEEPALIVE,
  SO_PASSCRED,
  SO_PEERCRED,
  SO_PROTOCOL,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_SNDBUF,
  SO_TYPE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOCK_TYPE_MASK,
  SOL_SOCKET,
  UCRED_LAYOUT,
} from "../abi/socket.ts";
import { structBytes } from "../abi/struct.ts";
import { makeNode } from "../fs/namespace.ts";
import { OpenFile } from "../fs/open-file.ts";
import { socketOps } from "../fs/socket-ops.ts";
import { UnixSocket } from "../fs/unix-socket.ts";
import { SOCKET_BUFFER_MAX_BYTES } from "../lib/limits.ts";
import { decodeUtf8 } from "../lib/text.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes, writeView } from "../task/user-data.ts";
import { callerOf, holding, installFile } from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import {
  credentialsOf,
  findSocket,
  isAbstract,
  nameKey,
  readName,
  socketOf,
  writeName,
} from "./socket-access.ts";

const AF_MAX = 46;
const SOCKET_TYPES: readonly number[] = [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET];

/** 0, or why there can be no such socket. */
function refuseKind(domain: number, type: number, protocol: number): number {
  if ((type & ~(SOCK_TYPE_MASK | SOCK_NONBLOCK | SOCK_CLOEXEC)) !== 0) return -EINVAL;
  if (domain < 0 || domain >= AF_MAX) return -EAFNOSUPPORT;
  if (domain !== AF_UNIX) return -EAFNOSUPPORT;
  if (protocol !== 0 && protocol !== AF_UNIX) return -EPROTONOSUPPORT;
  return SOCKET_TYPES.includes(type & SOCK_TYPE_MASK) ? 0 : -ESOCKTNOSUPPORT;
}

function openSocket(k: Kernel, t: Task, socket: UnixSocket, flags: number): number {
  const inode = k.vfs.makeSpecial({ kind: "socket", socket }, { permissions: 0o777 });
  const file = new OpenFile(inode, O_RDWR | (flags & SOCK_NONBLOCK), socketOps(socket));
  return installFile(t, file, (flags & SOCK_CLOEXEC) !== 0);
}

function sysSocket(k: Kernel, t: Task, domain: number, type: number, protocol: number): number {
  const refused = refuseKind(domain | 0, type | 0, protocol | 0);
  if (refused < 0) return refused;
  return openSocket(k, t, new UnixSocket(type & SOCK_TYPE_MASK, credentialsOf(t)), type);
}

function sysSocketpair(
  k: Kernel,
  t: Task,
  domain: number,
  type: number,
  protocol: number,
  address: number,
): number {
  const refused = refuseKind(domain | 0, type | 0, protocol | 0);
  if (refused < 0) return refused;
  const [one, other] = [0, 1].map(
    () => new UnixSocket(type & SOCK_TYPE_MASK, credentialsOf(t)),
  ) as [UnixSocket, UnixSocket];
  one.pairWith(other);
  const first = openSocket(k, t, one, type);
  if (first < 0) return first;
  const second = openSocket(k, t, other, type);
  const copied =
    second < 0
      ? second
      : writeView(t, address, 8, (view) => {
          view.setInt32(0, first, true);
          view.setInt32(4, second, true);
        });
  if (copied < 0) {
    t.files.close(first);
    if (second >= 0) t.files.close(second);
  }
  return copied;
}

function sysBind(k: Kernel, t: Task, fd: number, address: number, size: number): number {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const { socket } = found;
  const name = readName(t, address, size);
  if (typeof name === "number") return name;
  if (name.length === 0) return autobind(k, socket);
  if (socket.name.length > 0) return -EINVAL;
  if (isAbstract(name)) {
    const taken = k.vfs.abstractSockets.get(nameKey(name));
    if (taken !== undefined && !taken.isClosed) return -EADDRINUSE;
    k.vfs.abstractSockets.set(nameKey(name), socket);
  } else {
    const body = { kind: "socket", socket } as const;
    const made = makeNode(k.vfs, t, t.fs.cwd, decodeUtf8(name), body, 0o777);
    if (made < 0) return made === -EEXIST ? -EADDRINUSE : made;
  }
  socket.name = name.slice();
  return 0;
}

/** A name of the kernel's choice: NUL and five hexadecimal digits. */
function autobind(k: Kernel, socket: UnixSocket): number {
  if (socket.name.length > 0) return 0;
  let number = 0;
  const nameOf = (n: number): string => `\0${n.toString(16).padStart(5, "0")}`;
  while (k.vfs.abstractSockets.get(nameOf(number))?.isClosed === false) number += 1;
  k.vfs.abstractSockets.set(nameOf(number), socket);
  socket.name = Uint8Array.from(nameOf(number), (c) => c.charCodeAt(0));
  return 0;
}

function* sysConnect(k: Kernel, t: Task, fd: number, address: number, size: number): Kpath<number> {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const { socket, file } = found;
  const family = readView(t, address, 2);
  if (typeof family === "number") return family;
  if (family.getUint16(0, true) === AF_UNSPEC && socket.isConnectionless) {
    socket.disconnect();
    return 0;
  }
  const name = readName(t, address, size);
  if (typeof name === "number") return name;
  const target = findSocket(k, t, name, socket.type);
  if (typeof target === "number") return target;
  socket.owner = credentialsOf(t);
  return yield* holding(file, socket.connect(target, callerOf(k, t), file.isNonBlocking));
}

function* sysAccept(
  k: Kernel,
  t: Task,
  fd: number,
  address: number,
  size: number,
  flags: number,
): Kpath<number> {
  if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) !== 0) return -EINVAL;
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const { socket, file } = found;
  if (socket.isConnectionless) return -EOPNOTSUPP;
  const served = yield* holding(file, socket.accept(callerOf(k, t), file.isNonBlocking));
  if (typeof served === "number") return served;
  const peerName = served.peer?.name ?? new Uint8Array(0);
  const accepted = openSocket(k, t, served, flags);
  if (accepted < 0) return accepted;
  const named = writeName(t, address, size, peerName);
  if (named >= 0) return accepted;
  t.files.close(accepted);
  return named;
}

function sysShutdown(t: Task, fd: number, how: number): number {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  if (how < SHUT_RD || how > SHUT_RDWR) return -EINVAL;
  return found.socket.shutdown(how !== SHUT_WR, how !== SHUT_RD);
}

function sysGetpeername(t: Task, fd: number, address: number, size: number): number {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  const { peer } = found.socket;
  return peer === undefined ? -ENOTCONN : writeName(t, address, size, peer.name);
}

function sysGetsockname(t: Task, fd: number, address: number, size: number): number {
  const found = socketOf(t, fd);
  return typeof found === "number" ? found : writeName(t, address, size, found.socket.name);
}

/** What an option of SOL_SOCKET holds; undefined for one that there is not. */
function optionBytes(socket: UnixSocket, option: number): Uint8Array | undefined {
  const int = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer);
  switch (option) {
    case SO_TYPE:
      return int(socket.type);
    case SO_DOMAIN:
      return int(AF_UNIX);
    case SO_ERROR:
      return int(socket.takeError());
    case SO_SNDBUF:
    case SO_RCVBUF:
      return int(SOCKET_BUFFER_MAX_BYTES);
    case SO_ACCEPTCONN:
      return int(socket.isListening ? 1 : 0);
    case SO_PASSCRED:
      return int(socket.passesCredentials ? 1 : 0);
    case SO_PEERCRED:
      return structBytes(UCRED_LAYOUT, { ...socket.peerCredentials });
    case SO_PROTOCOL:
    case SO_REUSEADDR:
    case SO_KEEPALIVE:
      return int(0);
    default:
      return undefined;
  }
}

function sysGetsockopt(
  t: Task,
  fd: number,
  level: number,
  option: number,
  address: number,
  sizeAddress: number,
): number {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  if (level !== SOL_SOCKET) return -EOPNOTSUPP;
  const size = readView(t, sizeAddress, 4);
  if (typeof size === "number") return size;
  if (size.getInt32(0, true) < 0) return -EINVAL;
  const bytes = optionBytes(found.socket, option)?.subarray(0, size.getInt32(0, true));
  if (bytes === undefined) return -ENOPROTOOPT;
  if (writeBytes(t, address, bytes) < 0) return -EFAULT;
  return writeView(t, sizeAddress, 4, (view) => view.setInt32(0, bytes.length, true));
}

function sysSetsockopt(
  t: Task,
  fd: number,
  level: number,
  option: number,
  address: number,
  size: number,
): number {
  const found = socketOf(t, fd);
  if (typeof found === "number") return found;
  if (level !== SOL_SOCKET) return -EOPNOTSUPP;
  if ((size | 0) < 4) return -EINVAL;
  const view = readView(t, address, 4);
  if (typeof view === "number") return view;
  if (option === SO_PASSCRED) found.socket.passesCredentials = view.getInt32(0, true) !== 0;
  const isKnown = [SO_PASSCRED, SO_REUSEADDR, SO_KEEPALIVE, SO_SNDBUF, SO_RCVBUF].includes(option);
  return isKnown ? 0 : -ENOPROTOOPT;
}

const UNIX_ONLY = { support: "partial", note: "AF_UNIX" } as const;

export const ROWS_SOCKET: readonly Row[] = [
  row("socket", ["enum:family", "flags:socket-type", "int"], sysSocket, UNIX_ONLY),
  row(
    "socketpair",
    ["enum:family", "flags:socket-type", "int", "out:pipefds"],
    sysSocketpair,
    UNIX_ONLY,
  ),
  row("bind", ["fd", "ptr", "int"], sysBind, UNIX_ONLY),
  row("listen", ["fd", "int"], (_k, t, fd, backlog) => {
    const found = socketOf(t, fd);
    if (typeof found === "number") return found;
    if (found.socket.isConnectionless) return -EOPNOTSUPP;
    return found.socket.listen(backlog, credentialsOf(t));
  }),
  row("accept", ["fd", "ptr", "ptr"], (k, t, fd, address, size) =>
    sysAccept(k, t, fd, address, size, 0),
  ),
  row("accept4", ["fd", "ptr", "ptr", "hex"], sysAccept),
  row("connect", ["fd", "ptr", "int"], sysConnect, UNIX_ONLY),
  row("getsockname", ["fd", "ptr", "ptr"], (_k, t, fd, address, size) =>
    sysGetsockname(t, fd, address, size),
  ),
  row("getpeername", ["fd", "ptr", "ptr"], (_k, t, fd, address, size) =>
    sysGetpeername(t, fd, address, size),
  ),
  row("shutdown", ["fd", "int"], (_k, t, fd, how) => sysShutdown(t, fd, how | 0)),
  row(
    "getsockopt",
    ["fd", "int", "int", "ptr", "ptr"],
    (_k, t, fd, level, option, address, size) =>
      sysGetsockopt(t, fd, level | 0, option | 0, address, size),
    { support: "partial", note: "SOL_SOCKET's types, errors, sizes and credentials" },
  ),
  row(
    "setsockopt",
    ["fd", "int", "int", "ptr", "int"],
    (_k, t, fd, level, option, address, size) =>
      sysSetsockopt(t, fd, level | 0, option | 0, address, size),
    { support: "partial", note: "SO_PASSCRED; buffer sizes are taken and not used" },
  ),
];
