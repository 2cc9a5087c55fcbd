/**
 * A system call as strace writes it: what stands before the call is over, what comes after, and the
 * result. Pure: everything was read before.
 *
 * Source: strace 6.1, syscall.c and the per-call printers.
 * Left out: `-v`, `-y`, `-X`; printers for calls that have no row.
 */
import {
  AT_FDCWD,
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_SETTLS,
  ERESTART_RESTARTBLOCK,
  ERESTARTNOHAND,
  ERESTARTNOINTR,
  ERESTARTSYS,
  errnoName,
  F_GETFD,
  F_GETFL,
  signalName,
  strerror,
  viewOf,
} from "#abi";
import type { EnumSet, FlagSet, StructName } from "#kernel";
import { type ArgData, type ArgView, type CallView, isLate, type Vector } from "./call-view.ts";
import { flockText } from "./descriptor-structures.ts";
import { quoteBytes, quoteHex } from "./quote.ts";
import { modeText, pollResultText, structText } from "./structures.ts";
import { enumText, flagsText, futexOperationText, hexText } from "./symbols.ts";

/** The call's result, as a syscall-exit stop reports it. */
export interface CallResult {
  readonly result: number;
  readonly failed: boolean;
}

/** `openat(AT_FDCWD, "x", O_RDONLY` or `read(3, `: up to what only the exit can tell. */
export function entryText(call: CallView, limit: number): string {
  const special = SPECIAL[call.name];
  if (special !== undefined) return `${call.name}(${special.entry(call)}`;
  const late = call.args.findIndex((arg) => isLate(arg.kind));
  const early = late < 0 ? call.args : call.args.slice(0, late);
  const text = early.map((arg) => argText(arg, limit)).join(", ");
  return `${call.name}(${text}${late > 0 ? ", " : ""}`;
}

/** Was everything said at the entry? */
export function isComplete(call: CallView): boolean {
  const special = SPECIAL[call.name];
  return special === undefined
    ? !call.args.some((arg) => isLate(arg.kind))
    : special.complete(call);
}

/** The rest of the arguments, without the parenthesis. */
export function exitText(call: CallView, result: CallResult, limit: number): string {
  const special = SPECIAL[call.name];
  if (special !== undefined) return special.exit(call, result);
  const late = call.args.findIndex((arg) => isLate(arg.kind));
  if (late < 0) return "";
  return call.args
    .slice(late)
    .map((arg) => (isLate(arg.kind) ? lateText(call, arg, result, limit) : argText(arg, limit)))
    .join(", ");
}

/** An argument that the call fills: its address when it did not. */
function lateText(call: CallView, arg: ArgView, result: CallResult, limit: number): string {
  const filled = fills(call, arg, result);
  return filled ? argText(arg, limit) : pointerText(arg.word);
}

function fills(call: CallView, arg: ArgView, { result, failed }: CallResult): boolean {
  // The remaining time is written by an interrupted sleep, and by nothing else.
  if (arg.kind === "out:timespec" && call.name.endsWith("nanosleep")) return failed;
  if (failed) return false;
  return !(call.name === "wait4" && result === 0);
}

export function resultText(call: CallView, { result, failed }: CallResult): string {
  if (failed) return failureText(-result);
  if (call.signature?.returns === "none") return "?";
  if (call.signature?.returns === "ptr") return hexText(result);
  if (call.signature?.returns === "mode") return octal(result);
  if (call.name === "fcntl" && result !== 0) {
    const command = call.args[1]?.raw;
    if (command === F_GETFD) return `${hexText(result)} (flags ${flagsText("fd", result)})`;
    if (command === F_GETFL) return `${hexText(result)} (flags ${flagsText("open", result)})`;
  }
  if (call.name === "rt_sigtimedwait") return `${result} (${signalName(result) ?? result})`;
  if (call.name === "ppoll") return `${result}${pollNote(call, result)}`;
  return String(result);
}

/** What poll(2) found, and the time that it did not need. */
function pollNote({ args }: CallView, result: number): string {
  if (result === 0) return " (Timeout)";
  const [fds, , timeout] = args;
  if (fds?.after?.type !== "bytes") return "";
  const left = timeout?.after?.type === "bytes" ? timeout.after.bytes : undefined;
  const rest = left === undefined ? "" : `, left ${structText("timespec", left, 0)}`;
  return ` (${pollResultText(fds.after.bytes)}${rest})`;
}

/** Codes that never reach the program: the call will be made again, or become EINTR. */
const RESTARTS: Readonly<Record<number, string>> = {
  [ERESTARTSYS]: "ERESTARTSYS (To be restarted if SA_RESTART is set)",
  [ERESTARTNOINTR]: "ERESTARTNOINTR (To be restarted)",
  [ERESTARTNOHAND]: "ERESTARTNOHAND (To be restarted if no handler)",
  [ERESTART_RESTARTBLOCK]: "ERESTART_RESTARTBLOCK (Interrupted by signal)",
};

function failureText(errno: number): string {
  const restart = RESTARTS[errno];
  if (restart !== undefined) return `? ${restart}`;
  const name = errnoName(errno);
  return name === undefined ? `-1 (errno ${errno})` : `-1 ${name} (${strerror(errno)})`;
}

const octal = (value: number): string =>
  value === 0 ? "000" : `0${value.toString(8).padStart(3, "0")}`;

function pointerText(word: bigint): string {
  return word === 0n ? "NULL" : hexText(word);
}

