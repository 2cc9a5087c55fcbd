/**
 * Structures as strace prints them.
 *
 * Source: strace 6.1: print_struct_stat.c, print_timespec.h, signal.c, term.c, uname.c.
 * Left out: fields that only `-v` shows (`...` stands for them).
 */
import {
  constantsOf,
  decodeSiginfo,
  decodeStruct,
  decodeUtsname,
  ITIMERVAL_LAYOUT,
  POLLFD_LAYOUT,
  RLIMIT_LAYOUT,
  RUSAGE_LAYOUT,
  S_IFBLK,
  S_IFCHR,
  S_IFMT,
  SIGACTION_LAYOUT,
  SIGFRAME_LAYOUT,
  STAT_LAYOUT,
  signalName,
  TERMIOS_LAYOUT,
  TIMESPEC_LAYOUT,
  TIMEVAL_LAYOUT,
  TMS_LAYOUT,
  viewOf,
  WINSIZE_LAYOUT,
  wcoredump,
  wexitstatus,
  wifcontinued,
  wifexited,
  wifstopped,
  wstopsig,
  wtermsig,
} from "#abi";
import { encodeUtf8, type StructName } from "#kernel";
import { sigsetSignals } from "#userland";
import { escapeBytes } from "./quote.ts";
import { siginfoText } from "./siginfo-text.ts";
import { flagsText, hexText } from "./symbols.ts";
import { termiosText } from "./termios-text.ts";

/** How many bytes of a structure to read; 0 where the call says how many. */
export const STRUCT_SIZES: Readonly<Record<StructName, number>> = {
  dirents: 0,
  int: 4,
  iovec: 0,
  itimerval: ITIMERVAL_LAYOUT.size,
  long: 8,
  pipefds: 8,
  pollfds: 0,
  rlimit: RLIMIT_LAYOUT.size,
  rusage: RUSAGE_LAYOUT.size,
  sigaction: SIGACTION_LAYOUT.size,
  sigframe: SIGFRAME_LAYOUT.size,
  siginfo: 128,
  sigset: 8,
  stat: STAT_LAYOUT.size,
  statfs: 0,
  sysinfo: 0,
  termios: TERMIOS_LAYOUT.size,
  timespec: TIMESPEC_LAYOUT.size,
  timeval: TIMEVAL_LAYOUT.size,
  tms: TMS_LAYOUT.size,
  utsname: 390,
  winsize: WINSIZE_LAYOUT.size,
  wstatus: 4,
};

/** `[INT CHLD]`, or `~[KILL]` when most are in. */
export function sigsetText(low: number, high: number): string {
  const inside = sigsetSignals(low, high);
  const short = (sig: number): string => (signalName(sig) ?? String(sig)).replace(/^SIG/, "");
  if (inside.length * 3 < 64 * 2) return `[${inside.map(short).join(" ")}]`;
  const outside = sigsetSignals(~low >>> 0, ~high >>> 0);
  return `~[${outside.map(short).join(" ")}]`;
}

/** `[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]` without the brackets. */
export function waitStatusText(status: number): string {
  if (wifexited(status)) return `{WIFEXITED(s) && WEXITSTATUS(s) == ${wexitstatus(status)}}`;
  if (wifcontinued(status)) return "{WIFCONTINUED(s)}";
  if (wifstopped(status)) {
    const sig = wstopsig(status);
    const name = signalName(sig & 0x7f) ?? String(sig);
    const event = status >> 16;
    const shown = (sig & 0x80) !== 0 ? `${name} | 0x80` : name;
    const suffix = event === 0 ? "" : ` | ${hexText(event << 8)}`;
    return `{WIFSTOPPED(s) && WSTOPSIG(s) == ${shown}}${suffix}`;
  }
  const sig = signalName(wtermsig(status)) ?? String(wtermsig(status));
  return `{WIFSIGNALED(s) && WTERMSIG(s) == ${sig}${wcoredump(status) ? " && WCOREDUMP(s)" : ""}}`;
}

const MODE_TYPES: ReadonlyMap<number, string> = new Map(
  constantsOf("stat", "S_IF")
    .filter(([name]) => name !== "S_IFMT")
    .map(([name, value]) => [value, name]),
);

const octal = (value: number): string =>
  value === 0 ? "000" : `0${value.toString(8).padStart(3, "0")}`;

/** `S_IFREG|0644`. */
export function modeText(mode: number): string {
  const type = MODE_TYPES.get(mode & S_IFMT);
  const special = [
    [0o4000, "S_ISUID"],
    [0o2000, "S_ISGID"],
    [0o1000, "S_ISVTX"],
  ] as const;
  const names = special.filter(([bit]) => (mode & bit) !== 0).map(([, name]) => name);
  const parts = [...(type === undefined ? [] : [type]), ...names, octal(mode & 0o777)];
  return parts.join("|");
}

type Printer = (bytes: Uint8Array, view: DataView) => string;

const fields = (names: readonly string[], values: Readonly<Record<string, number>>): string =>
  `{${names.map((name) => `${name}=${values[name]}`).join(", ")}}`;

function statText(_bytes: Uint8Array, view: DataView): string {
  const stat = decodeStruct(STAT_LAYOUT, view);
  const type = stat.st_mode & S_IFMT;
  const major = (stat.st_rdev >>> 8) & 0xfff;
  const minor = (stat.st_rdev & 0xff) | ((stat.st_rdev >>> 12) & 0xfff00);
  const detail =
    type === S_IFCHR || type === S_IFBLK
      ? `st_rdev=makedev(${hexNumber(major)}, ${hexNumber(minor)})`
      : `st_size=${stat.st_size}`;
  return `{st_mode=${modeText(stat.st_mode)}, ${detail}, ...}`;
}

