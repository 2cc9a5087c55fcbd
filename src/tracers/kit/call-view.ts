/**
 * A system call with its arguments read out of the tracee, by the kinds that the kernel's own table
 * gives them: one row a call, here and in the dispatcher.
 *
 * Source: ptrace(2) for reading; the table for what to read.
 * Left out: values that a call changes in place before it returns (`inout` is read at its exit).
 */
import {
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  O_CREAT,
  SYSCALL_NUMBERS,
  TCGETS,
  TCSETS,
  TCSETSF,
  TCSETSW,
  TIOCGPGRP,
  TIOCGWINSZ,
  TIOCSPGRP,
  TIOCSWINSZ,
} from "#abi";
import { type ArgKind, type StructName, SYSCALLS, type SyscallSignature } from "#kernel";
import type { Sys, UserCall } from "#userland";
import type { RawCall } from "./stop.ts";
import { STRUCT_SIZES } from "./structures.ts";
import { type ReadText, readMemory, readText } from "./tracee-memory.ts";

/** What was found where an argument points. */
export type ArgData =
  | { readonly type: "text"; readonly text: ReadText }
  | { readonly type: "bytes"; readonly bytes: Uint8Array; readonly more: boolean }
  | { readonly type: "texts"; readonly texts: readonly ReadText[]; readonly more: boolean }
  | { readonly type: "count"; readonly count: number };

export interface ArgView {
  readonly kind: ArgKind;
  /** The register, signed 64-bit: exact below 2^53, as all numbers and addresses are. */
  readonly raw: number;
  /** The register to the last bit, for what holds data. */
  readonly word: bigint;
  /** null for a plain value, and where nothing could be read. */
  data: ArgData | null;
}

export interface CallView {
  readonly nr: number;
  readonly name: string;
  /** undefined for a call that no row of the table answers. */
  readonly signature: SyscallSignature | undefined;
  readonly args: readonly ArgView[];
}

const SIGNATURES: ReadonlyMap<number, SyscallSignature> = new Map(
  SYSCALLS.map((row) => [row.nr, row]),
);
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SYSCALL_NUMBERS).map(([name, nr]) => [nr, name]),
);

/** `openat` for 56, `syscall_0x1c7` for a number that Linux does not have. */
export function callName(nr: number): string {
  return NAMES.get(nr) ?? `syscall_0x${nr.toString(16)}`;
}

/** All calls that the kernel's table has rows for. */
export function callSignatures(): readonly SyscallSignature[] {
  return SYSCALLS;
}

const IOCTL_KINDS: ReadonlyMap<number, ArgKind> = new Map<number, ArgKind>([
  [TCGETS, "out:termios"],
  [TCSETS, "in:termios"],
  [TCSETSW, "in:termios"],
  [TCSETSF, "in:termios"],
  [TIOCGWINSZ, "out:winsize"],
  [TIOCSWINSZ, "in:winsize"],
  [TIOCGPGRP, "out:int"],
  [TIOCSPGRP, "in:int"],
]);

const FCNTL_KINDS: ReadonlyMap<number, readonly ArgKind[]> = new Map<number, readonly ArgKind[]>([
  [F_GETFD, []],
  [F_GETFL, []],
  [F_SETFD, ["flags:fd"]],
  [F_SETFL, ["flags:pipe"]],
]);

/** The kinds of this very call: some arguments depend on others. */
function kindsOf(signature: SyscallSignature, args: readonly number[]): readonly ArgKind[] {
  const { name, args: kinds } = signature;
  const [a0 = 0, a1 = 0, a2 = 0] = args;
  if (name === "openat" && (a2 & O_CREAT) === 0) return kinds.slice(0, 3);
  if (name === "fcntl") {
    const rest: readonly ArgKind[] = FCNTL_KINDS.get(a1) ?? ["int"];
    return [...kinds.slice(0, 2), ...rest];
  }
  if (name === "ioctl") return [...kinds.slice(0, 2), IOCTL_KINDS.get(a1) ?? "hex"];
  if (name === "prctl") return kinds.slice(0, a0 === 15 || a0 === 16 ? 2 : 5);
  return kinds;
}

const SIX_HEX: readonly ArgKind[] = ["hex", "hex", "hex", "hex", "hex", "hex"];

/** Is this argument only known when the call is over? */
export function isLate(kind: ArgKind): boolean {
  return kind === "buf-out" || kind === "str-out" || /^(?:out|inout):/.test(kind);
}

