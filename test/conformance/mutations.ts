/**
 * One wrong kernel for each conformance program: what to change in src/kernel so that the program has
 * to notice. `npm run test:mutate` makes each change in a copy and expects its program to disagree.
 */

export interface Mutation {
  readonly program: string;
  /** Below src/kernel. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly before: string;
  readonly after: string;
}

const change = (program: string, file: string, before: string, after = ""): Mutation => ({
  program,
  file: `${file}.ts`,
  before,
  after,
});

export const MUTATIONS: readonly Mutation[] = [
  change(
    "epoll-modes",
    "fs/pipe",
    "    this.#size -= taken.length;",
    "    this.#size -= taken.length; this.#readers.wakeAll();",
  ),
  change("event-descriptors", "fs/event-fd", "if (value > MAX) return -EINVAL;"),
  change("file-descriptors", "fs/fd-table", "Math.min(limit, OPEN_FILES_MAX)", "OPEN_FILES_MAX"),
  change("file-directory", "fs/namespace", "permissions | S_ISGID", "permissions"),
  change("file-fifo", "fs/pipe", "this.#ever[other] === before", "this[other] === 0"),
  change("file-fifo", "fs/pipe", " && isMet"),
  change("file-links", "fs/namespace", "inode.nlink += 1;"),
  change("file-locks", "fs/file-locks", "[...before, ...after]", "before"),
  change("file-offset", "syscall/sys-file", "file.isAppending ? file.inode.size : "),
  change(
    "file-permission",
    "fs/inode",
    "(this.permissions & S_IXGRP) === 0 ? 0 : S_ISGID",
    "S_ISGID",
  ),
  change("file-rename", "fs/namespace", "if (isAncestor(moved, next.directory)) return -EINVAL;"),
  change("futex-bitset", "task/futex", "if ((waiter.bitset & bitset) === 0) continue;"),
  change("futex-requeue", "task/futex", "waiter.key = to;"),
  change("futex-robust", "task/robust-list", " | FUTEX_OWNER_DIED"),
  change("futex-shared", "task/futex", "owner: backing.source,", "owner: mm,"),
  change("futex-wait", "task/futex", "if (word !== (wait.expected | 0)) return -EAGAIN;"),
  change("futex-wake-op", "task/futex", "old & ~argument", "old & argument"),
  change(
    "memory-advise",
    "mm/address-space",
    "this.#drop(start, end);\n    return this.covers",
    "return this.covers",
  ),
  change(
    "memory-anonymous",
    "syscall/sys-memory",
    "offset: 0, shared }",
    "offset: 0, shared: false }",
  ),
  change("memory-brk", "mm/address-space", "this.#drop(top, heap.end);"),
  change("memory-bus", "fs/file-data", "if (index * PAGE_SIZE >= this.#size)", "if (index < 0)"),
  change("memory-file", "mm/address-space", "isOwn = backing.shared || frame !== 0;"),
  change("memory-fixed", "syscall/sys-memory", "? -EEXIST : addr", "? addr : addr"),
  change("memory-protect", "mm/address-space", "this.#cut(start, covered);"),
  change(
    "memory-remap",
    "mm/address-space",
    "this.#pages.set(page + (to - start)",
    "void (page + (to - start)",
  ),
  change("memory-stack", "lib/limits", "STACK_SIZE_MAX_BYTES = 8", "STACK_SIZE_MAX_BYTES = 16"),
  change(
    "process-clone-tid",
    "task/clone",
    "child.mm?.copyOut(args.childTid, bytes)",
    "void bytes",
  ),
  change(
    "pipe-semantics",
    "fs/pipe",
    "bytes.length <= PIPE_ATOMIC_MAX_BYTES) return",
    "room < 0) return",
  ),
  change(
    "socket-messages",
    "syscall/sys-message",
    "name.length === 0 ? NO_NAME : encodeName(name)",
    "encodeName(name)",
  ),
  change("socket-stream", "fs/unix-socket", "waiting.#close(true)", "waiting.#close(false)"),
  change("proc-mem", "machine/proc-memory", "space.peek(at, count)", "space.copyIn(at - 1, count)"),
  change("process-execveat", "syscall/sys-process", 'if (inode.kind === "symlink") return -ELOOP;'),
  change("process-limits", "task/clone", "return count >= limit;", "return count > limit;"),
  change("process-rseq", "task/rseq", "if (isWithin(task.regs.get(REG_PC)))", "if (at < 0)"),
  change(
    "ptrace-configuration",
    "syscall/sys-seccomp",
    "(flags & SECCOMP_FILTER_FLAG_LOG) !== 0",
    "false",
  ),
  change("ptrace-exec-zombie", "task/exit", "group.zombieThreads.add(task);", "void group;"),
  change(
    "process-clone3",
    "syscall/sys-process",
    "if ((stack === 0) !== (stackSize === 0)) return -EINVAL;",
  ),
  change("process-exec", "exec/execve", "task.files = task.files.forExec();"),
  change("process-exec-thread", "exec/execve", "if (!task.isLeader) takeLeadership(k, task);"),
  change(
    "process-exit-group",
    "task/exit",
    "group.exitCode = task.exitCode;",
    "group.exitCode = group.leader.exitCode;",
  ),
  change("process-fork-memory", "task/clone", "else mm = mm.clone();", "else mm.users++;"),
  change(
    "process-groups",
    "syscall/sys-process",
    "if (group !== t.group && group.didExec) return -EACCES;",
  ),
  change("process-pdeathsig", "task/exit", "    tellOfParentsDeath(k, child);\n"),
  change(
    "process-subreaper",
    "task/exit",
    "if (at.isSubreaper && at.threads.length > 0) return at;",
  ),
  change(
    "process-vfork",
    "task/clone",
    "let vforked = has(args.flags, CLONE_VFORK);",
    "let vforked = false;",
  ),
  change("process-wait-nohang", "task/wait", "if ((options & WNOHANG) !== 0) return undefined;"),
  change(
    "process-wait-status",
    "syscall/sys-process",
    "waitStatusExited(code)",
    "waitStatusExited(code & 127)",
  ),
  change(
    "process-wait-stopped",
    "task/wait",
    "if ((options & WNOWAIT) === 0) child.stopReport = 0;",
  ),
  change(
    "process-waitid",
    "task/wait",
    "if ((options & WNOWAIT) === 0) reapGroup(k, child);",
    "reapGroup(k, child);",
  ),
  change(
    "ptrace-access",
    "ptrace/attach",
    "(sameOwner && target.group.dumpable === 1)",
    "sameOwner",
  ),
  change(
    "ptrace-change-call",
    "ptrace/requests",
    "set.set(i, view.getBigInt64(i * 8, true));",
    "continue;",
  ),
  change(
    "ptrace-detach",
    "ptrace/control",
    "  ptrace.injected = sig;\n  tracee.singleStep = false;",
    "  tracee.singleStep = false;",
  ),
  change("ptrace-events", "ptrace/hooks", "yield* vforkDoneStop(k, parent, childTid);"),
  change(
    "ptrace-exec-thread",
    "ptrace/stop",
    "PTRACE_EVENT_EXEC, formerTid)",
    "PTRACE_EVENT_EXEC, task.tid)",
  ),
  change("ptrace-exitkill", "ptrace/attach", "if (exitKill)", "if (!exitKill)"),
  change(
    "ptrace-group-stop",
    "ptrace/stop",
    "ptraceStop(k, task, sig, undefined)",
    "ptraceStop(k, task, sig, trapInfo(task, sig))",
  ),
  change(
    "ptrace-memory",
    "ptrace/requests",
    "tracee.mm?.peek(addr, 8)",
    "tracee.mm?.copyIn(addr, 8)",
  ),
  change(
    "ptrace-peeksiginfo",
    "ptrace/requests",
    "flags === 0 ? tracee.pending : tracee.group.pending",
    "flags !== 0 ? tracee.pending : tracee.group.pending",
  ),
  change(
    "ptrace-seize",
    "ptrace/control",
    'if (kind === "attach") sendSignalInfo(k, target, STOP_INFO',
    "sendSignalInfo(k, target, STOP_INFO",
  ),
  change(
    "ptrace-sigmask",
    "ptrace/requests",
    "view.getBigUint64(0, true) & ~UNBLOCKABLE",
    "view.getBigUint64(0, true)",
  ),
  change("ptrace-signal", "ptrace/stop", "if (sig === 0) return undefined;"),
  change("ptrace-syscall", "ptrace/requests", "code === (SIGTRAP | PTRACE_SYSGOOD_BIT)", "false"),
  change("ptrace-traceme", "ptrace/attach", "if (task.ptrace.tracer !== undefined) return -EPERM;"),
  change(
    "ptrace-vm",
    "syscall/sys-process-vm",
    "return done > 0 ? done : -EFAULT;",
    "return -EFAULT;",
  ),
  change(
    "ptrace-wait",
    "task/wait",
    "(options & __WNOTHREAD) !== 0 ? [task] : task.group.threads",
    "task.group.threads",
  ),
  change("seccomp-filter", "task/seccomp", "| 0) < ((result", "| 0) <= ((result"),
  change(
    "seccomp-strict",
    "task/seccomp",
    "if (STRICT_CALLS.includes(task.regs.get(REG_A7))) return true;",
    "return true;",
  ),
  change(
    "seccomp-trace",
    "task/seccomp",
    "PTRACE_EVENT_SECCOMP, data)",
    "PTRACE_EVENT_SECCOMP, 0)",
  ),
  change(
    "signal-altstack",
    "signal/frame",
    "(action.flags & SA_ONSTACK) !== 0 && altStack.size > 0",
    "false",
  ),
  change(
    "signal-flags",
    "signal/deliver",
    "if ((action.flags & SA_NODEFER) === 0) task.blocked",
    "task.blocked",
  ),
  change(
    "signal-float",
    "signal/frame",
    "if (task.user.fp !== undefined) readFloats(view, task.user.fp);",
  ),
  change(
    "signal-itimer",
    "task/interval-timer",
    "if (intervalNs > 0) this.start(deadlineNs + intervalNs, intervalNs);",
  ),
  change("signal-kill", "syscall/sys-signal", "(tgid > 0 && target.tgid !== tgid)", "tgid < 0"),
  change("signal-mask", "syscall/sys-signal", "t.blocked &= ~mask;", "t.blocked |= mask;"),
  change(
    "signal-nanosleep",
    "syscall/sys-time",
    "if (remaining !== 0) writeTimespec(t, remaining, deadline - k.clock.now);",
  ),
  change("signal-pipe", "fs/pipe", "caller.raise(SIGPIPE);"),
  change(
    "signal-realtime",
    "signal/signal-types",
    "info.si_signo < SIGRTMIN && (this.set",
    "(this.set",
  ),
  change(
    "signal-restart",
    "signal/deliver",
    "(error === ERESTARTSYS && (action.flags & SA_RESTART) === 0)",
    "error === ERESTARTSYS",
  ),
  change(
    "signal-segv",
    "task/run",
    "denied: [SIGSEGV, SEGV_ACCERR]",
    "denied: [SIGSEGV, SEGV_MAPERR]",
  ),
  change("signal-siginfo", "signal/send", "si_pid: from.tgid,", "si_pid: 0,"),
  change("signal-stop-cancels", "signal/send", "flushAll(group, STOP_SIGNALS);"),
  change("signal-suspend", "syscall/sys-signal", "t.savedBlocked = t.blocked;"),
  change(
    "signal-timedwait",
    "syscall/sys-signal",
    "k.clock.now >= deadline) return -EAGAIN;",
    "k.clock.now >= deadline) return -EINTR;",
  ),
];
