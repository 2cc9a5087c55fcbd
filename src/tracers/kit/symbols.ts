/**
 * Numbers to symbols: flag words and closed lists, from the ABI's own constants.
 *
 * Source: strace 6.1, src/xlat: where its order differs from the numeric one, the order is given
 * here. What has no name is printed in hex, never guessed.
 */
import {
  type AbiHeader,
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  AF_UNSPEC,
  BPF_COMMANDS,
  constantsOf,
  EPOLLET,
  EPOLLEXCLUSIVE,
  EPOLLONESHOT,
  EPOLLWAKEUP,
  O_CLOEXEC,
  O_NONBLOCK,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  signalName,
} from "#abi";
import type { EnumSet, FlagSet } from "#kernel";

type Named = readonly (readonly [name: string, value: number])[];

/** Constants by prefix, without those that only look alike. */
function names(header: AbiHeader, prefix: string, without: RegExp = /^$/): Named {
  return constantsOf(header, prefix).filter(([name]) => !without.test(name));
}

/** The named constants of a header, in this order. */
function listed(header: AbiHeader, ...wanted: readonly string[]): Named {
  const all = new Map(constantsOf(header, ""));
  return wanted.map((name) => [name, all.get(name) ?? 0] as const);
}

const OPEN_FLAGS: Named = [
  ...listed(
    "fcntl",
    "O_CREAT",
    "O_EXCL",
    "O_NOCTTY",
    "O_TRUNC",
    "O_APPEND",
    "O_NONBLOCK",
    "O_SYNC",
    "O_DSYNC",
    "O_DIRECT",
    "O_LARGEFILE",
    "O_NOFOLLOW",
    "O_NOATIME",
    "O_CLOEXEC",
    "O_PATH",
    "O_TMPFILE",
    "O_DIRECTORY",
  ),
];

const EPOLL_EVENTS: Named = [
  ["EPOLLIN", 0x1],
  ["EPOLLPRI", 0x2],
  ["EPOLLOUT", 0x4],
  ["EPOLLERR", 0x8],
  ["EPOLLHUP", 0x10],
  ["EPOLLRDNORM", 0x40],
  ["EPOLLRDBAND", 0x80],
  ["EPOLLWRNORM", 0x100],
  ["EPOLLWRBAND", 0x200],
  ["EPOLLRDHUP", 0x2000],
  ["EPOLLEXCLUSIVE", EPOLLEXCLUSIVE],
  ["EPOLLWAKEUP", EPOLLWAKEUP],
  ["EPOLLONESHOT", EPOLLONESHOT],
  ["EPOLLET", EPOLLET],
];

const SOCKET_TYPES = [
  "SOCK_STREAM",
  "SOCK_DGRAM",
  "SOCK_RAW",
  "SOCK_RDM",
  "SOCK_SEQPACKET",
] as const;

const FLAGS: Readonly<Record<FlagSet, Named>> = {
  access: listed("fcntl", "R_OK", "W_OK", "X_OK"),
  altstack: names("signal", "SS_"),
  at: names("fcntl", "AT_", /^AT_(?:FDCWD|EACCESS|REMOVEDIR|STATX_SYNC_TYPE)$/),
  clone: names("clone", "CLONE_", /ARGS|NEWTIME/),
  clone3: names("clone", "CLONE_", /ARGS/),
  epoll: EPOLL_EVENTS,
  "epoll-create": [["EPOLL_CLOEXEC", O_CLOEXEC]],
  eventfd: [
    ["EFD_SEMAPHORE", 1],
    ["EFD_CLOEXEC", O_CLOEXEC],
    ["EFD_NONBLOCK", O_NONBLOCK],
  ],
  flock: names("fcntl", "LOCK_"),
  fd: listed("fcntl", "FD_CLOEXEC"),
  futex: listed("futex", "FUTEX_CLOCK_REALTIME"),
  getrandom: [
    ["GRND_NONBLOCK", 1],
    ["GRND_RANDOM", 2],
    ["GRND_INSECURE", 4],
  ],
  map: names("mman", "MAP_", /^MAP_(?:TYPE|SHARED|PRIVATE|SHARED_VALIDATE)$/),
  mount: [],
  mremap: names("mman", "MREMAP_"),
  msync: names("mman", "MS_"),
  open: OPEN_FLAGS,
  pipe: OPEN_FLAGS,
  poll: names("poll", "POLL", /LAYOUT/),
  prot: names("mman", "PROT_", /NONE/),
  "ptrace-options": names("ptrace", "PTRACE_O_", /MASK/),
  rename: names("fcntl", "RENAME_"),
  sa: listed(
    "signal",
    "SA_ONSTACK",
    "SA_RESTART",
    "SA_NODEFER",
    "SA_RESETHAND",
    "SA_SIGINFO",
    "SA_NOCLDSTOP",
    "SA_NOCLDWAIT",
  ),
  signalfd: [
    ["SFD_CLOEXEC", O_CLOEXEC],
    ["SFD_NONBLOCK", O_NONBLOCK],
  ],
  "socket-type": [
    ["SOCK_CLOEXEC", SOCK_CLOEXEC],
    ["SOCK_NONBLOCK", SOCK_NONBLOCK],
  ],
  timerfd: [
    ["TFD_CLOEXEC", O_CLOEXEC],
    ["TFD_NONBLOCK", O_NONBLOCK],
  ],
  "timerfd-settime": [
    ["TFD_TIMER_ABSTIME", 1],
    ["TFD_TIMER_CANCEL_ON_SET", 2],
  ],
  wait: listed(
    "wait",
    "WNOHANG",
    "WSTOPPED",
    "WEXITED",
    "WCONTINUED",
    "WNOWAIT",
    "__WNOTHREAD",
    "__WALL",
    "__WCLONE",
  ),
};

