/**
 * New tasks: clone(2) with everything it can share or copy, and the first process.
 *
 * A TypeScript program's generator cannot be copied, so its child does not return from clone: it
 * starts at the entry whose text address is in t1 (x6) with the argument in t2 (x7). Everything
 * else is Linux's clone.
 *
 * Source: kernel/fork.c of 6.1 (copy_process, kernel_clone); clone(2). Left out: namespaces,
 * pidfds, cgroups, CLONE_IO.
 */
import { CAP_SYS_ADMIN, CAP_SYS_RESOURCE } from "../abi/capability.ts";
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_CLEAR_SIGHAND,
  CLONE_FILES,
  CLONE_FS,
  CLONE_PARENT,
  CLONE_PARENT_SETTID,
  CLONE_SETTLS,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VFORK,
  CLONE_VM,
  CSIGNAL,
} from "../abi/clone.ts";
import { EAGAIN, EINVAL } from "../abi/errno.ts";
import { RLIMIT_NPROC } from "../abi/resource.ts";
import { ERESTARTNOINTR } from "../abi/restart.ts";
import { SIG_DFL } from "../abi/signal.ts";
import type { ProgramImage } from "../exec/program.ts";
import { COST_CLONE_NS } from "../hw/costs.ts";
import { FloatRegisters } from "../hw/float-registers.ts";
import { REG_A0, REG_SP, REG_TP, Registers } from "../hw/registers.ts";
import { type Kpath, WaitQueue } from "../lib/wait.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import { ProgramMemory } from "../mm/user-memory.ts";
import { SigPending } from "../signal/signal-types.ts";
import { isCapable } from "./cred.ts";
import { HartContext } from "./hart-context.ts";
import type { Kernel } from "./kernel.ts";
import { rlimitOf } from "./rlimits.ts";
import {
  Task,
  ThreadGroup,
  TIF_NOTIFY_RESUME,
  TIF_SIGPENDING,
  TIF_SYSCALL_PTRACE,
  TIF_SYSCALL_TRACE,
} from "./task.ts";
import { entryAt, ProgramContext, type UserContext } from "./user-context.ts";

const REG_T1 = 6;
const REG_T2 = 7;

/** What clone(2) was asked for. */
export interface CloneArgs {
  readonly flags: number;
  readonly stack: number;
  readonly parentTid: number;
  readonly tls: number;
  readonly childTid: number;
}

/** Flags above 31 bits are not used by clone(2), so 32-bit tests serve. */
const has = (flags: number, bit: number): boolean => (flags & bit) !== 0;

function refusal(flags: number): number {
  if (has(flags, CLONE_THREAD) && !has(flags, CLONE_SIGHAND)) return -EINVAL;
  if (has(flags, CLONE_SIGHAND) && !has(flags, CLONE_VM)) return -EINVAL;
  if (has(flags, CLONE_SIGHAND) && flags >= CLONE_CLEAR_SIGHAND) return -EINVAL;
  return 0;
}

/** RLIMIT_NPROC: has the user as many tasks as its processes may? Not asked of whoever may ignore it. */
function hasTooMany(k: Kernel, { group, cred }: Task): boolean {
  const [limit] = rlimitOf(group, RLIMIT_NPROC);
  if (cred.uid === 0 || isCapable(cred, CAP_SYS_RESOURCE) || isCapable(cred, CAP_SYS_ADMIN))
    return false;
  // Far below the limit there is nobody to count.
  if (k.tasks.size < limit) return false;
  let count = 0;
  for (const task of k.tasks.values()) if (task.cred.uid === cred.uid) count++;
  return count >= limit;
}

/** clone(2). Answers the child's tid in the parent; the child never returns from here. */
export function* cloneTask(k: Kernel, parent: Task, args: CloneArgs): Kpath<number> {
  const refused = refusal(args.flags);
  if (refused < 0) return refused;
  // fork.c: a signal that arrived first is taken first, so that it is not delivered to two tasks.
  if (k.signalPending(parent)) return -ERESTARTNOINTR;
  const entry = parent.regs.get(REG_T1);
  const isNative = parent.user instanceof HartContext;
  if (!isNative && (parent.image === undefined || entryAt(parent.image, entry) === undefined))
    return -EINVAL;
  if (hasTooMany(k, parent)) return -EAGAIN;
  const tid = k.allocateTid();
  if (tid === 0) return -EAGAIN;
  k.clock.now += COST_CLONE_NS;
  const child = copyTask(k, parent, args, tid, entry);
  writeTids(parent, child, args);
  k.tasks.set(tid, child);
  k.log.emit("task-new", tid, child.tgid, args.flags, child.comm);
  k.tree.taskInit(child);
  yield* k.tree.cloned(parent, child, args.flags);
  yield* k.ptrace.cloned(parent, child, args.flags);
  let vforked = has(args.flags, CLONE_VFORK);
  const vforkWait = new WaitQueue();
  if (vforked) {
    child.vforkDone = () => {
      vforked = false;
      vforkWait.wakeAll();
    };
  }
  if (child.runState === "running") k.scheduler.enqueue(child);
  yield* k.tree.cloneDone(parent, child, args.flags);
  yield* k.ptrace.cloneDone(parent, child, args.flags);
  if (has(args.flags, CLONE_VFORK)) {
    while (vforked && !parent.group.exiting) yield { queue: vforkWait, interruptible: false };
    yield* k.tree.vforkDone(parent, tid);
    yield* k.ptrace.vforkDone(parent, tid);
  }
  return tid;
}

