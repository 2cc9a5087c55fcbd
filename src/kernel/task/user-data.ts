/**
 * Reading and writing the structures that system calls take by address. Every reader answers a
 * value, or -EFAULT; every writer 0 or -EFAULT.
 */
import { EFAULT, ENAMETOOLONG } from "../abi/errno.ts";
import { PATH_LENGTH_MAX_BYTES } from "../lib/limits.ts";
import type { Task } from "./task.ts";

/** A view of `size` bytes at `addr`, a copy. */
export function readView(t: Task, addr: number, size: number): DataView | number {
  const bytes = t.mm?.copyIn(addr, size) ?? -EFAULT;
  return typeof bytes === "number" ? bytes : new DataView(bytes.buffer);
}

export function writeBytes(t: Task, addr: number, bytes: Uint8Array): number {
  return t.mm?.copyOut(addr, bytes) ?? -EFAULT;
}

/** Fills `size` bytes with `fill` and copies them out. */
export function writeView(
  t: Task,
  addr: number,
  size: number,
  fill: (view: DataView) => void,
): number {
  const view = new DataView(new ArrayBuffer(size));
  fill(view);
  return writeBytes(t, addr, new Uint8Array(view.buffer));
}

/** A path argument: -ENAMETOOLONG where PATH_MAX bytes hold no NUL. */
export function readPath(t: Task, addr: number): string | number {
  return t.mm?.copyInString(addr, PATH_LENGTH_MAX_BYTES) ?? -ENAMETOOLONG;
}

/** A signal set of 8 bytes. */
export function readSigset(t: Task, addr: number): bigint | number {
  const view = readView(t, addr, 8);
  return typeof view === "number" ? view : view.getBigUint64(0, true);
}

export function writeSigset(t: Task, addr: number, set: bigint): number {
  return writeView(t, addr, 8, (view) => view.setBigUint64(0, set, true));
}

/** struct timespec as nanoseconds; -EFAULT, or undefined for a value out of range. */
export function readTimespec(
  t: Task,
  addr: number,
): number | undefined | { readonly error: number } {
  const view = readView(t, addr, 16);
  if (typeof view === "number") return { error: view };
  const sec = Number(view.getBigInt64(0, true));
  const nsec = Number(view.getBigInt64(8, true));
  return sec < 0 || nsec < 0 || nsec > 999_999_999 ? undefined : sec * 1e9 + nsec;
}

export function writeTimespec(t: Task, addr: number, ns: number): number {
  return writeView(t, addr, 16, (view) => {
    view.setBigInt64(0, BigInt(Math.floor(ns / 1e9)), true);
    view.setBigInt64(8, BigInt(Math.floor(ns % 1e9)), true);
  });
}

/** A NULL-terminated array of strings: execve's argv. */
export function readStrings(t: Task, addr: number): string[] | number {
  const strings: string[] = [];
  if (addr === 0) return strings;
  for (let at = addr; ; at += 8) {
    const view = readView(t, at, 8);
    if (typeof view === "number") return view;
    const pointer = Number(view.getBigInt64(0, true));
    if (pointer === 0) return strings;
    const text = t.mm?.copyInString(pointer, 131_072) ?? -EFAULT;
    if (typeof text === "number") return text;
    strings.push(text);
  }
}
