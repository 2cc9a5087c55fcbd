/**
 * Processes and threads: making, replacing, ending and waiting for them, and who they are.
 *
 * Source: clone(2), execve(2), wait4(2), waitid(2), setpgid(2), credentials(7), Linux 6.1.
 */
import {
  CLONE_ARGS_LAYOUT,
  CLONE_DETACHED,
  CLONE_PARENT,
  CLONE_PIDFD,
  CLONE_THREAD,
  CSIGNAL,
} from "../abi/clone.ts";
import { E2BIG, EACCES, EFAULT, EINVAL, ELOOP, EPERM, ESRCH } from "../abi/errno.ts";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../abi/fcntl.ts";
import { encodeSiginfo } from "../abi/siginfo.ts";
import { SIGCHLD, SIGRTMAX } from "../abi/signal-numbers.ts";
import {
  P_ALL,
  P_PGID,
  P_PID,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WNOWAIT,
  WSTOPPED,
  WUNTRACED,
  waitStatusExited,
} from "../abi/wait.ts";
import { execve } from "../exec/execve.ts";
import type { Kpath } from "../lib/wait.ts";
import { type CloneArgs, cloneTask } from "../task/clone.ts";
import { doExit } from "../task/exit.ts";
import type { Kernel } from "../task/kernel.ts";
import { registerRseq } from "../task/rseq.ts";
import type { Task, ThreadGroup } from "../task/task.ts";
import { readPath, readStrings, readView, writeBytes, writeView } from "../task/user-data.ts";
import { type WaitResult, type WaitTarget, waitForChild } from "../task/wait.ts";
import { inodeAt } from "./file-access.ts";
import { type Row, row } from "./rows.ts";
import { writeRusage } from "./rusage.ts";

const groupOf = (k: Kernel, pid: number): ThreadGroup | undefined => k.tasks.get(pid)?.group;

function* sysExecve(k: Kernel, t: Task, path: number, argv: number, envp: number): Kpath<number> {
  const file = readPath(t, path);
  if (typeof file === "number") return file;
  const args = readStrings(t, argv);
  if (typeof args === "number") return args;
  const env = readStrings(t, envp);
  return typeof env === "number" ? env : yield* execve(k, t, file, args, env);
}

/** execveat(2): the program is called what a path through /dev/fd would be. */
function* sysExecveat(
  k: Kernel,
  t: Task,
  dirfd: number,
  path: number,
  argv: number,
  envp: number,
  flags: number,
): Kpath<number> {
  if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) !== 0) return -EINVAL;
  const file = readPath(t, path);
  if (typeof file === "number") return file;
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  const emptyOk = (flags & AT_EMPTY_PATH) !== 0;
  const inode = inodeAt(t, dirfd, path, { follow, emptyOk });
  if (typeof inode === "number") return inode;
  if (inode.kind === "symlink") return -ELOOP;
  const isPlain = (dirfd | 0) === AT_FDCWD || file.startsWith("/");
  const name = isPlain ? file : `/dev/fd/${dirfd | 0}${file === "" ? "" : `/${file}`}`;
  const args = readStrings(t, argv);
  if (typeof args === "number") return args;
  const env = readStrings(t, envp);
  return typeof env === "number" ? env : yield* execve(k, t, name, args, env, inode);
}

function* sysExit(k: Kernel, t: Task, code: number, wholeGroup: boolean): Kpath<number> {
  yield* doExit(k, t, waitStatusExited(code), wholeGroup);
  return 0;
}

function wait4Target(t: Task, pid: number): WaitTarget {
  if (pid === -1) return { kind: "any" };
  if (pid > 0) return { kind: "pid", pid };
  return { kind: "pgid", pgid: pid === 0 ? t.group.pgid : -pid };
}

function* sysWait4(
  k: Kernel,
  t: Task,
  pid: number,
  status: number,
  options: number,
  usage: number,
): Kpath<number> {
  const known = WNOHANG | WUNTRACED | WCONTINUED | 0xe0000000;
  if ((options & ~known) !== 0) return -EINVAL;
  const found = yield* waitForChild(k, t, wait4Target(t, pid | 0), options | WEXITED);
  if (found === undefined) return 0;
  if (typeof found === "number") return found;
  if (status !== 0 && writeView(t, status, 4, (view) => view.setInt32(0, found.status, true)) < 0)
    return -EFAULT;
  return usage === 0 || writeRusage(t, usage, found.usage) === 0 ? found.pid : -EFAULT;
}

function* sysWaitid(
  k: Kernel,
  t: Task,
  type: number,
  id: number,
  infop: number,
  options: number,
  usage: number,
): Kpath<number> {
  if ((options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | 0xe0000000)) !== 0)
    return -EINVAL;
  if ((options & (WEXITED | WSTOPPED | WCONTINUED)) === 0) return -EINVAL;
  const targets: Readonly<Record<number, WaitTarget>> = {
    [P_ALL]: { kind: "any" },
    [P_PID]: { kind: "pid", pid: id },
    [P_PGID]: { kind: "pgid", pgid: id === 0 ? t.group.pgid : id },
  };
  const target = targets[type];
  if (target === undefined) return -EINVAL;
  const found = yield* waitForChild(k, t, target, options);
  if (typeof found === "number") return found;
  if (usage !== 0 && found !== undefined && writeRusage(t, usage, found.usage) < 0) return -EFAULT;
  return infop === 0
    ? 0
    : writeBytes(
        t,
        infop,
        found === undefined ? new Uint8Array(128) : encodeSiginfo(childInfo(found)),
      );
}

const childInfo = (found: WaitResult): Parameters<typeof encodeSiginfo>[0] => ({
  si_signo: SIGCHLD,
  si_errno: 0,
  si_code: found.code,
  si_pid: found.pid,
  si_uid: found.uid,
  si_status: found.value,
});