const hexNumber = (value: number): string => (value === 0 ? "0" : hexText(value));

function sigactionText(_bytes: Uint8Array, view: DataView): string {
  const action = decodeStruct(SIGACTION_LAYOUT, view);
  const handler = ["SIG_DFL", "SIG_IGN"][action.sa_handler] ?? hexText(action.sa_handler);
  const mask = sigsetText(action.sa_mask_low, action.sa_mask_high);
  return `{sa_handler=${handler}, sa_mask=${mask}, sa_flags=${flagsText("sa", action.sa_flags)}}`;
}

function limitText(low: number, high: number): string {
  if (low === 0xffffffff && high === 0xffffffff) return "RLIM64_INFINITY";
  const value = high * 4294967296 + low;
  return value > 1024 && value % 1024 === 0 ? `${value / 1024}*1024` : String(value);
}

function rlimitText(_bytes: Uint8Array, view: DataView): string {
  const limit = decodeStruct(RLIMIT_LAYOUT, view);
  const current = limitText(limit.rlim_cur_low, limit.rlim_cur_high);
  return `{rlim_cur=${current}, rlim_max=${limitText(limit.rlim_max_low, limit.rlim_max_high)}}`;
}

function rusageText(_bytes: Uint8Array, view: DataView): string {
  const usage = decodeStruct(RUSAGE_LAYOUT, view);
  const user = `{tv_sec=${usage.ru_utime_sec}, tv_usec=${usage.ru_utime_usec}}`;
  const system = `{tv_sec=${usage.ru_stime_sec}, tv_usec=${usage.ru_stime_usec}}`;
  return `{ru_utime=${user}, ru_stime=${system}, ...}`;
}

function utsnameText(bytes: Uint8Array): string {
  const name = decodeUtsname(bytes);
  const quoted = (text: string): string => `"${escapeBytes(encodeUtf8(text))}"`;
  return `{sysname=${quoted(name.sysname)}, nodename=${quoted(name.nodename)}, ...}`;
}

function pollText(bytes: Uint8Array, view: DataView): string {
  const parts: string[] = [];
  for (let at = 0; at + POLLFD_LAYOUT.size <= bytes.length; at += POLLFD_LAYOUT.size) {
    const events = flagsText("poll", view.getInt16(at + 4, true));
    parts.push(`{fd=${view.getInt32(at, true)}, events=${events}}`);
  }
  return `[${parts.join(", ")}]`;
}

/** Records in a getdents64 buffer. */
function direntsCount(bytes: Uint8Array, view: DataView): number {
  let count = 0;
  for (let at = 0; at + 19 < bytes.length; at += view.getUint16(at + 16, true) || bytes.length) {
    count += 1;
  }
  return count;
}

const PRINTERS: Readonly<Partial<Record<StructName, Printer>>> = {
  int: (_bytes, view) => `[${view.getInt32(0, true)}]`,
  long: (_bytes, view) => `[${view.getInt32(0, true)}]`,
  itimerval: (_bytes, view) => {
    const timer = decodeStruct(ITIMERVAL_LAYOUT, view);
    const interval = `{tv_sec=${timer.it_interval_sec}, tv_usec=${timer.it_interval_usec}}`;
    const value = `{tv_sec=${timer.it_value_sec}, tv_usec=${timer.it_value_usec}}`;
    return `{it_interval=${interval}, it_value=${value}}`;
  },
  pipefds: (_bytes, view) => `[${view.getInt32(0, true)}, ${view.getInt32(4, true)}]`,
  pollfds: pollText,
  rlimit: rlimitText,
  rusage: rusageText,
  sigaction: sigactionText,
  sigframe: (_bytes, view) => {
    const { uc_sigmask_low, uc_sigmask_high } = decodeStruct(SIGFRAME_LAYOUT, view);
    return `{mask=${sigsetText(uc_sigmask_low, uc_sigmask_high)}}`;
  },
  siginfo: (bytes) => siginfoText(decodeSiginfo(bytes)),
  sigset: (_bytes, view) => sigsetText(view.getUint32(0, true), view.getUint32(4, true)),
  stat: statText,
  termios: (_bytes, view) => termiosText(decodeStruct(TERMIOS_LAYOUT, view)),
  timespec: (_bytes, view) => fields(["tv_sec", "tv_nsec"], decodeStruct(TIMESPEC_LAYOUT, view)),
  timeval: (_bytes, view) => fields(["tv_sec", "tv_usec"], decodeStruct(TIMEVAL_LAYOUT, view)),
  tms: (_bytes, view) =>
    fields(["tms_utime", "tms_stime", "tms_cutime", "tms_cstime"], decodeStruct(TMS_LAYOUT, view)),
  utsname: utsnameText,
  winsize: (_bytes, view) =>
    fields(["ws_row", "ws_col", "ws_xpixel", "ws_ypixel"], decodeStruct(WINSIZE_LAYOUT, view)),
  wstatus: (_bytes, view) => `[${waitStatusText(view.getInt32(0, true))}]`,
};

/** The structure's text, or its address where there is no printer for it. */
export function structText(name: StructName, bytes: Uint8Array, addr: number): string {
  const view = viewOf(bytes);
  if (name === "dirents") return `${hexText(addr)} /* ${direntsCount(bytes, view)} entries */`;
  return PRINTERS[name]?.(bytes, view) ?? hexText(addr);
}
