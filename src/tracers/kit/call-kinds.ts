/**
 * What the arguments of one call are, where that depends on other arguments: of epoll_ctl, fcntl, futex, ioctl,
 * mremap, openat, prctl, seccomp. For all others the kernel's table says it once and for all.
 *
 * Source: strace 6.1, futex.c, prctl.c, mem.c, open.c, fcntl.c, ioctl.c.
 * Left out: commands that the table's `enum` does not name; their arguments are plain numbers.
 */
import {
  EPOLL_CTL_DEL,
  F_GETFD,
  F_GETFL,
  F_GETLK,
  F_OFD_GETLK,
  F_OFD_SETLK,
  F_OFD_SETLKW,
  F_SETFD,
  F_SETFL,
  F_SETLK,
  F_SETLKW,
  FUTEX_CLOCK_REALTIME,
  FUTEX_CMP_REQUEUE,
  FUTEX_PRIVATE_FLAG,
  FUTEX_REQUEUE,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  FUTEX_WAKE_BITSET,
  FUTEX_WAKE_OP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  O_CREAT,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_PDEATHSIG,
  PR_GET_SECCOMP,
  PR_GET_TIMERSLACK,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_PDEATHSIG,
  PR_SET_SECCOMP,
  PR_SET_TIMERSLACK,
  SECCOMP_GET_ACTION_AVAIL,
  SECCOMP_SET_MODE_FILTER,
  TCGETS,
  TCSETS,
  TCSETSF,
  TCSETSW,
  TIOCGPGRP,
  TIOCGWINSZ,
  TIOCSPGRP,
  TIOCSWINSZ,
} from "#abi";
import type { ArgKind, SyscallSignature } from "#kernel";

type Kinds = readonly ArgKind[];

const IOCTL: ReadonlyMap<number, ArgKind> = new Map<number, ArgKind>([
  [TCGETS, "out:termios"],
  [TCSETS, "in:termios"],
  [TCSETSW, "in:termios"],
  [TCSETSF, "in:termios"],
  [TIOCGWINSZ, "out:winsize"],
  [TIOCSWINSZ, "in:winsize"],
  [TIOCGPGRP, "out:int"],
  [TIOCSPGRP, "in:int"],
]);

/** After the descriptor and the command. */
const FCNTL: ReadonlyMap<number, Kinds> = new Map<number, Kinds>([
  [F_GETFD, []],
  [F_GETFL, []],
  [F_SETFD, ["flags:fd"]],
  [F_SETFL, ["flags:pipe"]],
  [F_SETLK, ["in:flock"]],
  [F_SETLKW, ["in:flock"]],
  [F_OFD_SETLK, ["in:flock"]],
  [F_OFD_SETLKW, ["in:flock"]],
  [F_GETLK, ["inout:flock"]],
  [F_OFD_GETLK, ["inout:flock"]],
]);

/** After the word and the operation. */
const FUTEX: ReadonlyMap<number, Kinds> = new Map<number, Kinds>([
  [FUTEX_WAIT, ["uint", "in:timespec"]],
  [FUTEX_WAKE, ["uint"]],
  [FUTEX_REQUEUE, ["uint", "uint", "ptr"]],
  [FUTEX_CMP_REQUEUE, ["uint", "uint", "ptr", "uint"]],
  [FUTEX_WAKE_OP, ["uint", "uint", "ptr", "futex-operation"]],
  // The fifth argument has no meaning, and is not shown.
  [FUTEX_WAIT_BITSET, ["uint", "in:timespec", "none", "enum:futex-bitset"]],
  [FUTEX_WAKE_BITSET, ["uint", "none", "none", "enum:futex-bitset"]],
]);

/** After the option. */
const PRCTL: ReadonlyMap<number, Kinds> = new Map<number, Kinds>([
  [PR_SET_PDEATHSIG, ["sig"]],
  [PR_GET_PDEATHSIG, ["out:signal"]],
  [PR_GET_DUMPABLE, []],
  [PR_SET_DUMPABLE, ["enum:dumpable"]],
  [PR_GET_KEEPCAPS, []],
  [PR_SET_KEEPCAPS, ["ulong"]],
  [PR_SET_NAME, ["str"]],
  [PR_GET_NAME, ["str-out"]],
  [PR_GET_SECCOMP, []],
  [PR_SET_SECCOMP, ["enum:seccomp-mode", "in:sock-fprog"]],
  [PR_SET_TIMERSLACK, ["int"]],
  [PR_GET_TIMERSLACK, []],
  [PR_SET_CHILD_SUBREAPER, ["ulong"]],
  [PR_GET_CHILD_SUBREAPER, ["out:int"]],
]);

/** After the operation and the flags. */
const SECCOMP: ReadonlyMap<number, Kinds> = new Map<number, Kinds>([
  [SECCOMP_SET_MODE_FILTER, ["in:sock-fprog"]],
  [SECCOMP_GET_ACTION_AVAIL, ["in:seccomp-action"]],
]);

const MOVES_TO = MREMAP_MAYMOVE | MREMAP_FIXED;

/** The kinds of this very call, whose arguments are `args`. */
export function kindsOf({ name, args: kinds }: SyscallSignature, args: readonly number[]): Kinds {
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0] = args;
  const after = (count: number, rest: Kinds | undefined): Kinds =>
    rest === undefined ? kinds : [...kinds.slice(0, count), ...rest];
  switch (name) {
    case "openat":
      return (a2 & O_CREAT) === 0 ? kinds.slice(0, 3) : kinds;
    case "epoll_ctl":
      return a1 === EPOLL_CTL_DEL ? after(3, ["ptr"]) : kinds;
    case "fcntl":
      return after(2, FCNTL.get(a1) ?? ["int"]);
    case "ioctl":
      return after(2, [IOCTL.get(a1) ?? "hex"]);
    case "futex":
      return after(2, FUTEX.get(a1 & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)));
    case "mremap":
      return (a3 & MOVES_TO) === MOVES_TO ? kinds : kinds.slice(0, 4);
    case "seccomp":
      return after(2, SECCOMP.get(a0));
    case "prctl":
      return after(1, PRCTL.get(a0));
    default:
      return kinds;
  }
}
