/**
 * A system call with its arguments read out of the tracee, by the kinds that the kernel's own table
 * gives them: one row a call, here and in the dispatcher.
 *
 * Source: ptrace(2) for reading; the table for what to read.
 * Left out: values that a call changes in place before it returns (`inout` is read at its exit).
 */
import { EPOLL_EVENT_LAYOUT, SYSCALL_NUMBERS } from "#abi";
import { type ArgKind, type StructName, SYSCALLS, type SyscallSignature } from "#kernel";
import type { Sys, UserCall } from "#userland";
import { kindsOf } from "./call-kinds.ts";
import type { RawCall } from "./stop.ts";
import { STRUCT_SIZES } from "./structures.ts";
import { type ReadText, readMemory, readText } from "./tracee-memory.ts";

/** What was found where an argument points. */
export type ArgData =
  | { readonly type: "text"; readonly text: ReadText }
  | { readonly type: "bytes"; readonly bytes: Uint8Array; readonly more: boolean }
  | { readonly type: "texts"; readonly texts: readonly ReadText[]; readonly more: boolean }
  | { readonly type: "vectors"; readonly vectors: readonly Vector[] }
  | { readonly type: "count"; readonly count: number };

/** A struct iovec and what lies there. */
export interface Vector {
  readonly base: bigint;
  readonly size: bigint;
  readonly bytes: Uint8Array;
}

export interface ArgView {
  readonly kind: ArgKind;
  /** The register, signed 64-bit: exact below 2^53, as all numbers and addresses are. */
  readonly raw: number;
  /** The register to the last bit, for what holds data. */
  readonly word: bigint;
  /** null for a plain value, and where nothing could be read. */
  data: ArgData | null;
  /** What a call that changed it left there, where strace shows both. */
  after: ArgData | null;
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

const PAGE_SIZE = 4096;
const SIX_HEX: readonly ArgKind[] = ["hex", "hex", "hex", "hex", "hex", "hex"];

/** Is this argument only known when the call is over? */
export function isLate(kind: ArgKind): boolean {
  return /^(?:buf-out|hex-out|str-out|(?:out|inout):.*)$/.test(kind);
}

const argView = (kind: ArgKind, word: bigint): ArgView => ({
  kind,
  raw: Number(word),
  word,
  data: null,
  after: null,
});

/** The call as its registers alone tell it. */
export function plainView(call: RawCall): CallView {
  const signature = SIGNATURES.get(call.nr);
  const kinds = signature === undefined ? SIX_HEX : kindsOf(signature, call.args);
  const args = kinds.flatMap((kind, at) =>
    kind === "none" ? [] : [argView(kind, call.words[at] ?? 0n)],
  );
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
    arg.data = yield* readArg(sys, pid, arg, givenSize(view, arg, at), limit);
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
  for (const [at, arg] of call.args.entries()) {
    if (call.name === "ppoll" && result > 0 && (at === 0 || at === 2))
      arg.after = yield* readArg(sys, pid, arg, givenSize(call, arg, at), limit);
    if (!isLate(arg.kind)) continue;
    arg.data = yield* readArg(sys, pid, arg, writtenSize(call, arg, at, result), limit);
  }
}

/** How many bytes or records of an argument a call is given: mostly the argument behind it. */
const givenSize = (call: CallView, { kind }: ArgView, at: number): number =>
  call.args[kind === "in:gids" ? at - 1 : at + 1]?.raw ?? 0;

/** How many bytes or records of an argument a call has written. */
function writtenSize(call: CallView, { kind }: ArgView, at: number, result: number): number {
  if (kind === "out:residency") return Math.ceil((call.args[at - 1]?.raw ?? 0) / PAGE_SIZE);
  return Math.max(result, 0);
}

/** `size` is how much there is of it, where its kind does not say. */
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
    case "hex-out":
    case "buf-out": {
      const bytes = yield* readMemory(sys, pid, raw, Math.min(size, limit));
      return bytes.length === 0 && size > 0 ? null : { type: "bytes", bytes, more: size > limit };
    }
    case "argv":
      return yield* textsData(sys, pid, raw, limit);
    case "in:iovec":
      return yield* vectorsData(sys, pid, raw, size, limit);
    case "envp":
      return yield* countData(sys, pid, raw);
    default:
      return yield* structData(sys, pid, arg, size);
  }
}

/** Records that are shown of an array. */
const RECORDS_MAX = 32;
/** What may have no record at all, and is there. */
const COUNTED: readonly StructName[] = ["dirents", "epoll-events", "gids"];
const CLONE_ARGS_SIZE_VER0 = 64;
const RECORD_SIZES: Readonly<Partial<Record<StructName, number>>> = {
  "epoll-events": EPOLL_EVENT_LAYOUT.size,
  gids: 4,
  pollfds: 8,
};

function structSize(name: StructName, size: number): number {
  const record = RECORD_SIZES[name];
  if (record !== undefined) return Math.min(size, RECORDS_MAX) * record;
  // Before it had a tls there was no clone3: less than that is no such structure.
  if (name === "clone-args" && size < CLONE_ARGS_SIZE_VER0) return 0;
  return STRUCT_SIZES[name] || size;
}

function* structData(sys: Sys, pid: number, arg: ArgView, size: number): UserCall<ArgData | null> {
  const colon = arg.kind.indexOf(":");
  if (!/^(?:in|out|inout)$/.test(arg.kind.slice(0, colon))) return null;
  const name = arg.kind.slice(colon + 1) as StructName;
  const wanted = structSize(name, size);
  if (wanted === 0 && !COUNTED.includes(name)) return null;
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

const IOVEC_SIZE = 16;

function* vectorsData(
  sys: Sys,
  pid: number,
  addr: number,
  count: number,
  limit: number,
): UserCall<ArgData | null> {
  const wanted = Math.min(count, RECORDS_MAX) * IOVEC_SIZE;
  const table = yield* readMemory(sys, pid, addr, wanted);
  if (wanted <= 0 || table.length < wanted) return null;
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const vectors: Vector[] = [];
  for (let at = 0; at < wanted; at += IOVEC_SIZE) {
    const base = view.getBigUint64(at, true);
    const size = view.getBigUint64(at + 8, true);
    const shown = size > BigInt(limit) ? limit : Number(size);
    vectors.push({ base, size, bytes: yield* readMemory(sys, pid, Number(base), shown) });
  }
  return { type: "vectors", vectors };
}

function* countData(sys: Sys, pid: number, addr: number): UserCall<ArgData> {
  let count = 0;
  while ((yield* pointerAt(sys, pid, addr + count * 8)) !== 0 && count < 4096) count += 1;
  return { type: "count", count };
}
