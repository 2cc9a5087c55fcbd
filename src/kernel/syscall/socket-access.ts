/**
 * What the socket calls share: sockets by descriptor and by address, addresses in user memory.
 *
 * Source: net/socket.c, net/unix/af_unix.c (unix_mkname_bsd, unix_find_socket) of Linux 6.1.
 */
import { EACCES, EBADF, ECONNREFUSED, EFAULT, EINVAL, ENOTSOCK, EPROTOTYPE } from "../abi/errno.ts";
import { AF_UNIX, SUN_PATH_OFFSET, UNIX_PATH_MAX } from "../abi/socket.ts";
import type { OpenFile } from "../fs/open-file.ts";
import { lookupPath } from "../fs/path-walk.ts";
import { MAY_WRITE, permission } from "../fs/permission.ts";
import type { PeerCredentials, UnixSocket } from "../fs/unix-socket.ts";
import { decodeUtf8 } from "../lib/text.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes, writeView } from "../task/user-data.ts";
import { fileOf } from "./file-access.ts";

export interface SocketFile {
  readonly file: OpenFile;
  readonly socket: UnixSocket;
}

export function socketOf(t: Task, fd: number): SocketFile | number {
  const file = fileOf(t, fd);
  if (file === undefined) return -EBADF;
  const { body } = file.inode;
  if (body.kind !== "socket" || body.socket === undefined) return -ENOTSOCK;
  return { file, socket: body.socket };
}

export const credentialsOf = (t: Task): PeerCredentials => ({
  pid: t.tgid,
  uid: t.cred.euid,
  gid: t.cred.egid,
});

/** sun_path of a struct sockaddr_un: a path without its NUL, or an abstract name with it in front. */
export function readName(t: Task, address: number, size: number): Uint8Array | number {
  const length = size | 0;
  if (length < SUN_PATH_OFFSET || length > SUN_PATH_OFFSET + UNIX_PATH_MAX) return -EINVAL;
  const view = readView(t, address, length);
  if (typeof view === "number") return view;
  if (view.getUint16(0, true) !== AF_UNIX) return -EINVAL;
  const name = new Uint8Array(view.buffer, SUN_PATH_OFFSET);
  if (name.length === 0 || name[0] === 0) return name;
  const end = name.indexOf(0);
  return end < 0 ? name : name.subarray(0, end);
}

export const isAbstract = (name: Uint8Array): boolean => name.length > 0 && name[0] === 0;

/** Key of an abstract name. */
export const nameKey = (name: Uint8Array): string => String.fromCharCode(...name);

/** The socket that a name leads to, for a sender or a client of the given type. */
export function findSocket(
  k: Kernel,
  t: Task,
  name: Uint8Array,
  type: number,
): UnixSocket | number {
  if (name.length === 0) return -EINVAL;
  const found = isAbstract(name) ? k.vfs.abstractSockets.get(nameKey(name)) : socketAt(t, name);
  if (typeof found === "number") return found;
  if (found === undefined || found.isClosed) return -ECONNREFUSED;
  return found.type === type ? found : -EPROTOTYPE;
}

function socketAt(t: Task, name: Uint8Array): UnixSocket | undefined | number {
  const inode = lookupPath(t, t.fs.cwd, decodeUtf8(name), true);
  if (typeof inode === "number") return inode;
  if (!permission(inode, t.cred, MAY_WRITE)) return -EACCES;
  return inode.body.kind === "socket" ? inode.body.socket : undefined;
}

/**
 * move_addr_to_user(): as much of the address as there is room for, and how long it is. A sender
 * without a name has no address at all; a socket that is asked for its own has its family.
 */
export function writeName(
  t: Task,
  address: number,
  sizeAddress: number,
  name: Uint8Array,
  isOwn = true,
): number {
  if (address === 0) return 0;
  const size = readView(t, sizeAddress, 4);
  if (typeof size === "number") return size;
  const room = size.getInt32(0, true);
  if (room < 0) return -EINVAL;
  const bytes = isOwn || name.length > 0 ? encodeName(name) : name;
  if (writeBytes(t, address, bytes.subarray(0, room)) < 0) return -EFAULT;
  return writeView(t, sizeAddress, 4, (view) => view.setInt32(0, bytes.length, true));
}

/** A socket without a name is its family alone; a path has its NUL. */
export function encodeName(name: Uint8Array): Uint8Array {
  const ends = name.length === 0 || isAbstract(name) ? 0 : 1;
  const bytes = new Uint8Array(SUN_PATH_OFFSET + name.length + ends);
  bytes[0] = AF_UNIX;
  bytes.set(name, SUN_PATH_OFFSET);
  return bytes;
}
