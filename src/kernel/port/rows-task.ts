/**
 * Port rows about tasks: finding, holding, sleeping, waking, signals, user memory, hooks.
 *
 * Source: the functions of the same names in 2.6.32 (kernel/sched.c, kernel/pid.c, kernel/signal.c).
 */

import { EFAULT } from "../abi/errno.ts";
import { SI_KERNEL, SI_USER, type Siginfo } from "../abi/siginfo.ts";
import { SIGKILL } from "../abi/signal-numbers.ts";
import { kernelBug } from "../kmem/oops.ts";
import { FILE_STEPS } from "../lib/limits.ts";
import { dequeueSignal, isGroupStopped, recalcSigpending } from "../signal/deliver.ts";
import { sendSignalInfo } from "../signal/send.ts";
import { sigBit } from "../signal/signal-types.ts";
import { SCHEDULE } from "../task/kernel.ts";
import { type RunState, STATE_BITS } from "../task/run-state.ts";
import type { Task } from "../task/task.ts";
import {
  addressOfTask,
  atomicBug,
  cannotBlock,
  currentTask,
  Pid,
  type PortContext,
  type PortRow,
  readField,
  taskAt,
  writeField,
} from "./context.ts";
import { formatText } from "./format.ts";
import { noteGet, notePut } from "./held.ts";
import { ownerOfCaller } from "./rows-base.ts";

/** HZ is 100. */
const TICK_NS = 10_000_000;

type Blocking = ReturnType<NonNullable<PortRow["gen"]>>;

const STATES: ReadonlyMap<number, RunState> = new Map(
  (["running", "sleeping", "uninterruptible", "stopped", "traced"] as const).map((state) => [
    STATE_BITS[state],
    state,
  ]),
);

/** In an interrupt that found nobody on the processor it is the idle task, which the tree has. */
const currentAddress = (p: PortContext): number =>
  p.k.current === undefined ? (p.variables.get("init_task") ?? 0) : addressOfTask(p, p.k.current);

function setTaskState(p: PortContext, address: number, bits: number): number {
  const state = STATES.get(bits);
  if (state === undefined) throw kernelBug(`kernel BUG: task state ${bits} does not exist`);
  p.k.setRunState(taskAt(p, address), state);
  return 0;
}

function wakeUpState(p: PortContext, address: number, states: number): number {
  const task = taskAt(p, address);
  if (task.runState === "running" || (STATE_BITS[task.runState] & states) === 0) return 0;
  p.k.makeRunnable(task);
  return 1;
}

function warnAtomic(p: PortContext): void {
  if (p.rt.preemptCount === 0) return;
  const text = atomicBug(p);
  p.k.printk(3, text);
  p.k.log.emit("warn", text, ownerOfCaller(p));
}

function* schedule(p: PortContext): Blocking {
  warnAtomic(p);
  yield SCHEDULE;
  return 0;
}

/** Sleeps for `ns` or until a signal comes; 1 if one did. */
function* scheduleTimeout(p: PortContext, ns: number): Blocking {
  warnAtomic(p);
  const task = currentTask(p);
  if (task.runState !== "running") p.k.setRunState(task, "running");
  yield { queue: undefined, interruptible: true, deadlineNs: p.k.clock.now + ns };
  return p.k.signalPending(task) ? 1 : 0;
}

/** One that owes its group the stop yet takes part in it on its way to user mode, as any thread does. */
const joinsGroupStop = (task: Task): boolean =>
  isGroupStopped(task) &&
  !task.stopPending &&
  task.ptrace.tracer === undefined &&
  !task.group.exiting;

/**
 * The task has set TASK_TRACED: sleeps so, and joins a group-stop when it is let go during one. A
 * tracee's part in a group-stop is a stop that its tracer hears of, and is not taken silently.
 */
