/**
 * What an open file can do. Each kind of file implements what it knows; a missing operation has the
 * errno that Linux has for a missing method.
 *
 * Source: struct file_operations, include/linux/fs.h of Linux 6.1. An operation that may block
 * answers with a kernel path instead of a result. Left out: mmap, splice, asynchronous I/O.
 */
import type { Kpath, WaitQueue } from "../lib/wait.ts";
import type { OpenFile } from "./open-file.ts";
import type { PeerCredentials } from "./unix-socket.ts";

/** The task on whose behalf an operation runs, as far as files care. */
export interface IoCaller {
  /** Should an interruptible wait end? */
  signalPending(): boolean;
  /** Sends a signal to the calling thread: SIGPIPE. */
  raise(sig: number): void;
  /** Who this is to the other end of a socket. */
  readonly credentials: PeerCredentials;
  /** CAP_FSETID. */
  keepsSetId(): boolean;
  readonly pgid: number;
  readonly sid: number;
  readonly isSessionLeader: boolean;
  /** Does the caller block or ignore this signal? Job control then lets it pass. */
  ignores(sig: number): boolean;
  /** is_current_pgrp_orphaned(): nobody is left who could continue a stopped group. */
  isGroupOrphaned(): boolean;
  /** The session of a process group, or undefined where there is no such group. */
  sessionOfGroup(pgid: number): number | undefined;
}

/** The memory that an ioctl's argument points to. */
export interface IoctlMemory {
  /** -EFAULT where it cannot be read. */
  read(size: number): DataView | number;
  /** 0 or -EFAULT. */
  write(bytes: Uint8Array): number;
}

/** Bytes read (none at the end of the file), or a negative errno. */
export type ReadResult = Uint8Array | number;

export interface FileOps {
  /** Has a position: lseek and pread work, and read moves it. */
  readonly seekable: boolean;
  read?(
    file: OpenFile,
    position: number,
    count: number,
    caller: IoCaller,
  ): ReadResult | Kpath<ReadResult>;
  write?(
    file: OpenFile,
    position: number,
    bytes: Uint8Array,
    caller: IoCaller,
  ): number | Kpath<number>;
  ioctl?(
    file: OpenFile,
    command: number,
    argument: number,
    memory: IoctlMemory,
    caller: IoCaller,
  ): number | Kpath<number>;
  /** POLL* bits that are true now. Without it a file is always ready. */
  poll?(file: OpenFile): number;
  /** Where to sleep until `poll` may have changed. */
  readonly pollQueues?: readonly WaitQueue[];
  /** The last descriptor went away. */
  release?(file: OpenFile): void;
}
