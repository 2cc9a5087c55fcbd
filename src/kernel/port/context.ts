/**
 * What a port row works with: the core on one side, addresses of the running release on the other,
 * and the ways between them.
 */

import type { OpenFile } from "../fs/open-file.ts";
import type { AlarmHandle } from "../hw/clock.ts";
import type { Kmem } from "../kmem/kmem.ts";
import type { Layouts } from "../kmem/layout.ts";
import { KernelOops, kernelBug } from "../kmem/oops.ts";
import type { BlockingCode, PlainCode, TextSymbol, TextTable } from "../kmem/text-table.ts";
import { assert } from "../lib/assert.ts";
import { PORT_CALL_STEPS } from "../lib/limits.ts";
import type { RateLimit } from "../lib/rate-limit.ts";
import type { ModuleRuntime } from "../module/runtime.ts";
import type { Handler } from "../syscall/rows.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import type { Held } from "./held.ts";
import { receiversOf, receiving } from "./receive.ts";

/** struct pid: a number that can outlive the task that has it. */
export class Pid {
  readonly nr: number;
  references = 1;

  constructor(nr: number) {
    this.nr = nr;
  }
}

/** A file under /sys/kernel/debug or /proc that the tree made. `show` and `store` are text addresses. */
export interface DebugFile {
  readonly path: string;
  readonly show: number;
  readonly store: number;
  /** What its seq_file.private holds. */
  readonly data: number;
}

/** The core's system calls in kernel text. */
export interface SyscallText {
  /** Address of each call's function, by number. */
  readonly entries: number[];
  readonly handlers: Map<number, Handler>;
  /** Address of what answers -ENOSYS. */
  none: number;
}

/** A trace event that the tree announces. Its record is struct trace_event_raw_NAME. */
export interface TraceEvent {
  readonly system: string;
  readonly name: string;
}

/** Bytecode as the tree's tracepoints see it. A link is a program that hangs somewhere. */
export interface BpfRunner {
  /** Zeroed memory for one event's record. */
  eventBuffer(sizeBytes: number): number;
  /** Runs the link's program with `context` in r1; answers what it returned. */
  run(link: number, context: number): number;
  /** The same, the context being these arguments, a word each. */
  runOn(link: number, args: readonly number[]): void;
}

export interface PortContext {
  readonly k: Kernel;
  readonly mem: Kmem;
  readonly text: TextTable;
  readonly rt: ModuleRuntime;
  readonly layouts: Layouts;
  /** Hooked functions by site, undefined where nothing is hooked. */
  readonly sites: (TextSymbol | undefined)[];
  readonly pids: Map<number, Pid>;
  /** References to tasks, the task list's own included. */
  readonly taskRefs: WeakMap<Task, number>;
  /** The last reference to a task is gone: its object becomes freed memory. */
  readonly freeTask: (task: Task) => void;
  /** Whose probe hangs at an address, until it is taken off. */
  readonly probeOwners: Map<number, string>;
  readonly syscalls: SyscallText;
  /** Variables of the tree, by name. */
  readonly variables: Map<string, number>;
  /** Of allocations that failed. */
  readonly allocationFailures: RateLimit;
  /** Kernel text was patched or restored. */
  onTextChange: () => void;
  /** Files that the tree has seen, and how many references it has taken. */
  readonly fileHolds: WeakMap<OpenFile, number>;
  /** When the tree has its next timer. */
  readonly timer: { alarm: AlarmHandle | undefined };
  /** Trace events in the order in which the tree announced them; ids count from 1. */
  readonly traceEvents: TraceEvent[];
  bpf: BpfRunner;
  /** What code holds and has to give back. */
  readonly held: Held;
  /** What seq_printf has written, by seq_file cookie. */
  readonly seqFiles: Map<number, string[]>;
  /** Gives code that enters the tree its full allowance of steps. */
  readonly refuel: () => void;
  /** Takes the time of the steps since then, when the code has come back. */
  readonly charge: () => void;
  /** Makes /sys/kernel/debug/PATH. */
  readonly makeDebugFile: (file: DebugFile) => void;
  /** Files of /proc that the tree made, by path. */
  readonly procFiles: Map<string, DebugFile>;
  /** Module reference counts, by an address of the module's text or data. */
  readonly moduleGet: (address: number) => boolean;
  readonly modulePut: (address: number) => void;
}

/** One function that the tree may call. */
export interface PortRow {
  /** As the generated header declares it: `wake_up_state(task: ptr<task_struct>, states: unsigned_int): int`. */
  readonly proto: string;
  readonly plain: (p: PortContext, ...args: number[]) => number;
  /** For rows that may block; without it the plain form never does. */
  readonly gen?: (p: PortContext, ...args: number[]) => ReturnType<BlockingCode>;
}

export const rowName = (row: PortRow): string => row.proto.slice(0, row.proto.indexOf("("));

/** A row's code with its context filled in, its arguments brought to their declared types. */
export const bindRow = (
  p: PortContext,
  row: PortRow,
): { plain: PlainCode; gen: BlockingCode | undefined } => {
  const receivers = receiversOf(row.proto);
  const { plain, gen } = row;
  return {
    plain: receiving(receivers, (...args) => {
      p.rt.fuel -= PORT_CALL_STEPS;
      return plain(p, ...args);
    }),
    gen:
      gen &&
      receiving(receivers, (...args) => {
        p.rt.fuel -= PORT_CALL_STEPS;
        return gen(p, ...args);
      }),
  };
};

export function currentTask(p: PortContext): Task {
  assert(p.k.current !== undefined, "tree code runs on a task");
  return p.k.current;
}

/** For messages: in an interrupt nobody may be there but the idle task. */
export const whoRuns = (p: PortContext): { readonly comm: string; readonly tid: number } =>
  p.k.current ?? { comm: "swapper", tid: 0 };

export const taskAt = (p: PortContext, address: number): Task =>
  p.mem.objectAt("task_struct", address) as Task;

export const addressOfTask = (p: PortContext, task: Task): number =>
  p.mem.addressOf("task_struct", task);

/** What schedule() says when it is called with preemption off. */
export function atomicBug(p: PortContext): string {
  const task = whoRuns(p);
  const count = p.rt.preemptCount.toString(16).padStart(8, "0");
  return `BUG: scheduling while atomic: ${task.comm}/${task.tid}/0x${count}`;
}

/** A plain form for something that must block: whoever calls it this way is in atomic context. */
export function cannotBlock(what: string): (p: PortContext) => number {
  return (p) => {
    throw new KernelOops("atomic", 0, atomicBug(p), [what]);
  };
}

/** Where member `field` of `struct` is in the running layout. */
export function fieldOffset(p: PortContext, struct: string, field: string): number {
  const found = p.layouts[struct]?.fields.find((member) => member.name === field);
  if (found === undefined) throw kernelBug(`kernel BUG: struct ${struct} has no ${field}`);
  return found.offset;
}

/** Reads or writes a member of a struct that lies in plain memory, by its size in the running layout. */
export function readField(p: PortContext, struct: string, address: number, field: string): number {
  const found = p.layouts[struct]?.fields.find((member) => member.name === field);
  if (found === undefined) return 0;
  return found.size === 8 ? p.mem.i64(address + found.offset) : p.mem.i32(address + found.offset);
}

export function writeField(
  p: PortContext,
  struct: string,
  address: number,
  field: string,
  value: number,
): void {
  const found = p.layouts[struct]?.fields.find((member) => member.name === field);
  if (found === undefined) return;
  if (found.size === 8) p.mem.store64(address + found.offset, value);
  else p.mem.store32(address + found.offset, value);
}