function* tracingStop(p: PortContext): Blocking {
  warnAtomic(p);
  const task = currentTask(p);
  if (task.stopPending && task.ptrace.tracer === undefined) {
    task.stopPending = false;
    task.group.stopCount--;
  }
  while (task.runState === "traced") yield SCHEDULE;
  while (joinsGroupStop(task)) {
    p.k.setRunState(task, "stopped");
    yield SCHEDULE;
  }
  recalcSigpending(task);
  return 0;
}

/** How often a task that is off the processor in `state` has left it; 0 if it left the state. */
function inactiveSwitches(p: PortContext, address: number, state: number): number | undefined {
  const task = taskAt(p, address);
  if (STATE_BITS[task.runState] !== state) return 0;
  // One that was preempted on its way to sleep has not left the processor for good.
  return task.queued ? undefined : task.voluntarySwitches + task.involuntarySwitches + 1;
}

function* waitTaskInactive(p: PortContext, address: number, state: number): Blocking {
  for (;;) {
    const switches = inactiveSwitches(p, address, state);
    if (switches !== undefined) return switches;
    warnAtomic(p);
    yield { queue: undefined, interruptible: false, deadlineNs: p.k.clock.now + TICK_NS };
  }
}

const SIGINFO = "siginfo_t";

/** Writes a siginfo through the running layout. */
export function writeSiginfo(p: PortContext, address: number, info: Siginfo): void {
  for (const [field, value] of Object.entries(info))
    writeField(p, SIGINFO, address, field, value as number);
}

const SIGINFO_FIELDS = [
  "si_signo",
  "si_errno",
  "si_code",
  "si_pid",
  "si_uid",
  "si_status",
  "si_utime",
  "si_stime",
  "si_tid",
  "si_overrun",
  "si_value",
  "si_addr",
  "si_band",
  "si_fd",
  "si_call_addr",
  "si_syscall",
  "si_arch",
] as const satisfies readonly (keyof Siginfo)[];

export function readSiginfo(p: PortContext, address: number): Siginfo {
  const fields = SIGINFO_FIELDS.map((field) => [field, readField(p, SIGINFO, address, field)]);
  return Object.fromEntries(fields) as unknown as Siginfo;
}

function dequeue(p: PortContext, task: Task, info: number): number {
  const taken = dequeueSignal(task, task.blocked);
  if (taken === undefined) return 0;
  writeSiginfo(p, info, taken);
  return taken.si_signo;
}

function sendInfo(p: PortContext, sig: number, info: number, task: Task): number {
  const sent =
    info === 0
      ? { si_signo: sig, si_errno: 0, si_code: SI_USER }
      : { ...readSiginfo(p, info), si_signo: sig };
  return sendSignalInfo(p.k, task, sent, false);
}

/** What a number can stand for: 0 a task, 1 a process, 2 a process group, 3 a session. */
function findByKind(p: PortContext, pid: number, kind: number): number {
  const { nr } = p.mem.objectAt("pid", pid) as Pid;
  const roles: readonly ((task: Task) => number)[] = [
    (t) => t.tid,
    (t) => t.tgid,
    (t) => t.group.pgid,
    (t) => t.group.sid,
  ];
  const role = roles[kind];
  if (role === undefined) return 0;
  const direct = p.k.tasks.get(nr);
  if (direct !== undefined && role(direct) === nr) return addressOfTask(p, direct);
  for (const task of p.k.tasks.values()) if (role(task) === nr) return addressOfTask(p, task);
  return 0;
}

function findPid(p: PortContext, nr: number): number {
  if (!p.k.tasks.has(nr)) return 0;
  const pid = p.pids.get(nr) ?? new Pid(nr);
  p.pids.set(nr, pid);
  return p.mem.addressOf("pid", pid);
}

function putPid(p: PortContext, address: number): void {
  const pid = p.mem.objectAt("pid", address) as Pid;
  notePut(p, address);
  if (--pid.references > 0) return;
  p.pids.delete(pid.nr);
  p.mem.release(pid, "put_pid");
}

