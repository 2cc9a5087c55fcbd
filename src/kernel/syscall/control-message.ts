/**
 * Control messages: what travels over a socket beside the bytes. Descriptors (SCM_RIGHTS) and
 * credentials (SCM_CREDENTIALS).
 *
 * Source: cmsg(3), unix(7); net/core/scm.c of Linux 6.1. Left out: security contexts, timestamps.
 */
import { CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN } from "../abi/capability.ts";
import { EBADF, EINVAL, ENOBUFS, EPERM } from "../abi/errno.ts";
import {
  CMSGHDR_LAYOUT,
  MSG_CMSG_CLOEXEC,
  SCM_CREDENTIALS,
  SCM_MAX_FD,
  SCM_RIGHTS,
  SOL_SOCKET,
  UCRED_LAYOUT,
} from "../abi/socket.ts";
import { decodeStruct, encodeStruct, viewOf } from "../abi/struct.ts";
import type { OpenFile } from "../fs/open-file.ts";
import type { Message, PeerCredentials } from "../fs/unix-socket.ts";
import { CONTROL_SIZE_MAX_BYTES } from "../lib/limits.ts";
import { isCapable } from "../task/cred.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes } from "../task/user-data.ts";
import { fileOf, installFile } from "./file-access.ts";
import { credentialsOf } from "./socket-access.ts";

/** What is sent with the bytes. */
export interface Ancillary {
  readonly files: readonly OpenFile[];
  readonly sender: PeerCredentials;
}

export const onlyCredentials = (t: Task): Ancillary => ({ files: [], sender: credentialsOf(t) });

const align = (size: number): number => Math.ceil(size / 8) * 8;

/** scm_send(): the control messages that a sender gave. Files come held. */
export function readControl(t: Task, address: number, size: number): Ancillary | number {
  if (size > CONTROL_SIZE_MAX_BYTES) return -ENOBUFS;
  const view = size === 0 ? undefined : readView(t, address, size);
  if (typeof view === "number") return view;
  const found: Found = { files: [], sender: credentialsOf(t) };
  for (let at = 0; view !== undefined && at + CMSGHDR_LAYOUT.size <= view.byteLength; ) {
    const header = decodeStruct(CMSGHDR_LAYOUT, view, at);
    const room = header.cmsg_len - CMSGHDR_LAYOUT.size;
    const start = at + CMSGHDR_LAYOUT.size;
    if (room < 0 || start + room > view.byteLength) return drop(found.files, -EINVAL);
    const data = new DataView(view.buffer, start, room);
    const failed = header.cmsg_level === SOL_SOCKET ? readOne(t, header.cmsg_type, data, found) : 0;
    if (failed < 0) return drop(found.files, failed);
    at += align(header.cmsg_len);
  }
  return found;
}

interface Found {
  readonly files: OpenFile[];
  sender: PeerCredentials;
}

function readOne(t: Task, type: number, data: DataView, found: Found): number {
  if (type === SCM_RIGHTS) return addFiles(t, data, found.files);
  if (type !== SCM_CREDENTIALS) return -EINVAL;
  const claimed = claimedSender(t, data);
  if (typeof claimed === "number") return claimed;
  found.sender = claimed;
  return 0;
}

/** Lets go of files that travel no further; answers `errno`. */
export function drop(files: readonly OpenFile[], errno: number): number {
  for (const file of files) file.release();
  return errno;
}

function addFiles(t: Task, data: DataView, files: OpenFile[]): number {
  for (let at = 0; at + 4 <= data.byteLength; at += 4) {
    if (files.length >= SCM_MAX_FD) return -EINVAL;
    const file = fileOf(t, data.getInt32(at, true));
    if (file === undefined) return -EBADF;
    files.push(file.hold());
  }
  return 0;
}

/** scm_check_creds(): nobody may claim to be another, unless capable. */
function claimedSender(t: Task, data: DataView): PeerCredentials | number {
  if (data.byteLength < UCRED_LAYOUT.size) return -EINVAL;
  const claim = decodeStruct(UCRED_LAYOUT, data);
  const { cred } = t;
  const isOwn =
    (claim.pid === t.tgid || isCapable(cred, CAP_SYS_ADMIN)) &&
    ([cred.uid, cred.euid, cred.suid].includes(claim.uid) || isCapable(cred, CAP_SETUID)) &&
    ([cred.gid, cred.egid, cred.sgid].includes(claim.gid) || isCapable(cred, CAP_SETGID));
  return isOwn ? claim : -EPERM;
}

/** Where a receiver wants its control messages. */
export interface ControlRoom {
  readonly address: number;
  readonly size: number;
}

/** scm_recv(): puts credentials and descriptors where the receiver has room for them. */
export function putControl(
  t: Task,
  room: ControlRoom,
  message: Message,
  wantsCredentials: boolean,
  flags: number,
): { used: number; cut: boolean } {
  let used = 0;
  let cut = false;
  const put = (type: number, data: Uint8Array): void => {
    const length = CMSGHDR_LAYOUT.size + data.length;
    const bytes = new Uint8Array(length);
    const values = { cmsg_len: length, cmsg_level: SOL_SOCKET, cmsg_type: type };
    encodeStruct(CMSGHDR_LAYOUT, values, viewOf(bytes));
    bytes.set(data, CMSGHDR_LAYOUT.size);
    if (writeBytes(t, room.address + used, bytes) >= 0)
      used = Math.min(used + align(length), room.size);
  };
  if (wantsCredentials) {
    if (room.size < CMSGHDR_LAYOUT.size + UCRED_LAYOUT.size) cut = true;
    else {
      const data = new Uint8Array(UCRED_LAYOUT.size);
      encodeStruct(UCRED_LAYOUT, { ...message.sender }, viewOf(data));
      put(SCM_CREDENTIALS, data);
    }
  }
  if (message.files.length === 0) return { used, cut };
  const fits = Math.max(0, Math.floor((room.size - used - CMSGHDR_LAYOUT.size) / 4));
  const fds: number[] = [];
  for (const file of message.files) {
    const isFull = fds.length >= fits;
    const fd = isFull ? -1 : installFile(t, file, (flags & MSG_CMSG_CLOEXEC) !== 0);
    if (isFull) file.release();
    if (fd < 0) cut = true;
    else fds.push(fd);
  }
  if (fds.length > 0) put(SCM_RIGHTS, new Uint8Array(new Int32Array(fds).buffer));
  return { used, cut };
}
