/**
 * Structures as strace prints them.
 *
 * Source: strace 6.1: print_struct_stat.c, print_timespec.h, signal.c, term.c, uname.c.
 * Left out: fields that only `-v` shows (`...` stands for them).
 */
import {
  CLONE_ARGS_LAYOUT,
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_PIDFD,
  CLONE_SETTLS,
  constantsOf,
  decodeSiginfo,
  decodeStruct,
  decodeUtsname,
  EPOLL_EVENT_LAYOUT,
  FLOCK_LAYOUT,
  ITIMERSPEC_LAYOUT,
  ITIMERVAL_LAYOUT,
  POLLFD_LAYOUT,
  RLIMIT_LAYOUT,
  RUSAGE_LAYOUT,
  S_IFBLK,
  S_IFCHR,
  S_IFMT,
  SIGACTION_LAYOUT,
  SIGALTSTACK_LAYOUT,
  SIGFRAME_LAYOUT,
  STAT_LAYOUT,
  SYSINFO_LAYOUT,
  signalName,
  TERMIOS_LAYOUT,
  TIMESPEC_LAYOUT,
  TIMEVAL_LAYOUT,
  TMS_LAYOUT,
  UTIME_NOW,
  UTIME_OMIT,
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
import { isoDateText, sigsetSignals } from "#userland";
import { eventsText, eventText, itimerspecText } from "./descriptor-structures.ts";
import { escapeBytes } from "./quote.ts";
import { siginfoText } from "./siginfo-text.ts";
import { flagsText, hexText } from "./symbols.ts";
import { termiosText } from "./termios-text.ts";

/** How many bytes of a structure to read; 0 where the call says how many. */
export const STRUCT_SIZES: Readonly<Record<StructName, number>> = {
  "clone-args": 0,
  "epoll-event": EPOLL_EVENT_LAYOUT.size,
  "epoll-events": 0,
  flock: FLOCK_LAYOUT.size,
  dirents: 0,
  gids: 0,
  int: 4,
  iovec: 0,
  itimerspec: ITIMERSPEC_LAYOUT.size,
  itimerval: ITIMERVAL_LAYOUT.size,
  long: 8,
  pointer: 8,
  residency: 0,
  signal: 4,
  pipefds: 8,
  pollfds: 0,
  rlimit: RLIMIT_LAYOUT.size,
  rusage: RUSAGE_LAYOUT.size,
  "seccomp-action": 4,
  sigaction: SIGACTION_LAYOUT.size,
  sigaltstack: SIGALTSTACK_LAYOUT.size,
  sigframe: SIGFRAME_LAYOUT.size,
  siginfo: 128,
  "sock-fprog": 16,
  sigset: 8,
  stat: STAT_LAYOUT.size,
  statfs: 0,
  sysinfo: SYSINFO_LAYOUT.size,
  termios: TERMIOS_LAYOUT.size,
  timespec: TIMESPEC_LAYOUT.size,
  timespecs: 2 * TIMESPEC_LAYOUT.size,
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

/** What poll(2) found: `[{fd=3, revents=POLLIN}]`, without those where nothing is. */
export function pollResultText(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const parts: string[] = [];
  for (let at = 0; at + POLLFD_LAYOUT.size <= bytes.length; at += POLLFD_LAYOUT.size) {
    const events = view.getInt16(at + 6, true);
    if (events !== 0)
      parts.push(`{fd=${view.getInt32(at, true)}, revents=${flagsText("poll", events)}}`);
  }
  return `[${parts.join(", ")}]`;
}

const ACTIONS: ReadonlyMap<number, string> = new Map(
  constantsOf("seccomp", "SECCOMP_RET_").map(([name, value]) => [value, name]),
);

const actionText = (action: number): string =>
  ACTIONS.get(action) ?? `${hexText(action)} /* SECCOMP_RET_??? */`;

function altstackText(_bytes: Uint8Array, view: DataView): string {
  const stack = decodeStruct(SIGALTSTACK_LAYOUT, view);
  const start = stack.ss_sp === 0 ? "NULL" : hexText(stack.ss_sp);
  return `{ss_sp=${start}, ss_flags=${flagsText("altstack", stack.ss_flags)}, ss_size=${stack.ss_size}}`;
}

/** struct clone_args: what its flags do not ask for is left out. */
function cloneArgsText(bytes: Uint8Array): string {
  const whole = new Uint8Array(CLONE_ARGS_LAYOUT.size);
  whole.set(bytes.subarray(0, whole.length));
  const args = decodeStruct(CLONE_ARGS_LAYOUT, viewOf(whole));
  const has = (flag: number): boolean => Math.floor(args.flags / flag) % 2 === 1;
  const address = (name: keyof typeof args): string =>
    `${name}=${args[name] === 0 ? "NULL" : hexText(args[name])}`;
  const parts = [`flags=${flagsText("clone3", args.flags)}`];
  if (has(CLONE_PIDFD)) parts.push(address("pidfd"));
  if (has(CLONE_CHILD_SETTID) || has(CLONE_CHILD_CLEARTID)) parts.push(address("child_tid"));
  if (has(CLONE_PARENT_SETTID)) parts.push(address("parent_tid"));
  parts.push(`exit_signal=${signalName(args.exit_signal) ?? args.exit_signal}`, address("stack"));
  parts.push(`stack_size=${hexNumber(args.stack_size)}`);
  if (has(CLONE_SETTLS)) parts.push(`tls=${hexNumber(args.tls)}`);
  return `{${parts.join(", ")}}`;
}

function sysinfoText(_bytes: Uint8Array, view: DataView): string {
  const { uptime, ...rest } = decodeStruct(SYSINFO_LAYOUT, view);
  return `{uptime=${uptime}, loads=[0, 0, 0], ${fields(Object.keys(rest), rest).slice(1)}`;
}

/** A time stamp, and the date that it is in the machine's own time zone as a comment. */
function timestampText(view: DataView): string {
  const time = decodeStruct(TIMESPEC_LAYOUT, view);
  const { tv_sec, tv_nsec } = time;
  if (tv_nsec === UTIME_NOW) return "UTIME_NOW";
  if (tv_nsec === UTIME_OMIT) return "UTIME_OMIT";
  const text = fields(["tv_sec", "tv_nsec"], time);
  const isDate = (tv_sec !== 0 || tv_nsec !== 0) && tv_nsec >= 0 && tv_nsec < 1e9;
  if (!isDate || Math.abs(tv_sec) > DATE_SECONDS_MAX) return text;
  const fraction = tv_nsec === 0 ? "" : `.${String(tv_nsec).padStart(9, "0")}`;
  return `${text} /* ${isoDateText(tv_sec)}${fraction}+0000 */`;
}

/** Records in a getdents64 buffer. */
function direntsCount(bytes: Uint8Array, view: DataView): number {
  let count = 0;
  for (let at = 0; at + 19 < bytes.length; at += view.getUint16(at + 16, true) || bytes.length) {
    count += 1;
  }
  return count;
}

/** Years that have four digits. */
const DATE_SECONDS_MAX = 200_000_000_000;

const listText = (count: number, item: (at: number) => number): string =>
  `[${Array.from({ length: count }, (_, at) => item(at)).join(", ")}]`;

const PRINTERS: Readonly<Partial<Record<StructName, Printer>>> = {
  "clone-args": cloneArgsText,
  "epoll-event": eventText,
  "epoll-events": eventsText,
  itimerspec: itimerspecText,
  gids: (bytes, view) => listText(bytes.length / 4, (at) => view.getUint32(at * 4, true)),
  int: (_bytes, view) => `[${view.getInt32(0, true)}]`,
  long: (_bytes, view) => `[${view.getInt32(0, true)}]`,
  itimerval: (_bytes, view) => {
    const timer = decodeStruct(ITIMERVAL_LAYOUT, view);
    const interval = `{tv_sec=${timer.it_interval_sec}, tv_usec=${timer.it_interval_usec}}`;
    const value = `{tv_sec=${timer.it_value_sec}, tv_usec=${timer.it_value_usec}}`;
    return `{it_interval=${interval}, it_value=${value}}`;
  },
  pointer: (_bytes, view) => {
    const address = view.getBigUint64(0, true);
    return `[${address === 0n ? "NULL" : hexText(address)}]`;
  },
  residency: (bytes) => listText(bytes.length, (at) => (bytes[at] ?? 0) & 1),
  signal: (_bytes, view) => {
    const sig = view.getInt32(0, true);
    return `[${signalName(sig) ?? sig}]`;
  },
  sysinfo: sysinfoText,
  timespecs: (bytes) =>
    `[${timestampText(viewOf(bytes))}, ${timestampText(viewOf(bytes.subarray(16)))}]`,
  pipefds: (_bytes, view) => `[${view.getInt32(0, true)}, ${view.getInt32(4, true)}]`,
  pollfds: pollText,
  rlimit: rlimitText,
  rusage: rusageText,
  sigaction: sigactionText,
  sigframe: (_bytes, view) => {
    const { uc_sigmask_low, uc_sigmask_high } = decodeStruct(SIGFRAME_LAYOUT, view);
    return `{mask=${sigsetText(uc_sigmask_low, uc_sigmask_high)}}`;
  },
  "seccomp-action": (_bytes, view) => `[${actionText(view.getUint32(0, true))}]`,
  sigaltstack: altstackText,
  "sock-fprog": (_bytes, view) =>
    `{len=${view.getUint16(0, true)}, filter=${hexText(view.getBigUint64(8, true))}}`,
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