/** What a word of no flags is called; "0" where it has no name. */
const NO_FLAGS: Readonly<Partial<Record<FlagSet, string>>> = {
  access: "F_OK",
  prot: "PROT_NONE",
};

const ENUMS: Readonly<Record<EnumSet, Named>> = {
  "bpf-cmd": BPF_COMMANDS.map((name, number) => [name, number] as const),
  clock: names("time", "CLOCK_"),
  dumpable: [
    ["SUID_DUMP_DISABLE", 0],
    ["SUID_DUMP_USER", 1],
    ["SUID_DUMP_ROOT", 2],
  ],
  "epoll-op": [
    ["EPOLL_CTL_ADD", 1],
    ["EPOLL_CTL_DEL", 2],
    ["EPOLL_CTL_MOD", 3],
  ],
  family: [
    ["AF_UNSPEC", AF_UNSPEC],
    ["AF_UNIX", AF_UNIX],
    ["AF_INET", AF_INET],
    ["AF_INET6", AF_INET6],
    ["AF_NETLINK", AF_NETLINK],
  ],
  "fcntl-cmd": names("fcntl", "F_", /OK$|LCK$/),
  "futex-bitset": listed("futex", "FUTEX_BITSET_MATCH_ANY"),
  idtype: listed("wait", "P_ALL", "P_PID", "P_PGID", "P_PIDFD"),
  "ioctl-cmd": [...names("termios", "T", /LAYOUT|CC_OFFSET|TOSTOP/), ...names("termios", "FIO")],
  itimer: listed("time", "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"),
  madvise: names("mman", "MADV_"),
  priority: names("resource", "PRIO_"),
  prctl: names("prctl", "PR_"),
  "ptrace-request": names(
    "ptrace",
    "PTRACE_",
    /^PTRACE_(?:O|EVENT|EVENTMSG|SYSCALL_INFO|SYSGOOD)_/,
  ),
  "reboot-cmd": names("reboot", "LINUX_REBOOT_CMD_"),
  "reboot-magic": names("reboot", "LINUX_REBOOT_MAGIC"),
  resource: names("resource", "RLIMIT_", /LAYOUT/),
  "rusage-who": names("resource", "RUSAGE_"),
  "seccomp-mode": names("seccomp", "SECCOMP_MODE_"),
  "seccomp-op": [...names("seccomp", "SECCOMP_SET_"), ...names("seccomp", "SECCOMP_GET_")],
  "sigprocmask-how": listed("signal", "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"),
  whence: names("fcntl", "SEEK_"),
};

/** `0x1f`, of a signed or unsigned 64-bit value. */
export function hexText(value: number | bigint): string {
  return value < 0
    ? `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`
    : `0x${value.toString(16)}`;
}

/** One symbol, or the number in hex with what was expected. */
export function enumText(set: EnumSet, value: number): string {
  const symbol = symbolOf(ENUMS[set], set === "futex-bitset" ? value >>> 0 : value);
  // A bit mask that has one name needs no excuse for having no other.
  if (set === "futex-bitset") return symbol ?? (value === 0 ? "0" : hexText(value));
  return symbol ?? `${hexText(value)} /* ${commentFor(set)}??? */`;
}

/** What strace puts in the comment beside an unknown number. */
const COMMENTS: Readonly<Partial<Record<EnumSet, string>>> = {
  clock: "CLOCK_",
  "fcntl-cmd": "F_",
  dumpable: "SUID_DUMP_",
  "epoll-op": "EPOLL_CTL_",
  family: "AF_",
  "ioctl-cmd": "",
  madvise: "MADV_",
  prctl: "PR_",
  priority: "PRIO_",
  "ptrace-request": "PTRACE_",
  resource: "RLIMIT_",
  "seccomp-mode": "SECCOMP_MODE_",
  "seccomp-op": "SECCOMP_SET_MODE_",
  "sigprocmask-how": "SIG_",
  whence: "SEEK_",
};

function commentFor(set: EnumSet): string {
  return COMMENTS[set] ?? "";
}

