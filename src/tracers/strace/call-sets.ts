/**
 * The classes of `-e trace=%CLASS`. %file and %desc follow from the argument kinds of the kernel's
 * table; the others are strace's own lists.
 *
 * Source: strace(1), strace 6.1 src/linux/32/syscallent and sysent_shorthand_defs.h.
 */
import { callName, callSignatures } from "../kit/call-view.ts";

export { callName, callSignatures };

function withKind(...kinds: readonly string[]): () => readonly string[] {
  return () =>
    callSignatures()
      .filter((signature) => signature.args.some((kind) => kinds.includes(kind)))
      .map((signature) => signature.name);
}

function listed(...names: readonly string[]): () => readonly string[] {
  return () => names;
}

export const SYSCALL_CLASSES: Readonly<Record<string, () => readonly string[]>> = {
  file: withKind("path"),
  desc: withKind("fd", "dirfd"),
  process: listed(
    "clone",
    "clone3",
    "execve",
    "execveat",
    "exit",
    "exit_group",
    "wait4",
    "waitid",
    "kill",
    "tkill",
    "tgkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
  ),
  signal: listed(
    "kill",
    "tkill",
    "tgkill",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigpending",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "rt_sigreturn",
    "sigaltstack",
    "signalfd4",
  ),
  memory: listed("brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "mlock", "munlock"),
  network: listed(
    "socket",
    "bind",
    "connect",
    "accept",
    "sendto",
    "recvfrom",
    "sendmsg",
    "recvmsg",
  ),
  ipc: listed("msgget", "msgsnd", "msgrcv", "semget", "semop", "shmget", "shmat", "shmdt"),
};