function setpgid(k: Kernel, t: Task, pid: number, pgid: number): number {
  const group = pid === 0 ? t.group : groupOf(k, pid);
  if (group === undefined) return -ESRCH;
  if (pgid < 0) return -EINVAL;
  if (group !== t.group && group.parent !== t.group) return -ESRCH;
  if (group.sid === group.tgid) return -EPERM;
  if (group !== t.group && group.didExec) return -EACCES;
  if (group.sid !== t.group.sid) return -EPERM;
  const target = pgid === 0 ? group.tgid : pgid;
  const isThere = [...k.tasks.values()].some(
    (other) => other.group.pgid === target && other.group.sid === t.group.sid,
  );
  if (target !== group.tgid && !isThere) return -EPERM;
  group.pgid = target;
  return 0;
}

const CLONE3_FLAGS_MAX = 2 ** 34;
const CLONE_ARGS_SIZE_MIN_BYTES = 64;

/** struct clone_args, as CloneArgs; or an errno. */
function readCloneArgs(t: Task, addr: number, size: number): CloneArgs | number {
  const known = CLONE_ARGS_LAYOUT.size;
  if (size > 4096) return -E2BIG;
  if (size < CLONE_ARGS_SIZE_MIN_BYTES) return -EINVAL;
  const view = readView(t, addr, size);
  if (typeof view === "number") return view;
  for (let at = known; at < size; at++) if (view.getUint8(at) !== 0) return -E2BIG;
  const fields = Object.entries(CLONE_ARGS_LAYOUT.fields);
  const found = Object.fromEntries(
    fields.map(([name, [at]]) => [name, at + 8 <= size ? Number(view.getBigUint64(at, true)) : 0]),
  ) as Record<keyof typeof CLONE_ARGS_LAYOUT.fields, number>;
  const { flags, exit_signal: exitSignal, stack, stack_size: stackSize } = found;
  if (flags >= CLONE3_FLAGS_MAX || (flags & (CSIGNAL | CLONE_DETACHED | CLONE_PIDFD)) !== 0)
    return -EINVAL;
  if (exitSignal > SIGRTMAX || found.set_tid_size !== 0) return -EINVAL;
  if (exitSignal !== 0 && (flags & (CLONE_THREAD | CLONE_PARENT)) !== 0) return -EINVAL;
  if ((stack === 0) !== (stackSize === 0)) return -EINVAL;
  return {
    flags: flags + exitSignal,
    stack: stack + stackSize,
    parentTid: found.parent_tid,
    tls: found.tls,
    childTid: found.child_tid,
  };
}

function sysClone3(k: Kernel, t: Task, addr: number, size: number): number | Kpath<number> {
  const args = readCloneArgs(t, addr, size);
  return typeof args === "number" ? args : cloneTask(k, t, args);
}

function setsid(k: Kernel, t: Task): number {
  const taken = [...k.tasks.values()].some((other) => other.group.pgid === t.tgid);
  if (taken) return -EPERM;
  t.group.sid = t.tgid;
  t.group.pgid = t.tgid;
  return t.tgid;
}

const parentPid = (t: Task): number => t.group.parent?.tgid ?? 0;

export const ROWS_PROCESS: readonly Row[] = [
  row(
    "clone",
    ["flags:clone", "ptr", "ptr", "ptr", "ptr"],
    (k, t, flags, stack, parentTid, tls, childTid) =>
      cloneTask(k, t, { flags, stack, parentTid, tls, childTid }),
    {
      support: "partial",
      note: "a TypeScript program's child starts at the entry in t1 with the argument in t2",
    },
  ),
  row("clone3", ["in:clone-args", "size"], sysClone3, {
    support: "partial",
    note: "no CLONE_PIDFD, no set_tid",
  }),
  row(
    "execve",
    ["path", "argv", "envp"],
    (k, t, path, argv, envp) => sysExecve(k, t, path, argv, envp),
    { support: "partial", note: "no set-user-ID, no binfmt_misc" },
  ),
  row("execveat", ["dirfd", "path", "argv", "envp", "flags:at"], sysExecveat, {
    support: "partial",
    note: "no set-user-ID, no binfmt_misc",
  }),
  row("exit", ["int"], (k, t, code) => sysExit(k, t, code, false), { returns: "none" }),
  row("exit_group", ["int"], (k, t, code) => sysExit(k, t, code, true), { returns: "none" }),
  row("wait4", ["pid", "out:wstatus", "flags:wait", "out:rusage"], sysWait4),
  row("waitid", ["enum:idtype", "pid", "out:siginfo", "flags:wait", "out:rusage"], sysWaitid),
  row("getpid", [], (_k, t) => t.tgid),
  row("getppid", [], (_k, t) => parentPid(t)),
  row("gettid", [], (_k, t) => t.tid),
  row("setpgid", ["pid", "pid"], (k, t, pid, pgid) => setpgid(k, t, pid, pgid)),
  row("getpgid", ["pid"], (k, t, pid) => (pid === 0 ? t.group : groupOf(k, pid))?.pgid ?? -ESRCH),
  row("getsid", ["pid"], (k, t, pid) => (pid === 0 ? t.group : groupOf(k, pid))?.sid ?? -ESRCH),
  row("setsid", [], (k, t) => setsid(k, t)),
  row("set_tid_address", ["ptr"], (_k, t, addr) => {
    t.clearChildTid = addr;
    return t.tid;
  }),
  row("rseq", ["ptr", "hex", "hex", "hex"], (_k, t, addr, size, flags, signature) =>
    registerRseq(t, addr, size, flags, signature),
  ),
];