/** One argument. */
export function argText(arg: ArgView, limit: number): string {
  const { kind, raw, word } = arg;
  switch (kind) {
    case "int":
    case "fd":
    case "pid":
    case "uid":
      return String(raw | 0);
    case "uint":
      return String(raw >>> 0);
    case "long":
    case "off":
      return String(word);
    case "ulong":
    case "size":
      return String(BigInt.asUintN(64, word));
    case "hex":
      return word === 0n ? "0" : hexText(word);
    case "dev":
      return hexText(word);
    case "dirfd":
      return (raw | 0) === AT_FDCWD ? "AT_FDCWD" : String(raw | 0);
    case "mode":
    case "umask":
      return modeText(raw & 0o177777);
    case "futex-operation":
      return futexOperationText(raw);
    case "sig":
      return signalName(raw) ?? String(raw);
    default:
      return pointedText(arg, limit);
  }
}

function pointedText({ kind, raw, word, data }: ArgView, limit: number): string {
  const colon = kind.indexOf(":");
  const name = kind.slice(colon + 1);
  if (kind.startsWith("flags:")) return flagsText(name as FlagSet, word);
  if (kind.startsWith("enum:")) return enumText(name as EnumSet, raw);
  if (data === null) return pointerText(word);
  if (kind === "hex-out" && data.type === "bytes") return quoteHex(data.bytes, data.more);
  if (name === "flock" && data.type === "bytes")
    return flockText(data.bytes, kind.startsWith("inout"));
  if (colon >= 0 && data.type === "bytes") return structText(name as StructName, data.bytes, raw);
  return dataText(data, raw, kind === "path" ? 4096 : limit);
}

function dataText(data: ArgData, raw: number, limit: number): string {
  switch (data.type) {
    case "text":
      return quoteBytes(
        data.text.bytes,
        limit,
        !data.text.complete && data.text.bytes.length <= limit,
      );
    case "bytes":
      return quoteBytes(data.bytes, limit, data.more);
    case "texts": {
      const texts = data.texts.map((text) => quoteBytes(text.bytes, limit));
      return `[${texts.join(", ")}${data.more ? ", ..." : ""}]`;
    }
    case "vectors":
      return `[${data.vectors.map((vector) => vectorText(vector, limit)).join(", ")}]`;
    case "count":
      return `${hexText(raw)} /* ${data.count} ${data.count === 1 ? "var" : "vars"} */`;
  }
}

/** `{iov_base="xy", iov_len=2}`; an address for what cannot be read. */
function vectorText({ base, size, bytes }: Vector, limit: number): string {
  const isThere = bytes.length > 0 || size === 0n;
  const text = isThere ? quoteBytes(bytes, limit, size > BigInt(limit)) : pointerText(base);
  return `{iov_base=${text}, iov_len=${size}}`;
}

/** A call whose text does not follow from its arguments one by one. */
interface SpecialText {
  readonly entry: (call: CallView) => string;
  readonly exit: (call: CallView, result: CallResult) => string;
  readonly complete: (call: CallView) => boolean;
}

const rawArg = (call: CallView, at: number): number => call.args[at]?.raw ?? 0;

const wordArg = (call: CallView, at: number): bigint => call.args[at]?.word ?? 0n;

const hasCloneFlag = (call: CallView, flag: number): boolean => (rawArg(call, 0) & flag) !== 0;

/** riscv takes flags, stack, parent_tid, tls, child_tid; strace names them and says what counts. */
const CLONE: SpecialText = {
  entry: (call) =>
    `child_stack=${pointerText(wordArg(call, 1))}, flags=${flagsText("clone", rawArg(call, 0))}`,
  exit: (call, { result, failed }) => {
    let text = "";
    if (hasCloneFlag(call, CLONE_PARENT_SETTID))
      text += `, parent_tid=${failed ? pointerText(wordArg(call, 2)) : `[${result}]`}`;
    if (hasCloneFlag(call, CLONE_SETTLS)) text += `, tls=${hexText(wordArg(call, 3))}`;
    if (hasCloneFlag(call, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
      text += `, child_tidptr=${pointerText(wordArg(call, 4))}`;
    }
    return text;
  },
  complete: (call) =>
    !hasCloneFlag(
      call,
      CLONE_PARENT_SETTID | CLONE_SETTLS | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID,
    ),
};

/** clone3 tells the thread id that it has written behind what it was given. */
const CLONE3: SpecialText = {
  entry: (call) => `${argsText(call, 1)}${tellsTid(call) ? "" : `, ${rawArg(call, 1)}`}`,
  exit: (call, { result, failed }) => {
    if (!tellsTid(call)) return "";
    return `${failed ? "" : ` => {parent_tid=[${result}]}`}, ${rawArg(call, 1)}`;
  },
  complete: (call) => !tellsTid(call),
};

function tellsTid(call: CallView): boolean {
  const data = call.args[0]?.data;
  const flags = data?.type === "bytes" ? viewOf(data.bytes).getUint32(0, true) : 0;
  return (flags & CLONE_PARENT_SETTID) !== 0;
}

const argsText = (call: CallView, count: number): string =>
  call.args
    .slice(0, count)
    .map((arg) => argText(arg, 0))
    .join(", ");

const SPECIAL: Readonly<Partial<Record<string, SpecialText>>> = { clone: CLONE, clone3: CLONE3 };
