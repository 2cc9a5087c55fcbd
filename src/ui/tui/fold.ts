/**
 * The machine as the event log tells it: a fold over events, so that a pane can show any moment of
 * a run without running anything. `applyEvent` changes the state it is given; `copyState` makes the
 * copies that checkpoints need. Every record inside is replaced, never changed, so a copy is shallow.
 *
 * Left out: whatever no event says (memory, registers, open files).
 */
import type { KernelEvent } from "#kernel";
import { EMPTY_SCREEN, type ScreenLines, writeScreen } from "./model/screen-lines.ts";

/** A task as far as events tell. */
export interface TaskView {
  readonly tid: number;
  readonly tgid: number;
  readonly parent: number;
  readonly comm: string;
  /** Linux's letter: R S D T t Z X. */
  readonly state: string;
  /** Who ptraces it; 0 for nobody. */
  readonly tracer: number;
  /** Wait status once it has exited. */
  readonly exitStatus: number | undefined;
  /** The system call it is in; -1 outside. */
  readonly call: number;
}

/** An engine or probe that hangs on a task, or on all of them (target 0). */
export interface ProbeView {
  readonly target: number;
  readonly address: number;
  readonly what: string;
  readonly owner: string;
}

/** One line of the kernel's log. */
export interface LogLine {
  readonly t: number;
  readonly level: number;
  readonly text: string;
}

/** Everything the panes show at one moment. */
export interface FoldState {
  /** Events folded. */
  position: number;
  timeNs: number;
  release: string;
  /** Machines booted so far. */
  boots: number;
  /** Why the machine stopped, or "". */
  halted: string;
  taint: number;
  /** Task on the processor. */
  running: number;
  tasks: Map<number, TaskView>;
  probes: Map<string, ProbeView>;
  /** Loaded modules: name to whether it was forced. */
  modules: Map<string, boolean>;
  /** Calls into each owner's functions. */
  callbacks: Map<string, number>;
  console: ScreenLines;
  kernelLog: readonly LogLine[];
}

/** Lines of the kernel log kept. */
const KERNEL_LOG_LINES_MAX = 400;

const KERN_EMERG = 0;
const KERN_WARNING = 4;

export function initialState(): FoldState {
  return {
    position: 0,
    timeNs: 0,
    release: "",
    boots: 0,
    halted: "",
    taint: 0,
    running: 0,
    tasks: new Map(),
    probes: new Map(),
    modules: new Map(),
    callbacks: new Map(),
    console: EMPTY_SCREEN,
    kernelLog: [],
  };
}

export function copyState(state: FoldState): FoldState {
  return {
    ...state,
    tasks: new Map(state.tasks),
    probes: new Map(state.probes),
    modules: new Map(state.modules),
    callbacks: new Map(state.callbacks),
  };
}

type Applier<K extends KernelEvent["kind"]> = (
  state: FoldState,
  event: Extract<KernelEvent, { kind: K }>,
) => void;

function patchTask(state: FoldState, tid: number, change: Partial<TaskView>): void {
  const task = state.tasks.get(tid);
  if (task !== undefined) state.tasks.set(tid, { ...task, ...change });
}

function addLog(state: FoldState, level: number, text: string): void {
  const lines = text.replace(/\n$/, "").split("\n");
  const added = lines.map((line) => ({ t: state.timeNs, level, text: line }));
  state.kernelLog = [...state.kernelLog.slice(-KERNEL_LOG_LINES_MAX), ...added];
}

/** Children of a dead task go to a living thread of its group, else to init. */
function reparent(state: FoldState, dead: number): void {
  const group = state.tasks.get(dead)?.tgid;
  let heir = 1;
  for (const task of state.tasks.values()) {
    if (task.tgid === group && task.tid !== dead && task.exitStatus === undefined) heir = task.tid;
    if (task.tracer === dead) patchTask(state, task.tid, { tracer: 0 });
  }
  for (const task of state.tasks.values()) {
    if (task.parent === dead && task.tgid !== group) patchTask(state, task.tid, { parent: heir });
  }
}

