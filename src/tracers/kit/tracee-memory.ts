/**
 * A stopped tracee's memory, a word at a time.
 *
 * Source: ptrace(2), PTRACE_PEEKDATA and PTRACE_POKEDATA as the raw system call has them.
 * Left out: process_vm_readv(2), /proc/PID/mem.
 */
import { PTRACE_PEEKDATA } from "#abi";
import { decodeUtf8 } from "#kernel";
import type { Sys, UserCall } from "#userland";

const WORD_SIZE = 8;

/** `size` bytes at `addr`; fewer when the rest cannot be read. */
export function* readMemory(
  sys: Sys,
  pid: number,
  addr: number,
  size: number,
): UserCall<Uint8Array> {
  const first = addr - (addr % WORD_SIZE);
  const bytes = new Uint8Array(Math.ceil((addr + size - first) / WORD_SIZE) * WORD_SIZE);
  const mark = sys.mark();
  const word = sys.push(WORD_SIZE);
  let got = 0;
  for (; got < bytes.length; got += WORD_SIZE) {
    if ((yield* sys.ptrace(PTRACE_PEEKDATA, pid, first + got, word)) < 0) break;
    bytes.set(sys.mem.read(word, WORD_SIZE), got);
  }
  sys.popTo(mark);
  return bytes.subarray(addr - first, Math.max(addr - first, Math.min(addr - first + size, got)));
}

export interface ReadText {
  readonly bytes: Uint8Array;
  /** Whether the NUL was found within the limit. */
  readonly complete: boolean;
}

/** The string at `addr`, at most `limit` bytes of it; null when not even one can be read. */
export function* readText(
  sys: Sys,
  pid: number,
  addr: number,
  limit: number,
): UserCall<ReadText | null> {
  const parts: number[] = [];
  for (let at = addr; parts.length < limit; ) {
    // Up to the next word border, so that a string at the end of a page is read to its end.
    const part = yield* readMemory(sys, pid, at, WORD_SIZE - (at % WORD_SIZE));
    if (part.length === 0)
      return parts.length === 0 ? null : { bytes: Uint8Array.from(parts), complete: false };
    const end = part.indexOf(0);
    parts.push(...(end < 0 ? part : part.subarray(0, end)));
    if (end >= 0 && parts.length <= limit) return { bytes: Uint8Array.from(parts), complete: true };
    at += part.length;
  }
  return { bytes: Uint8Array.from(parts.slice(0, limit)), complete: false };
}

/** A whole string, for names that have to be acted upon. */
export function* readString(sys: Sys, pid: number, addr: number): UserCall<string | null> {
  const text = yield* readText(sys, pid, addr, 4096);
  return text === null ? null : decodeUtf8(text.bytes);
}

/** Stores bytes; the words at both ends keep what is around them. 0, or -errno. */
export function* writeMemory(sys: Sys, pid: number, addr: number, bytes: Uint8Array): UserCall {
  const first = addr - (addr % WORD_SIZE);
  const end = Math.ceil((addr + bytes.length) / WORD_SIZE) * WORD_SIZE;
  const old = yield* readMemory(sys, pid, first, end - first);
  const image = new Uint8Array(end - first);
  image.set(old);
  image.set(bytes, addr - first);
  for (let at = 0; at < image.length; at += WORD_SIZE) {
    const result = yield* sys.ptracePoke(pid, first + at, image.subarray(at, at + WORD_SIZE));
    if (result < 0) return result;
  }
  return 0;
}
