/**
 * The shape of one row of the system-call table: everything the machine and its watchers know about
 * a call, said once. The dispatcher reads `handler`, strace and the panes read `args` and `returns`,
 * the generated support list reads `support` and `note`.
 *
 * Source: gvisor pkg/sentry/syscalls/linux/linux64.go (support levels); strace's syscallent.h and
 * its per-call printers (argument kinds).
 * Left out: kinds for calls that no row has. Add the kind with the row.
 */

/** Names of the flag words: bits printed as `A|B`, unknown bits in hex. */
export type FlagSet =
  | "access" // R_OK|W_OK, F_OK when 0
  | "altstack" // SS_ONSTACK, ...
  | "at" // AT_SYMLINK_NOFOLLOW, ...
  | "clone" // CLONE_*, low byte is the exit signal
  | "clone3" // CLONE_* alone
  | "epoll" // EPOLLIN, ...
  | "epoll-create" // EPOLL_CLOEXEC
  | "eventfd" // EFD_*
  | "fd" // FD_CLOEXEC
  | "flock" // LOCK_*
  | "futex" // FUTEX_WAIT|FUTEX_PRIVATE_FLAG
  | "getrandom"
  | "map" // MAP_*
  | "mremap"
  | "msync"
  | "mount"
  | "open" // O_*, access mode first
  | "pipe" // O_CLOEXEC|O_NONBLOCK, as pipe2 and dup3 take them
  | "poll"
  | "prot" // PROT_*
  | "ptrace-options"
  | "rename"
  | "sa" // SA_*
  | "signalfd" // SFD_*
  | "socket-type" // SOCK_STREAM|SOCK_CLOEXEC
  | "timerfd" // TFD_CLOEXEC, ...
  | "timerfd-settime" // TFD_TIMER_*
  | "wait"; // WNOHANG, ...

/** Names of the closed lists: exactly one symbol, unknown values in hex. */
export type EnumSet =
  | "bpf-cmd"
  | "clock" // CLOCK_REALTIME, ...
  | "dumpable" // SUID_DUMP_*
  | "epoll-op"
  | "family" // AF_UNIX, ...
  | "fcntl-cmd"
  | "futex-bitset" // FUTEX_BITSET_MATCH_ANY
  | "idtype" // P_PID, ... of waitid
  | "ioctl-cmd"
  | "itimer" // ITIMER_REAL, ...
  | "madvise"
  | "priority" // PRIO_PROCESS, ...
  | "prctl"
  | "ptrace-request"
  | "reboot-cmd"
  | "reboot-magic"
  | "resource" // RLIMIT_*
  | "seccomp-mode"
  | "seccomp-op"
  | "rusage-who"
  | "sigprocmask-how"
  | "whence";

/** Structures that a pointer argument can lead to. */
export type StructName =
  | "clone-args" // the next argument is the size
  | "epoll-event"
  | "epoll-events" // as many as the result says
  | "flock"
  | "dirents" // getdents64: the return value is the number of bytes
  | "gids" // the number of them comes before, or is the result
  | "int"
  | "iovec" // the next argument is the count
  | "itimerspec"
  | "itimerval"
  | "long"
  | "pointer" // [0x...]
  | "residency" // a byte a page, as mincore(2) writes them
  | "signal" // [SIGUSR1]
  | "pipefds" // [3, 4]
  | "pollfds" // the next argument is the count
  | "rlimit"
  | "rusage"
  | "sigaction"
  | "seccomp-action"
  | "sigaltstack"
  | "sigframe" // what rt_sigreturn takes from the stack: no argument of a row
  | "siginfo"
  | "sock-fprog" // a filter: its length and where it is
  | "sigset" // the last argument is the size in bytes
  | "stat"
  | "statfs"
  | "sysinfo"
  | "termios"
  | "timespec"
  | "timespecs" // the two of utimensat
  | "timeval"
  | "tms"
  | "utsname"
  | "winsize"
  | "wstatus"; // [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]

/**
 * What an argument register means.
 *
 * `path` and `str` are NUL-terminated strings, read on entry. `buf-in` and `buf-out` are bytes whose
 * size is the next argument; a `buf-out` holds as many valid bytes as the call returned. `in:S` is
 * read on entry, `out:S` is meaningful only after success, `inout:S` is shown as found at exit.
 */
export type ArgKind =
  | "int" // signed 32 bits
  | "uint"
  | "long" // signed 64 bits
  | "ulong"
  | "hex" // printed 0x...
  | "ptr" // an address that is not followed
  | "fd"
  | "dirfd" // AT_FDCWD or a descriptor
  | "pid"
  | "uid" // also gid; -1 is "unchanged"
  | "mode" // octal
  | "umask" // octal, without file type
  | "dev"
  | "size"
  | "off" // signed 64-bit file offset
  | "sig" // SIGKILL
  | "path"
  | "str"
  | "str-out" // a string the call writes, such as getcwd's: valid after success
  | "argv" // ["ls", "-l"]
  | "envp" // 0x... /* 12 vars */
  | "buf-in"
  | "buf-out"
  | "hex-out" // bytes that the call writes, all shown in hex
  | "futex-operation" // FUTEX_OP_ADD<<28|0x1<<12|...
  | "none" // a register that this very call does not look at
  | `flags:${FlagSet}`
  | `enum:${EnumSet}`
  | `in:${StructName}`
  | `out:${StructName}`
  | `inout:${StructName}`;

/** How the result is printed: `= 3`, `= 0x7f...`, `= 022`, `= ?` (the call does not come back). */
export type ReturnKind = "int" | "ptr" | "mode" | "none";

/** `full` behaves as Linux; `partial` says in the note what is missing; `stub` only answers. */
export type SupportLevel = "full" | "partial" | "stub" | "none";

/**
 * A handler gets the kernel, the calling task and the six argument registers. It answers a result
 * (a negative errno on failure) at once, or a kernel path `P` (a generator that may wait).
 */
export type SyscallHandler<K, T, P> = (
  k: K,
  task: T,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
) => number | P;

export interface SyscallRow<K, T, P> {
  /** The riscv64 number, `__NR_name`. */
  readonly nr: number;
  readonly name: string;
  /** One kind for each argument that the call takes, in register order. */
  readonly args: readonly ArgKind[];
  /** "int" when absent. */
  readonly returns?: ReturnKind;
  readonly support: SupportLevel;
  readonly note?: string;
  readonly handler: SyscallHandler<K, T, P>;
}

/** The part of a row that needs no kernel to understand: what tracers decode calls with. */
export type SyscallSignature = Pick<
  SyscallRow<never, never, never>,
  "nr" | "name" | "args" | "returns"
>;