function dropProbesOf(state: FoldState, tid: number): void {
  for (const [key, probe] of state.probes) if (probe.target === tid) state.probes.delete(key);
}

const probeKey = (probe: ProbeView): string => `${probe.target} ${probe.address} ${probe.owner}`;

const APPLIERS: { readonly [K in KernelEvent["kind"]]?: Applier<K> } = {
  boot(state, event) {
    const { console, boots, position, timeNs } = state;
    Object.assign(state, initialState(), { console, position, timeNs });
    state.boots = boots + 1;
    state.release = event.release;
  },
  halt(state, event) {
    state.halted = event.argument === "" ? event.reason : `${event.reason} ${event.argument}`;
    state.running = 0;
  },
  switch(state, event) {
    state.running = event.tid;
  },
  "task-new"(state, event) {
    const thread = event.tgid !== event.child;
    state.tasks.set(event.child, {
      tid: event.child,
      tgid: event.tgid,
      parent: thread ? (state.tasks.get(event.tgid)?.parent ?? event.tid) : event.tid,
      comm: event.comm,
      state: "R",
      tracer: 0,
      exitStatus: undefined,
      call: -1,
    });
  },
  "task-state"(state, event) {
    if (event.state === "X") state.tasks.delete(event.task);
    else patchTask(state, event.task, { state: event.state });
  },
  exec(state, event) {
    // execve by a thread takes over the leader's identity: the caller's old number disappears.
    if (event.formerTid !== 0 && event.formerTid !== event.tid) state.tasks.delete(event.formerTid);
    const name = event.path.slice(event.path.lastIndexOf("/") + 1).slice(0, 15);
    patchTask(state, event.tid, { comm: name });
  },
  exit(state, event) {
    patchTask(state, event.tid, { exitStatus: event.status, call: -1 });
    reparent(state, event.tid);
    dropProbesOf(state, event.tid);
  },
  reap(state, event) {
    state.tasks.delete(event.child);
  },
  "syscall-enter"(state, event) {
    patchTask(state, event.tid, { call: event.nr });
  },
  "syscall-exit"(state, event) {
    patchTask(state, event.tid, { call: -1 });
  },
  "ptrace-attach"(state, event) {
    // PTRACE_TRACEME is made by the tracee, and its tracer is its parent.
    const self = event.tracee === event.tid;
    const tracer = self ? (state.tasks.get(event.tid)?.parent ?? 0) : event.tid;
    patchTask(state, event.tracee, { tracer });
  },
  "ptrace-detach"(state, event) {
    patchTask(state, event.tracee, { tracer: 0 });
  },
  "ptrace-stop"(state, event) {
    patchTask(state, event.tid, { tracer: event.tracer });
  },
  "tty-write"(state, event) {
    state.console = writeScreen(state.console, event.text);
  },
  printk(state, event) {
    addLog(state, event.level, event.text);
  },
  warn(state, event) {
    addLog(state, KERN_WARNING, event.text);
  },
  panic(state, event) {
    addLog(state, KERN_EMERG, event.text);
    state.halted = "panic";
  },
  "module-load"(state, event) {
    state.modules.set(event.name, event.forced !== 0);
  },
  "module-unload"(state, event) {
    state.modules.delete(event.name);
    for (const [key, probe] of state.probes)
      if (probe.owner === event.name) state.probes.delete(key);
  },
  "probe-attach"(state, event) {
    const { target, address, what, owner } = event;
    const probe = { target, address, what, owner };
    state.probes.set(probeKey(probe), probe);
  },
  "probe-detach"(state, event) {
    state.probes.delete(probeKey(event));
  },
  callback(state, event) {
    state.callbacks.set(event.owner, (state.callbacks.get(event.owner) ?? 0) + 1);
  },
  taint(state, event) {
    state.taint = event.flags;
  },
};

/** Brings `state` one event further. */
export function applyEvent(state: FoldState, event: KernelEvent): void {
  state.position++;
  state.timeNs = event.t;
  const apply = APPLIERS[event.kind] as Applier<KernelEvent["kind"]> | undefined;
  apply?.(state, event);
}