const argView = (kind: ArgKind, word: bigint): ArgView => ({
  kind,
  raw: Number(word),
  word,
  data: null,
});

/** The call as its registers alone tell it. */
export function plainView(call: RawCall): CallView {
  const signature = SIGNATURES.get(call.nr);
  const kinds = signature === undefined ? SIX_HEX : kindsOf(signature, call.args);
  const args = kinds.map((kind, at) => argView(kind, call.words[at] ?? 0n));
  return { nr: call.nr, name: signature?.name ?? callName(call.nr), signature, args };
}

/** The call at its entry, with everything that it is given. `limit` cuts strings and buffers. */
export function* viewEntry(
  sys: Sys,
  pid: number,
  call: RawCall,
  limit: number,
): UserCall<CallView> {
  const view = plainView(call);
  if (call.nr === SYSCALL_NUMBERS.rt_sigreturn && call.sp !== undefined) {
    const frame = argView("in:sigframe", BigInt(call.sp));
    frame.data = yield* readArg(sys, pid, frame, 0, limit);
    return { ...view, args: [frame] };
  }
  for (const [at, arg] of view.args.entries()) {
    if (isLate(arg.kind)) continue;
    arg.data = yield* readArg(sys, pid, arg, view.args[at + 1]?.raw ?? 0, limit);
  }
  return view;
}

/** At the exit: what the call has written. */
export function* viewExit(
  sys: Sys,
  pid: number,
  call: CallView,
  result: number,
  limit: number,
): UserCall<void> {
  for (const arg of call.args) {
    if (isLate(arg.kind)) arg.data = yield* readArg(sys, pid, arg, Math.max(result, 0), limit);
  }
}

/** `size` is the next argument, or the result where the call says how much it wrote. */
function* readArg(
  sys: Sys,
  pid: number,
  arg: ArgView,
  size: number,
  limit: number,
): UserCall<ArgData | null> {
  const { kind, raw } = arg;
  if (raw === 0) return null;
  switch (kind) {
    case "path":
      return yield* textData(sys, pid, raw, 4096);
    case "str":
    case "str-out":
      return yield* textData(sys, pid, raw, limit + 1);
    case "buf-in":
    case "buf-out": {
      const bytes = yield* readMemory(sys, pid, raw, Math.min(size, limit));
      return bytes.length === 0 && size > 0 ? null : { type: "bytes", bytes, more: size > limit };
    }
    case "argv":
      return yield* textsData(sys, pid, raw, limit);
    case "envp":
      return yield* countData(sys, pid, raw);
    default:
      return yield* structData(sys, pid, arg, size);
  }
}

function* structData(sys: Sys, pid: number, arg: ArgView, size: number): UserCall<ArgData | null> {
  const colon = arg.kind.indexOf(":");
  if (!/^(?:in|out|inout)$/.test(arg.kind.slice(0, colon))) return null;
  const name = arg.kind.slice(colon + 1) as StructName;
  const fixed = STRUCT_SIZES[name];
  const wanted = name === "pollfds" ? Math.min(size, 32) * 8 : fixed === 0 ? size : fixed;
  if (wanted === 0 && name !== "dirents") return null;
  const bytes = yield* readMemory(sys, pid, arg.raw, Math.min(wanted, 65536));
  return bytes.length < wanted ? null : { type: "bytes", bytes, more: false };
}

function* textData(sys: Sys, pid: number, addr: number, limit: number): UserCall<ArgData | null> {
  const text = yield* readText(sys, pid, addr, limit);
  return text === null ? null : { type: "text", text };
}

/** Most strings of an argv that are shown. */
const ARGV_MAX = 32;

function* pointerAt(sys: Sys, pid: number, addr: number): UserCall<number> {
  const bytes = yield* readMemory(sys, pid, addr, 8);
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
}

function* textsData(sys: Sys, pid: number, addr: number, limit: number): UserCall<ArgData | null> {
  const texts: ReadText[] = [];
  for (let at = addr; ; at += 8) {
    const pointer = yield* pointerAt(sys, pid, at);
    if (pointer === 0) return { type: "texts", texts, more: false };
    if (texts.length === ARGV_MAX) return { type: "texts", texts, more: true };
    const text = yield* readText(sys, pid, pointer, limit + 1);
    if (text === null) return null;
    texts.push(text);
  }
}

function* countData(sys: Sys, pid: number, addr: number): UserCall<ArgData> {
  let count = 0;
  while ((yield* pointerAt(sys, pid, addr + count * 8)) !== 0 && count < 4096) count += 1;
  return { type: "count", count };
}