function symbolOf(named: Named, value: number): string | undefined {
  return named.find(([, number]) => number === value)?.[0];
}

/** `A|B|0x40`. */
export function flagsText(set: FlagSet, value: number | bigint): string {
  const word = BigInt.asUintN(64, BigInt(value));
  switch (set) {
    case "open":
      return joinFlags([ACCESS_MODES[Number(word & 3n)] ?? "0x3"], OPEN_FLAGS, word & ~3n);
    case "map":
      return joinFlags(
        [MAP_TYPES[Number(word & 0xfn)] ?? hexText(Number(word & 0xfn))],
        FLAGS.map,
        word & ~0xfn,
      );
    case "clone": {
      const sig = Number(word & 0xffn);
      const tail = sig === 0 ? [] : [signalName(sig) ?? String(sig)];
      return joinFlags([], FLAGS.clone, word & ~0xffn, tail);
    }
    case "socket-type": {
      const type = Number(word & 0xfn);
      const name = SOCKET_TYPES[type - 1] ?? `${hexText(type)} /* SOCK_??? */`;
      return joinFlags([name], FLAGS[set], word & ~0xfn);
    }
    case "futex":
      return futexText(Number(word));
    default:
      return word === 0n ? (NO_FLAGS[set] ?? "0") : named(set, word);
  }
}

/** The comment beside a word that has not one known flag. */
const UNKNOWN_FLAGS: Readonly<Partial<Record<FlagSet, string>>> = {
  altstack: "SS_",
  "epoll-create": "EPOLL_",
  eventfd: "EFD_",
  signalfd: "SFD_",
  timerfd: "TFD_",
  "timerfd-settime": "TFD_",
};

function named(set: FlagSet, word: bigint): string {
  const prefix = UNKNOWN_FLAGS[set];
  const isKnown = FLAGS[set].some(([, value]) => (word & BigInt(value)) !== 0n);
  const text = joinFlags([], FLAGS[set], word);
  return prefix === undefined || isKnown ? text : `${text} /* ${prefix}??? */`;
}

const ACCESS_MODES = ["O_RDONLY", "O_WRONLY", "O_RDWR"] as const;
const MAP_TYPES = ["MAP_FILE", "MAP_SHARED", "MAP_PRIVATE", "MAP_SHARED_VALIDATE"] as const;

function joinFlags(
  head: readonly string[],
  named: Named,
  word: bigint,
  tail: readonly string[] = [],
): string {
  const parts = [...head];
  let rest = word;
  for (const [name, value] of named) {
    const bits = BigInt(value);
    if (bits === 0n || (rest & bits) !== bits) continue;
    parts.push(name);
    rest &= ~bits;
  }
  if (rest !== 0n) parts.push(`0x${rest.toString(16)}`);
  parts.push(...tail);
  return parts.length === 0 ? "0" : parts.join("|");
}

const FUTEX_COMMANDS: Named = names(
  "futex",
  "FUTEX_",
  /FLAG|REALTIME|MASK|WAITERS|OWNER|MATCH|TID/,
);
const FUTEX_PRIVATE_FLAG = 0x80;

function futexText(op: number): string {
  const flags = op & 0x180;
  const command = symbolOf(FUTEX_COMMANDS, op & ~0x180);
  if (command === undefined) return `${hexText(op)} /* FUTEX_??? */`;
  const suffix = (flags & FUTEX_PRIVATE_FLAG) !== 0 ? "_PRIVATE" : "";
  return `${command}${suffix}${(flags & 0x100) !== 0 ? "|FUTEX_CLOCK_REALTIME" : ""}`;
}

const FUTEX_OPERATIONS = ["SET", "ADD", "OR", "ANDN", "XOR"] as const;
const FUTEX_COMPARISONS = ["EQ", "NE", "LT", "LE", "GT", "GE"] as const;

/** FUTEX_WAKE_OP's last argument: what to do to the word, and what to compare it with. */
export function futexOperationText(word: number): string {
  const bits = (at: number, mask: number): number => (word >>> at) & mask;
  const number = (value: number): string => (value === 0 ? "0" : hexText(value));
  const symbol = (prefix: string, known: string | undefined, value: number, at: number): string =>
    known === undefined ? `${number(value)}<<${at} /* ${prefix}??? */` : `${prefix}${known}<<${at}`;
  const operation = bits(28, 7);
  const comparison = bits(24, 15);
  return [
    ...(bits(28, 8) === 0 ? [] : ["FUTEX_OP_OPARG_SHIFT<<28"]),
    symbol("FUTEX_OP_", FUTEX_OPERATIONS[operation], operation, 28),
    `${number(bits(12, 0xfff))}<<12`,
    symbol("FUTEX_OP_CMP_", FUTEX_COMPARISONS[comparison], comparison, 24),
    number(bits(0, 0xfff)),
  ].join("|");
}
