/**
 * A task (thread) and its thread group (process): the data that all files of this folder work on.
 * One file per thing that can happen to a task: clone.ts, exit.ts, wait.ts, run.ts.
 *
 * Source: include/linux/sched.h and sched/signal.h of 6.1; field names are Linux's where a reader
 * may want to look them up. Left out: namespaces, cgroups, CPU affinity, real-time classes.
 */

import type { Siginfo } from "../abi/siginfo.ts";
import type { ProgramImage } from "../exec/program.ts";
import type { FdTable } from "../fs/fd-table.ts";
import type { FsContext } from "../fs/fs-context.ts";
import type { AlarmHandle } from "../hw/clock.ts";
import type { Registers } from "../hw/registers.ts";
import { type Kpath, type Waiter, WaitQueue } from "../lib/wait.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import type { SigAction, SigPending } from "../signal/signal-types.ts";
import { type CpuTime, NO_TIME } from "./cpu-time.ts";
import type { Cred } from "./cred.ts";
import type { IntervalTimers, PosixTimer } from "./interval-timer.ts";
import type { Rseq } from "./rseq.ts";
import type { RunState } from "./run-state.ts";
import type { Seccomp } from "./seccomp.ts";
import type { UserContext } from "./user-context.ts";

export type { Cred } from "./cred.ts";

/** Thread flags (TIF_*): work to do on the way to and from user mode. */
export const TIF_SIGPENDING = 1 << 0;
export const TIF_NEED_RESCHED = 1 << 1;
export const TIF_NOTIFY_RESUME = 1 << 2;
/** ptrace wants syscall-stops. */
export const TIF_SYSCALL_PTRACE = 1 << 3;
/** Tree code (utrace) wants to see system calls. */
export const TIF_SYSCALL_TRACE = 1 << 4;
/** Tree code has probes on the sys_enter and sys_exit tracepoints. */
export const TIF_SYSCALL_TRACEPOINT = 1 << 5;

/** Its system calls are filtered. */
export const TIF_SECCOMP = 1 << 6;

export const TIF_SYSCALL_WORK: number =
  TIF_SYSCALL_PTRACE | TIF_SYSCALL_TRACE | TIF_SYSCALL_TRACEPOINT | TIF_SECCOMP;
export const TIF_EXIT_WORK: number = TIF_SIGPENDING | TIF_NOTIFY_RESUME;

/** A tracee's side of tracing: the link to its tracer, and what the ptrace layer keeps of its stops. */
export interface PtraceState {
  /** The tracer, or undefined when nobody traces. */
  tracer: Task | undefined;
  seized: boolean;
  /** The status wait4 will report for the current stop; 0 once it was consumed. */
  exitCode: number;
  /** From here on the core's ptrace layer owns the meaning. PTRACE_O_* in force. */
  options: number;
  /** PTRACE_GETEVENTMSG's answer. */
  message: number;
  /** The signal that a restart injects: PTRACE_CONT's data. */
  injected: number;
  /** The siginfo of the stop, as PTRACE_GETSIGINFO gives it. */
  siginfo: Siginfo | undefined;
  /** JOBCTL_TRAP_STOP: stop at the next chance; any stop will do. */
  trapStop: boolean;
  /** JOBCTL_TRAP_NOTIFY: its group was continued, and only a stop that says so will do. */
  trapNotify: boolean;
  /** JOBCTL_LISTENING: PTRACE_LISTEN let it be, still stopped. */
  listening: boolean;
}

/** stack_t, its flags SS_AUTODISARM or none. */
export interface AltStack {
  readonly sp: number;
  readonly size: number;
  readonly flags: number;
}

export const NO_ALT_STACK: AltStack = { sp: 0, size: 0, flags: 0 };

export class ThreadGroup {
  readonly tgid: number;
  leader: Task;
  /** Live threads, leader first until it exits. */
  readonly threads: Task[] = [];
  /** The process that wait4 reports to; init for orphans. */
  parent: ThreadGroup | undefined;
  /** The thread of the parent that made it, or has taken its place: who waits with __WNOTHREAD. */
  parentThread: Task | undefined;
  readonly children: Set<ThreadGroup> = new Set();
  pgid: number;
  sid: number;
  /** Signals for any thread. */
  readonly pending: SigPending;
  /** Sleepers in wait4 of this process: wait_chldexit. */
  readonly childWait: WaitQueue = new WaitQueue();
  /** Whoever reads or polls a signalfd of this process: sighand's signalfd_wqh. */
  readonly signalWait: WaitQueue = new WaitQueue();
  /** What the leader sends its parent at the end, usually SIGCHLD; 0 sends nothing. */
  exitSignal: number;
  /** SIGNAL_UNKILLABLE: init, whom no default action ends, until it faults. */
  unkillable = false;
  /** SIGNAL_GROUP_EXIT: every thread is dying with `exitCode`. */
  exiting = false;
  exitCode = 0;
  /** A group-stop: its signal while stopping or stopped, 0 otherwise. */
  stopSignal = 0;
  /** Threads that have still to stop. */
  stopCount = 0;
  /** wait4 status of a stop or continue that nobody has seen yet. */
  stopReport = 0;
  continueReport = false;
  /** A multithreaded execve or exit waits here for the others to die. */
  readonly threadWait: WaitQueue = new WaitQueue();
  execing: Task | undefined;
  /** Descriptor and core limits, by RLIMIT_ number: [soft, hard]. */
  readonly rlimits: Map<number, readonly [number, number]>;
  /** setitimer(2), by which. */
  itimers: IntervalTimers | undefined;
  /** timer_create(2), by id. */
  posixTimers: Map<number, PosixTimer> | undefined;
  didExec = false;
  /** PR_SET_CHILD_SUBREAPER: orphans below it become its children. */
  isSubreaper = false;
  dumpable = 1;
  /** PR_SET_PTRACER: whose descendants may attach although Yama would refuse them. */
  ptracer: ThreadGroup | "any" | undefined;
  /** Threads that are dead but not gone: their tracer has yet to wait for them. */
  readonly zombieThreads: Set<Task> = new Set();
  /** Time of reaped children, and of threads that are gone. */
  childTime: CpuTime = NO_TIME;
  goneTime: CpuTime = NO_TIME;
  /** Dead but not reaped: leader is a zombie and no thread lives. */
  isZombie = false;