/** put_task_struct(): the last reference frees the object, and every later look at it is an oops. */
export function putTask(p: PortContext, task: Task): void {
  const references = (p.taskRefs.get(task) ?? 1) - 1;
  p.taskRefs.set(task, references);
  if (references === 0) p.freeTask(task);
}

function copyFromUser(p: PortContext, to: number, from: number, size: number): number {
  p.mem.checkRange(to, size);
  const bytes = p.k.current?.mm?.copyIn(from, size) ?? -EFAULT;
  if (typeof bytes === "number") return size;
  p.mem.writeBytes(to, bytes);
  return 0;
}

function copyToUser(p: PortContext, to: number, from: number, size: number): number {
  return (p.k.current?.mm?.copyOut(to, p.mem.readBytes(from, size)) ?? -EFAULT) < 0 ? size : 0;
}

/** Another's memory, or one's own whatever its permissions; the bytes that were copied: all or none. */
function accessProcessVm(
  p: PortContext,
  { mm }: Task,
  address: number,
  buffer: number,
  size: number,
  write: boolean,
): number {
  if (mm === undefined) return 0;
  if (write) return mm.poke(address, p.mem.readBytes(buffer, size)) < 0 ? 0 : size;
  const bytes = mm.peek(address, size);
  if (typeof bytes === "number") return 0;
  p.mem.writeBytes(buffer, bytes);
  return size;
}

/** mm/maccess.c, 6.1: a string with its NUL counted, but for the empty one; what is too long is cut. */
function strncpyFromUser(p: PortContext, to: number, from: number, size: number): number {
  if (size <= 0) return 0;
  const mm = p.k.current?.mm;
  const text = mm?.copyInString(from, size);
  if (mm === undefined || mm === null || typeof text === "number") return -EFAULT;
  if (text !== undefined) {
    const length = p.mem.writeCString(to, text, size);
    return length === 0 ? 0 : length + 1;
  }
  const bytes = mm.copyIn(from, size - 1);
  if (typeof bytes === "number") return bytes;
  p.mem.writeBytes(to, bytes);
  p.mem.store8(to + size - 1, 0);
  return size;
}

function note(
  p: PortContext,
  kind: "probe-attach" | "probe-detach",
  task: number,
  address: number,
  what: number,
  owner: number,
): number {
  const target = task === 0 ? 0 : taskAt(p, task).tid;
  p.k.log.emit(
    kind,
    target,
    address,
    p.mem.readCString(what),
    ownerOfProbe(p, kind, address, owner),
  );
  return 0;
}

/** Who takes a probe off may not know any more whose it was: utrace has dropped the ops by then. */
function ownerOfProbe(p: PortContext, kind: string, address: number, owner: number): string {
  const module = owner === 0 ? p.probeOwners.get(address) : p.text.find(owner)?.module;
  if (kind === "probe-attach") p.probeOwners.set(address, module ?? "");
  else if (owner === 0) p.probeOwners.delete(address);
  return module ?? "";
}

const run =
  (act: (p: PortContext, ...args: number[]) => void): PortRow["plain"] =>
  (p, ...args) => {
    act(p, ...args);
    return 0;
  };

