/**
 * Numbers back to names: every constant of this folder by its prefix, for strace-like printing.
 * Names come from the constants themselves, so a new constant is printed without being listed.
 */
import * as auxv from "./auxv.ts";
import * as clone from "./clone.ts";
import * as fcntl from "./fcntl.ts";
import * as futex from "./futex.ts";
import * as mman from "./mman.ts";
import * as module from "./module.ts";
import * as poll from "./poll.ts";
import * as prctl from "./prctl.ts";
import * as ptrace from "./ptrace.ts";
import * as reboot from "./reboot.ts";
import * as resource from "./resource.ts";
import * as seccomp from "./seccomp.ts";
import * as siginfo from "./siginfo.ts";
import * as signal from "./signal.ts";
import * as stat from "./stat.ts";
import * as termios from "./termios.ts";
import * as time from "./time.ts";
import * as wait from "./wait.ts";

/** A header of this folder: prefixes such as AT_ mean one thing in fcntl and another in auxv. */
const HEADERS = {
  auxv,
  clone,
  fcntl,
  futex,
  mman,
  module,
  poll,
  prctl,
  ptrace,
  reboot,
  resource,
  seccomp,
  siginfo,
  signal,
  stat,
  termios,
  time,
  wait,
} as const;

export type AbiHeader = keyof typeof HEADERS;

/** Constants of a header that start with `prefix`, sorted by value, then by name. */
export function constantsOf(
  header: AbiHeader,
  prefix: string,
): readonly (readonly [name: string, value: number])[] {
  const found: [string, number][] = [];
  for (const [name, value] of Object.entries(HEADERS[header])) {
    if (name.startsWith(prefix) && typeof value === "number") found.push([name, value]);
  }
  return found.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
}

/** The first constant with this prefix and value: "SEEK_END" for ("fcntl", "SEEK_", 2). */
export function constantName(header: AbiHeader, prefix: string, value: number): string | undefined {
  return constantsOf(header, prefix).find(([, number]) => number === value)?.[0];
}
