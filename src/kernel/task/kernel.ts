/**
 * The state of one machine's kernel, and the few primitives everything else is built from: run
 * states, sleeping and waking, the kernel log.
 *
 * Left out here on purpose: behaviour. What can happen to a task has a file of its own.
 */
import { SI_KERNEL } from "../abi/siginfo.ts";
import { type EventLog, KIND } from "../event/log.ts";
import type { Vfs } from "../fs/vfs.ts";
import { Clock } from "../hw/clock.ts";
import { Hart } from "../hw/hart/hart.ts";
import { PhysicalMemory } from "../hw/memory.ts";
import { assert } from "../lib/assert.ts";
import { KERNEL_LOG_LINES_MAX, PIDS_MAX } from "../lib/limits.ts";
import { Prng } from "../lib/prng.ts";
import { type Kpath, PREEMPT, type Sleep } from "../lib/wait.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { FutexTable } from "./futex.ts";
import { type MachinePolicy, OPEN_POLICY } from "./policy.ts";
import { type RunState, STATE_LETTERS, TRANSITIONS } from "./run-state.ts";
import { ChancePolicy, type SchedulePolicy } from "./schedule.ts";
import { Scheduler } from "./scheduler.ts";
import { type Task, type ThreadGroup, TIF_SIGPENDING } from "./task.ts";
import { NO_PTRACE, NO_TREE, type PtraceParty, type TreeHooks } from "./trace-hooks.ts";

/** Why a machine stopped for good. */
export interface Halt {
  readonly reason: "poweroff" | "restart" | "panic";
  /** restart's argument: the release to boot next. */
  readonly argument: string;
}

/** One line of the kernel log. */
export interface LogLine {
  /** Nanoseconds since boot. */
  readonly timeNs: number;
  /** 0 (emergency) to 7 (debug). */
  readonly level: number;
  readonly text: string;
}

/** Strings of uname(2). */
export interface Uts {
  readonly sysname: string;
  hostname: string;
  domainname: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/** What answers a system call: a row's handler, found by number. */
export type Dispatch = (
  nr: number,
) =>
  | ((
      k: Kernel,
      t: Task,
      a0: number,
      a1: number,
      a2: number,
      a3: number,
      a4: number,
      a5: number,
    ) => number | Kpath<number>)
  | undefined;

/** The module layer, as system calls see it. */
export interface ModuleService {
  load(task: Task, bytes: Uint8Array, params: string, flags: number): Kpath<number>;
  unload(task: Task, name: string, flags: number): Kpath<number>;
}

/** The bytecode layer, as system calls see it. */
export interface BpfService {
  /** bpf(2) */
  call(task: Task, cmd: number, attr: number, size: number): Kpath<number>;
  /** perf_event_open(2): a descriptor, or -errno. */
  openEvent(task: Task, attr: number): number;
}

/** What the processor holds of a task while tree or module code runs on it. */
export interface ProcessorContext {
  load(task: Task): void;
  /** Answers how many preemption points of its turn are left. */
  save(task: Task): number;
  /** The task is about to run in user mode. */
  userReturn(task: Task): void;
  /** The function of module or tree code that the task that was on it last is in. */
  readonly where: () => string;
}

export interface KernelParts {
  readonly seed: number;
  readonly log: EventLog;
  readonly uts: Uts;
  readonly dispatch: Dispatch;
  /** Who runs next; by chance, from the seed, if nobody says otherwise. */
  readonly policy?: SchedulePolicy | undefined;
  /** What its own root may do; everything if nobody says otherwise. */
  readonly security?: MachinePolicy;
}

export class Kernel {
  readonly seed: number;
  readonly clock: Clock = new Clock();
  readonly prng: Prng;
  readonly log: EventLog;
  readonly memory: PhysicalMemory = new PhysicalMemory();
  #hart: Hart | undefined;
  readonly scheduler: Scheduler;
  readonly uts: Uts;
  /** Reads the system-call table. */
  dispatch: Dispatch;
  /** Every task that has a tid, zombies included. */
  readonly tasks: Map<number, Task> = new Map();
  /** The task on the processor. */
  current: Task | undefined;
  /** Virtual nanoseconds in which some task had it. */
  busyNs = 0;
  /** When its present turn began. */
  turnStartNs = 0;
  /** The task that had it last, for switches. */
  last: Task | undefined;
  /** pid 1's process. */
  init: ThreadGroup | undefined;
  vfs!: Vfs;
  /** Who stops and resumes tracees. */
  ptrace: PtraceParty = NO_PTRACE;
  /** The running release's own tree. */
  tree: TreeHooks = NO_TREE;
  /** Sleepers on futexes. */
  readonly futexes: FutexTable = new FutexTable();
  /** Call stack and preemption count of the running task. */
  processor: ProcessorContext = {
    load: () => {},
    save: () => 0,
    userReturn: () => {},
    where: () => "",
  };
  /** The module layer, once a release is up. */
  modules: ModuleService | undefined;
  /** The bytecode layer, if the release has it. */
  bpf: BpfService | undefined;
  /** The leader of a session is dead: its terminal hangs up. */
  onSessionEnd: (sid: number) => void = () => {};
  halt: Halt | undefined;
  readonly klog: LogLine[] = [];
  /** YAMA_SCOPE_*: who may attach. */
  ptraceScope = 0;
  /** TAINT_* bits. */
  taint = 0;
  /** What this machine allows its own root. */
  readonly security: MachinePolicy;
  #lastTid = 0;