export const ROWS_TASK: readonly PortRow[] = [
  { proto: "get_current(): ptr<task_struct>", plain: currentAddress },
  { proto: "schedule(): void", plain: cannotBlock("schedule"), gen: schedule },
  {
    proto: "schedule_timeout(ns: u64): long",
    plain: cannotBlock("schedule_timeout"),
    gen: (p, ns) => scheduleTimeout(p, ns as number),
  },
  { proto: "tracing_stop(): void", plain: cannotBlock("tracing_stop"), gen: tracingStop },
  {
    proto: "wait_task_inactive(task: ptr<task_struct>, state: long): unsigned_long",
    plain: (p, task, state) => inactiveSwitches(p, task as number, state as number) ?? 0,
    gen: (p, task, state) => waitTaskInactive(p, task as number, state as number),
  },
  {
    proto: "set_task_state(task: ptr<task_struct>, state: long): void",
    plain: (p, task, state) => setTaskState(p, task as number, state as number),
  },
  {
    proto: "wake_up_state(task: ptr<task_struct>, states: unsigned_int): int",
    plain: (p, task, states) => wakeUpState(p, task as number, states as number),
  },
  {
    proto: "signal_wake_up(task: ptr<task_struct>, resume: int): void",
    plain: run((p, task, resume) => p.k.signalWake(taskAt(p, task as number), resume !== 0)),
  },
  {
    proto: "signal_pending(task: ptr<task_struct>): int",
    plain: (p, task) => (p.k.signalPending(taskAt(p, task as number)) ? 1 : 0),
  },
  {
    proto: "fatal_signal_pending(task: ptr<task_struct>): int",
    plain: (p, address) => {
      const task = taskAt(p, address as number);
      return (task.pending.set & sigBit(SIGKILL)) !== 0n ? 1 : 0;
    },
  },
  {
    proto: "set_tsk_thread_flag(task: ptr<task_struct>, flag: int): void",
    plain: run((p, task, flag) => (taskAt(p, task as number).tif |= 1 << (flag as number))),
  },
  {
    proto: "clear_tsk_thread_flag(task: ptr<task_struct>, flag: int): void",
    plain: run((p, task, flag) => (taskAt(p, task as number).tif &= ~(1 << (flag as number)))),
  },
  {
    proto: "test_tsk_thread_flag(task: ptr<task_struct>, flag: int): int",
    plain: (p, task, flag) => (taskAt(p, task as number).tif >> (flag as number)) & 1,
  },
  {
    proto: "get_task_struct(task: ptr<task_struct>): void",
    plain: run((p, address) => {
      const task = taskAt(p, address as number);
      p.taskRefs.set(task, (p.taskRefs.get(task) ?? 1) + 1);
      noteGet(p, "task_struct", address as number);
    }),
  },
  {
    proto: "put_task_struct(task: ptr<task_struct>): void",
    plain: run((p, task) => {
      const put = taskAt(p, task as number);
      notePut(p, task as number);
      putTask(p, put);
    }),
  },
  { proto: "find_vpid(nr: int): ptr<pid>", plain: (p, nr) => findPid(p, nr as number) },
  {
    proto: "get_pid(pid: ptr<pid>): void",
    plain: run((p, pid) => {
      (p.mem.objectAt("pid", pid as number) as Pid).references++;
      noteGet(p, "pid", pid as number);
    }),
  },
  {
    proto: "put_pid(pid: ptr<pid>): void",
    plain: run((p, pid) => (pid === 0 ? undefined : putPid(p, pid as number))),
  },
  {
    proto: "find_task_by_pid_kind(pid: ptr<pid>, kind: int): ptr<task_struct>",
    plain: (p, pid, kind) => findByKind(p, pid as number, kind as number),
  },
  {
    proto: "send_sig_info(sig: int, info: ptr<siginfo_t>, task: ptr<task_struct>): int",
    plain: (p, sig, info, task) =>
      sendInfo(p, sig as number, info as number, taskAt(p, task as number)),
  },
  {
    proto: "send_sig(sig: int, task: ptr<task_struct>, priv: int): int",
    plain: (p, sig, task, priv) =>
      sendSignalInfo(
        p.k,
        taskAt(p, task as number),
        { si_signo: sig as number, si_errno: 0, si_code: priv !== 0 ? SI_KERNEL : SI_USER },
        false,
      ),
  },
  {
    proto: "dequeue_signal(task: ptr<task_struct>, info: ptr<siginfo_t>): int",
    plain: (p, task, info) => dequeue(p, taskAt(p, task as number), info as number),
  },
  {
    proto: "requeue_signal(task: ptr<task_struct>, info: ptr<siginfo_t>): void",
    plain: run((p, address, info) => {
      const task = taskAt(p, address as number);
      task.pending.add(readSiginfo(p, info as number));
      recalcSigpending(task);
    }),
  },
  {
    proto: "signal_action(task: ptr<task_struct>, sig: int): ptr<k_sigaction>",
    plain: (p, address, sig) => {
      const task = taskAt(p, address as number);
      const action = task.sighand[sig as number] ?? { handler: 0, flags: 0, mask: 0n };
      task.sighand[sig as number] = action;
      return p.mem.addressOf("k_sigaction", action);
    },
  },
  {
    proto: "recalc_sigpending(task: ptr<task_struct>): void",
    plain: run((p, task) => recalcSigpending(taskAt(p, task as number))),
  },
  {
    proto: "group_stopping(task: ptr<task_struct>): int",
    plain: (p, task) => (taskAt(p, task as number).stopPending ? 1 : 0),
  },
  {
    proto: "copy_from_user(to: voidp, from: unsigned_long, size: size_t): unsigned_long",
    plain: (p, to, from, size) => copyFromUser(p, to as number, from as number, size as number),
  },
  {
    proto: "copy_to_user(to: unsigned_long, from: voidp, size: size_t): unsigned_long",
    plain: (p, to, from, size) => copyToUser(p, to as number, from as number, size as number),
  },
  {
    proto:
      "access_process_vm(task: ptr<task_struct>, addr: unsigned_long, buf: voidp, len: int, write: int): int",
    plain: (p, task, address, buffer, size, write) =>
      accessProcessVm(
        p,
        taskAt(p, task as number),
        address as number,
        buffer as number,
        size as number,
        write !== 0,
      ),
  },
  {
    proto: "strncpy_from_user_nofault(to: ptr<char>, from: unsigned_long, size: size_t): long",
    plain: (p, to, from, size) => strncpyFromUser(p, to as number, from as number, size as number),
  },
  {
    proto: "register_hook(site: int, fn: voidp): void",
    plain: run(
      (p, site, fn) =>
        (p.sites[site as number] = fn === 0 ? undefined : p.text.callee(fn as number)),
    ),
  },
  {
    proto: "note_probe(task: ptr<task_struct>, address: voidp, what: cstring, owner: voidp): void",
    plain: (p, task, address, what, owner) =>
      note(p, "probe-attach", task as number, address as number, what as number, owner as number),
  },
  {
    proto:
      "note_unprobe(task: ptr<task_struct>, address: voidp, what: cstring, owner: voidp): void",
    plain: (p, task, address, what, owner) =>
      note(p, "probe-detach", task as number, address as number, what as number, owner as number),
  },
  {
    proto: "debugfs_create_file(path: cstring, show: seq_show, store: file_store): int",
    plain: (p, path, show, store) => {
      p.rt.fuel -= FILE_STEPS;
      p.makeDebugFile({
        path: p.mem.readCString(path as number),
        show: show as number,
        store: store as number,
        data: 0,
      });
      return 0;
    },
  },
  {
    proto: "proc_create_file(name: cstring, show: seq_show, data: voidp): void",
    plain: run((p, name, show, data) => {
      const path = p.mem.readCString(name as number);
      p.rt.fuel -= FILE_STEPS;
      p.procFiles.set(path, { path, show: show as number, store: 0, data: data as number });
    }),
  },
  {
    proto: "proc_remove_file(name: cstring): void",
    plain: run((p, name) => p.procFiles.delete(p.mem.readCString(name as number))),
  },
  {
    proto: "seq_printf(m: ptr<seq_file>, fmt: cstring, ...args: varargs): int",
    plain: (p, cookie, format, ...args) => {
      p.seqFiles.get(cookie as number)?.push(formatText(p, format as number, args));
      return 0;
    },
  },
];