  constructor(leader: Task, tgid: number, pending: SigPending) {
    this.leader = leader;
    this.tgid = tgid;
    this.pgid = tgid;
    this.sid = tgid;
    this.pending = pending;
    this.exitSignal = 0;
    this.rlimits = new Map();
  }
}

export interface TaskParts {
  readonly tid: number;
  readonly comm: string;
  readonly cred: Cred;
  readonly regs: Registers;
  readonly user: UserContext;
  readonly mm: AddressSpace | undefined;
  readonly files: FdTable;
  readonly fs: FsContext;
  readonly sighand: SigAction[];
  readonly pending: SigPending;
  readonly wakeTask: (task: Task) => void;
  /** tracehook_force_sigpending() */
  readonly forcesSigpending: (task: Task) => boolean;
}

export class Task implements Waiter {
  /** The thread's id; an execve by another thread may give it the leader's. */
  tid: number;
  group!: ThreadGroup;
  comm: string;
  cred: Cred;
  readonly regs: Registers;
  user: UserContext;
  mm: AddressSpace | undefined;
  files: FdTable;
  fs: FsContext;
  /** Dispositions, by signal number; shared by threads (CLONE_SIGHAND). */
  sighand: SigAction[];
  /** Signals for this thread alone. */
  readonly pending: SigPending;
  /** Blocked signals, bit (sig - 1). */
  blocked = 0n;
  /** What sigsuspend and ppoll will put back. */
  savedBlocked: bigint | undefined;
  /** The program file that runs, for /proc/PID/exe. */
  exe = "";
  image: ProgramImage | undefined;

  /** Change it by `setRunState` only. */
  runState: RunState = "running";
  /** In the run queue? Kept by the scheduler. */
  queued = false;
  /** The kernel path in progress, or undefined in user mode. */
  path: Kpath<void> | undefined;
  /** TIF_* bits. */
  tif = 0;
  /** The call being served, -1 outside; what `orig_a0` was, for restarts. */
  syscallNr = -1;
  origA0 = 0;
  /** restart_syscall(2)'s work: what a sleep that was interrupted still has to do. */
  restart: (() => number | Kpath<number>) | undefined;
  /** Queues the task is parked on. */
  sleepingOn: WaitQueue[] = [];
  sleepAlarm: AlarmHandle | undefined;
  /** Wakes the parent of vfork. */
  vforkDone: (() => void) | undefined;
  /** PR_SET_PDEATHSIG: what it gets when its parent dies. */
  parentDeathSignal = 0;
  noNewPrivs = false;
  nice = 0;
  /** sigaltstack(2); a size of 0 is none. */
  altStack: AltStack = NO_ALT_STACK;
  /** What seccomp(2) filters its calls with. */
  seccomp: Seccomp | undefined;
  clearChildTid = 0;
  robustList = 0;
  /** What rseq(2) has registered. */
  rseq: Rseq | undefined;
  exitCode = 0;
  /** exit_notify() has begun: what reports its death finds a zombie, before anybody may reap it. */
  isZombieToBe = false;
  /** How often it has begun to die: PF_EXITING, and how often it failed since. */
  deaths = 0;
  /** Task that made this one, while it lives: real_parent. */
  startNs = 0;
  /** Nanoseconds on the processor up to its last turn, and those of them in user mode. */
  timeNs = 0;
  userNs = 0;
  voluntarySwitches = 0;
  involuntarySwitches = 0;

  readonly ptrace: PtraceState = {
    tracer: undefined,
    seized: false,
    exitCode: 0,
    options: 0,
    message: 0,
    injected: 0,
    siginfo: undefined,
    trapStop: false,
    trapNotify: false,
    listening: false,
  };
  /** Tasks that this one traces, in order of attachment. */
  readonly tracees: Set<Task> = new Set();
  /** TIF_SINGLESTEP: one instruction, then a SIGTRAP. */
  singleStep = false;
  /** Taking part in a group-stop, until woken: JOBCTL_STOP_PENDING. */
  stopPending = false;
  /** What the processor's preemption count was when the task left it; not 0 is a bug of whoever slept. */
  preemptCount = 0;
  readonly #wakeTask: (task: Task) => void;
  readonly #forcesSigpending: (task: Task) => boolean;

  constructor(parts: TaskParts) {
    this.tid = parts.tid;
    this.comm = parts.comm;
    this.cred = parts.cred;
    this.regs = parts.regs;
    this.user = parts.user;
    this.mm = parts.mm;
    this.files = parts.files;
    this.fs = parts.fs;
    this.sighand = parts.sighand;
    this.pending = parts.pending;
    this.#wakeTask = parts.wakeTask;
    this.#forcesSigpending = parts.forcesSigpending;
  }

  get tgid(): number {
    return this.group.tgid;
  }

  get isLeader(): boolean {
    return this.group.leader === this;
  }

  get isDead(): boolean {
    return this.runState === "zombie" || this.runState === "dead";
  }

  /** Has somebody a use for its signal path, although no signal is there? */
  get isForcedToSignals(): boolean {
    return this.#forcesSigpending(this);
  }

  /** Waiter: ends the sleep that this task is in. */
  wake(): void {
    this.#wakeTask(this);
  }
}