function copyTask(k: Kernel, parent: Task, args: CloneArgs, tid: number, entry: number): Task {
  const { flags } = args;
  const regs = new Registers();
  regs.copyFrom(parent.regs);
  regs.set(REG_A0, 0);
  if (args.stack !== 0) regs.set(REG_SP, args.stack);
  if (has(flags, CLONE_SETTLS)) regs.set(REG_TP, args.tls);
  let mm = parent.mm;
  if (mm !== undefined) {
    if (has(flags, CLONE_VM)) mm.users++;
    else mm = mm.clone();
  }
  const child = new Task({
    tid,
    comm: parent.comm,
    cred: has(flags, CLONE_THREAD) ? parent.cred : { ...parent.cred },
    regs,
    user: copyContext(k, parent, regs, mm as AddressSpace, entry, flags),
    mm,
    files: has(flags, CLONE_FILES) ? parent.files.share() : parent.files.copy(),
    fs: has(flags, CLONE_FS) ? parent.fs : parent.fs.clone(),
    sighand: copyHandlers(parent, flags),
    pending: new SigPending(),
    wakeTask: (task) => k.wake(task),
    forcesSigpending: (task) => k.tree.forcesSigpending(task),
  });
  child.image = parent.image;
  child.exe = parent.exe;
  child.blocked = parent.blocked;
  child.noNewPrivs = parent.noNewPrivs;
  child.nice = parent.nice;
  child.seccomp = parent.seccomp;
  // A thread that shares memory has an area of its own to register.
  if (!has(flags, CLONE_VM)) child.rseq = parent.rseq;
  if (!has(flags, CLONE_VM) || has(flags, CLONE_VFORK)) child.altStack = parent.altStack;
  child.startNs = k.clock.now;
  // What watches the parent does not watch the child by itself, probes on all tasks excepted.
  child.tif =
    parent.tif & ~(TIF_SIGPENDING | TIF_NOTIFY_RESUME | TIF_SYSCALL_PTRACE | TIF_SYSCALL_TRACE);
  if (has(flags, CLONE_CHILD_CLEARTID)) child.clearChildTid = args.childTid;
  joinGroup(parent, child, flags);
  return child;
}

/** The child of RISC-V code goes on where its parent is; a generator starts anew at an entry. */
function copyContext(
  k: Kernel,
  parent: Task,
  regs: Registers,
  mm: AddressSpace,
  entry: number,
  flags: number,
): UserContext {
  if (parent.user instanceof HartContext) {
    const fp = new FloatRegisters();
    fp.copyFrom(parent.user.fp);
    return new HartContext(k.hart, mm, regs, fp);
  }
  const cpu = { regs, mem: new ProgramMemory(mm, k.memory) };
  const image = parent.image as ProgramImage;
  return new ProgramContext(image, cpu, entry, parent.regs.get(REG_T2), has(flags, CLONE_THREAD));
}

function copyHandlers(parent: Task, flags: number): Task["sighand"] {
  if (has(flags, CLONE_SIGHAND)) return parent.sighand;
  if (flags >= CLONE_CLEAR_SIGHAND)
    return parent.sighand.map((action) => ({ ...action, handler: SIG_DFL }));
  return parent.sighand.map((action) => ({ ...action }));
}

function joinGroup(parent: Task, child: Task, flags: number): void {
  if (has(flags, CLONE_THREAD)) {
    child.group = parent.group;
    child.group.threads.push(child);
    // A thread born into a group that is stopping stops too.
    child.stopPending = parent.group.stopCount > 0;
    if (child.stopPending) parent.group.stopCount++;
    return;
  }
  const group = new ThreadGroup(child, child.tid, new SigPending());
  const old = parent.group;
  child.group = group;
  group.threads.push(child);
  group.parent = has(flags, CLONE_PARENT) ? old.parent : old;
  group.parentThread = has(flags, CLONE_PARENT) ? old.parentThread : parent;
  group.parent?.children.add(group);
  group.exitSignal = has(flags, CLONE_PARENT) ? old.exitSignal : flags & CSIGNAL;
  group.pgid = old.pgid;
  group.sid = old.sid;
  group.dumpable = old.dumpable;
  for (const [resource, limits] of old.rlimits) group.rlimits.set(resource, limits);
}

function writeTids(parent: Task, child: Task, args: CloneArgs): void {
  const bytes = new Uint8Array(new Int32Array([child.tid]).buffer);
  if (has(args.flags, CLONE_PARENT_SETTID)) parent.mm?.copyOut(args.parentTid, bytes);
  if (has(args.flags, CLONE_CHILD_SETTID)) child.mm?.copyOut(args.childTid, bytes);
}
