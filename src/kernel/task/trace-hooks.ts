/**
 * Where the core lets watchers in: the points at which a task can be stopped, changed or seen. Two
 * parties stand behind them: whoever does ptrace's work, and the running release's own tree
 * (tracehook). The former is the core's ptrace layer, unless the tree took that over.
 *
 * Source: include/linux/tracehook.h, 2.6.32, whose call points these are.
 */
import { EPERM, ESRCH } from "../abi/errno.ts";
import type { Siginfo } from "../abi/siginfo.ts";
import type { Kpath } from "../lib/wait.ts";
import type { SigAction } from "../signal/signal-types.ts";
import type { Task } from "./task.ts";

/** Call points that both parties have. */
export interface TraceHooks {
  /** Before a system call; `true` refuses it. Called with the party's TIF_SYSCALL_* flag set. */
  syscallEntry(task: Task): Kpath<boolean>;
  /** After a system call, before its signals. Called with the party's TIF_SYSCALL_* flag set. */
  syscallExit(task: Task): Kpath<void>;
  /** The task takes part in a group-stop, before it stops. */
  groupStop(task: Task, sig: number): Kpath<void>;
  /** The child is complete and cannot run yet. */
  cloned(parent: Task, child: Task, flags: number): Kpath<void>;
  /** The child may run now; the parent may stop here. */
  cloneDone(parent: Task, child: Task, flags: number): Kpath<void>;
  /** vfork's child has let go. */
  vforkDone(parent: Task, childTid: number): Kpath<void>;
  /** The new image is in place. */
  exec(task: Task, formerTid: number): Kpath<void>;
  /** At the start of exit, everything still live; answers the status to die with. */
  exit(task: Task, status: number): Kpath<number>;
  /** A zombie now, the rest of its group dead too if `groupDead`. */
  death(task: Task, groupDead: boolean, signal: number): Kpath<void>;
  /** Reaped: the last thing that is heard of a task. May run on another task. */
  reap(task: Task): void;
}

/** How a tracee came to be one: the two requests, and the tracee's own wish. */
export type AttachKind = "attach" | "seize" | "traceme";

/**
 * What ptrace(2) stands on. The system call does the refusing that needs no stop, and moves memory and
 * registers; stopping, reporting and resuming a tracee is here.
 */
export interface PtraceParty extends TraceHooks {
  /** A signal was taken off the queue. Answers what to deliver, or undefined to drop it. */
  signal(task: Task, info: Siginfo): Kpath<Siginfo | undefined>;
  /** A trap that was asked for (PTRACE_INTERRUPT, SEIZE's first stop) is due. */
  trap(task: Task): Kpath<void>;
  /** PTRACE_EVENT_*: stops at once if the tracer asked for it by `option`. */
  event(task: Task, option: number, event: number, message: number): Kpath<boolean>;
  /** SIGCONT reached the group of a seized tracee. */
  groupContinued(task: Task): void;
  /** Makes `tracer` the tracer; nothing is left to refuse but what the party itself cannot do. */
  attach(tracer: Task, tracee: Task, kind: AttachKind, options: number): number | Kpath<number>;
  /** ptrace_check_attach(): is it in a ptrace-stop that requests may work on? */
  isStopped(tracee: Task): boolean;
  /** CONT, SYSCALL, SINGLESTEP, DETACH, LISTEN, INTERRUPT, SETOPTIONS, GETEVENTMSG. */
  request(tracee: Task, request: number, data: number): number | Kpath<number>;
  /** PTRACE_O_* in force. */
  options(tracee: Task): number;
  /** The siginfo of the stop: undefined in a group-stop. */
  siginfo(tracee: Task): Siginfo | undefined;
  setSiginfo(tracee: Task, info: Siginfo): void;
}

/** A signal that the tree took, with the disposition to use instead of the task's own. */
export interface TakenSignal {
  readonly info: Siginfo;
  readonly action: SigAction | undefined;
  /** The signal whose default action is meant: an engine may want another's than the siginfo names. */
  readonly acts: number;
}

export interface TreeHooks extends TraceHooks {
  /** get_signal's own turn: may stop, invent a signal, or look at one. "again" starts over. */
  takeSignal(
    task: Task,
    dequeue: () => Siginfo | undefined,
  ): Kpath<TakenSignal | "again" | undefined>;
  /** On the way to user mode with TIF_NOTIFY_RESUME set. */
  resume(task: Task): Kpath<void>;
  /** Must an ignored signal be queued all the same, because an engine wants to see it? */
  wantsIgnored(task: Task, sig: number): boolean;
  /** Is there a reason to take the signal path although no signal is pending? */
  forcesSigpending(task: Task): boolean;
  /** A handler's frame was made; it has not run yet. */
  signalHandler(task: Task, sig: number): Kpath<void>;
  /** Could an engine still change what a deadly signal does? */
  wantsSignals(task: Task): boolean;
  /** A task came to be; before `cloned`. */
  taskInit(task: Task): void;
  /** The processor goes from one task to another. */
  schedSwitch(prev: Task | undefined, next: Task): void;
  /** A file was opened, or not (`result` < 0). */
  fileOpen(task: Task, path: string, flags: number, result: number): void;
}

const nothing: TraceHooks = {
  *syscallEntry(): Kpath<boolean> {
    return false;
  },
  *syscallExit(): Kpath<void> {},
  *groupStop(): Kpath<void> {},
  *cloned(): Kpath<void> {},
  *cloneDone(): Kpath<void> {},
  *vforkDone(): Kpath<void> {},
  *exec(): Kpath<void> {},
  *exit(_task: Task, status: number): Kpath<number> {
    return status;
  },
  *death(): Kpath<void> {},
  reap(): void {},
};

/** A kernel without ptrace. */
export const NO_PTRACE: PtraceParty = {
  ...nothing,
  *signal(_task: Task, info: Siginfo): Kpath<Siginfo | undefined> {
    return info;
  },
  *trap(): Kpath<void> {},
  *event(): Kpath<boolean> {
    return false;
  },
  groupContinued(): void {},
  attach: () => -EPERM,
  isStopped: () => false,
  request: () => -ESRCH,
  options: () => 0,
  siginfo: () => undefined,
  setSiginfo(): void {},
};

/** A kernel whose tree hooks nothing. */
export const NO_TREE: TreeHooks = {
  ...nothing,
  *takeSignal(_task: Task, dequeue: () => Siginfo | undefined): Kpath<TakenSignal | undefined> {
    const info = dequeue();
    return info === undefined ? undefined : { info, action: undefined, acts: info.si_signo };
  },
  *resume(): Kpath<void> {},
  *signalHandler(): Kpath<void> {},
  forcesSigpending: () => false,
  wantsIgnored: () => false,
  wantsSignals: () => false,
  taskInit(): void {},
  schedSwitch(): void {},
  fileOpen(): void {},
};