  /** What RISC-V code runs on; made when the first such program is executed. */
  get hart(): Hart {
    if (this.#hart === undefined) {
      this.#hart = new Hart(this.memory);
      this.#hart.nowNs = () => this.clock.now;
    }
    return this.#hart;
  }

  constructor(parts: KernelParts) {
    this.seed = parts.seed;
    this.prng = new Prng(parts.seed);
    this.log = parts.log;
    this.log.attachStamp(this.clock);
    this.uts = parts.uts;
    this.dispatch = parts.dispatch;
    this.security = parts.security ?? { ...OPEN_POLICY };
    this.scheduler = new Scheduler(parts.policy ?? new ChancePolicy(this.prng));
  }

  /** The next free tid, or 0 when all are taken. */
  allocateTid(): number {
    for (let tries = 0; tries < PIDS_MAX; tries++) {
      this.#lastTid = this.#lastTid + 1 >= PIDS_MAX ? 300 : this.#lastTid + 1;
      if (!this.tasks.has(this.#lastTid)) return this.#lastTid;
    }
    return 0;
  }

  /** The one place where a run state changes: it checks the edge and records it. */
  setRunState(task: Task, state: RunState): void {
    if (task.runState === state) return;
    assert(
      TRANSITIONS[task.runState].includes(state),
      `run state ${task.runState} -> ${state} of ${task.tid}`,
    );
    task.runState = state;
    this.log.emit("task-state", task.tid, STATE_LETTERS[state]);
  }

  /** Ends an ordinary sleep. Stopped and traced tasks stay so: they are resumed, not woken. */
  wake(task: Task): void {
    if (task.runState !== "sleeping" && task.runState !== "uninterruptible") return;
    this.makeRunnable(task);
  }

  /** signal_wake_up(): ends interruptible sleeps, and with `fatal` stops and traps too. */
  signalWake(task: Task, fatal = false): void {
    task.tif |= TIF_SIGPENDING;
    if (task.runState === "sleeping") this.makeRunnable(task);
    else if (fatal && (task.runState === "stopped" || task.runState === "traced"))
      this.makeRunnable(task);
  }

  /** Puts a task that slept or stopped back into the queue. */
  makeRunnable(task: Task): void {
    this.#unpark(task);
    this.setRunState(task, "running");
    if (task !== this.current) this.scheduler.enqueue(task);
  }

  /** A path yielded: parks its task as asked, or leaves it runnable. */
  park(task: Task, sleep: Sleep): void {
    if (sleep === PREEMPT) {
      this.scheduler.preempt(task, "points");
      return;
    }
    task.voluntarySwitches++;
    // Whoever stops itself has set its state already, and an early wake-up has undone it.
    if (sleep === SCHEDULE) {
      if (task.runState === "running") this.scheduler.enqueue(task);
      return;
    }
    if (
      (sleep.interruptible && this.signalPending(task)) ||
      (sleep.deadlineNs ?? Number.POSITIVE_INFINITY) <= this.clock.now
    ) {
      this.scheduler.enqueue(task);
      return;
    }
    this.setRunState(task, sleep.interruptible ? "sleeping" : "uninterruptible");
    for (const queue of [sleep.queue, ...(sleep.alsoOn ?? [])]) {
      if (queue === undefined) continue;
      queue.add(task);
      task.sleepingOn.push(queue);
    }
    if (sleep.deadlineNs !== undefined) {
      task.sleepAlarm = this.clock.alarm(sleep.deadlineNs, () => this.wake(task));
    }
  }

  /** A signal from the kernel to one thread: SIGPIPE, SIGTTIN. */
  sendSignal(task: Task, sig: number): void {
    sendSignalInfo(this, task, { si_signo: sig, si_errno: 0, si_code: SI_KERNEL }, false);
  }

  /** A signal from the kernel to every process of a process group: what ^C does. */
  signalGroup(pgid: number, sig: number): void {
    for (const task of [...this.tasks.values()]) {
      if (task.isLeader && task.group.pgid === pgid) {
        sendSignalInfo(this, task, { si_signo: sig, si_errno: 0, si_code: SI_KERNEL }, true);
      }
    }
  }

  /** Is there a signal that should end an interruptible sleep? */
  signalPending(task: Task): boolean {
    return (task.tif & TIF_SIGPENDING) !== 0;
  }

  /** printk(): one line into the kernel log, by the kernel or by a module's code. */
  printk(level: number, text: string, owner = ""): void {
    if (this.klog.length >= KERNEL_LOG_LINES_MAX) this.klog.shift();
    this.klog.push({ timeNs: this.clock.now, level, text });
    this.log.emit("printk", level, text, owner);
  }

  addTaint(flags: number): void {
    if ((this.taint & flags) === flags) return;
    this.taint |= flags;
    this.log.emitNumbers(KIND.taint, this.taint);
  }

  /** Stops the machine for good. */
  stopMachine(halt: Halt): void {
    if (this.halt !== undefined) return;
    this.halt = halt;
    this.log.emit("halt", halt.reason, halt.argument);
  }

  panic(text: string): void {
    this.printk(0, `Kernel panic - not syncing: ${text}`);
    this.log.emit("panic", text);
    this.stopMachine({ reason: "panic", argument: "" });
  }

  #unpark(task: Task): void {
    for (const queue of task.sleepingOn) queue.remove(task);
    task.sleepingOn.length = 0;
    task.sleepAlarm?.cancel();
    task.sleepAlarm = undefined;
  }
}

/**
 * Yielded by a path that has set its own run state: schedule(). The task leaves the processor if the
 * state is still set, and stays runnable if somebody woke it in between.
 */
export const SCHEDULE: Sleep = Object.freeze({ queue: undefined, interruptible: false });
