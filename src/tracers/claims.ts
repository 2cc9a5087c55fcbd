/**
 * What most claims begin with: the part of the history in which a tracer's probe hung where it was
 * hung. The machine writes down when a probe comes and goes; what the tracer says about it is not
 * asked.
 */
import type { EventOf, KernelEvent } from "#kernel";

/** A probe's life. */
export interface Probed {
  /** The task it hung on; 0 is every task. */
  readonly target: number;
  /** Everything between its coming and its going. */
  readonly events: readonly KernelEvent[];
}

/** The first probe of module `owner`, on the place called `what` if that is given. */
export function probedBy(
  events: readonly KernelEvent[],
  owner: string,
  what?: string,
): Probed | undefined {
  const from = events.findIndex(
    (event) =>
      event.kind === "probe-attach" &&
      event.owner === owner &&
      (what === undefined || event.what === what),
  );
  if (from < 0) return undefined;
  const attach = events[from] as EventOf<"probe-attach">;
  const to = events.findIndex(
    (event, index) =>
      index > from &&
      event.kind === "probe-detach" &&
      event.address === attach.address &&
      event.target === attach.target,
  );
  return { target: attach.target, events: events.slice(from, to < 0 ? undefined : to) };
}

/** Everything between the hanging of a bytecode program and its being taken off. */
export function hungBy(events: readonly KernelEvent[], program: string): readonly KernelEvent[] {
  const from = events.findIndex(
    (event) => event.kind === "bpf-attach" && event.name === program && event.errno === 0,
  );
  if (from < 0) return [];
  const to = events.findIndex(
    (event, index) => index > from && event.kind === "bpf-detach" && event.name === program,
  );
  return events.slice(from, to < 0 ? undefined : to);
}

/** System calls that the probe's target entered. */
export function callsEntered({ target, events }: Probed): readonly EventOf<"syscall-enter">[] {
  return events.filter(
    (event): event is EventOf<"syscall-enter"> =>
      event.kind === "syscall-enter" && (target === 0 || event.tid === target),
  );
}

/** Numbers of the calls that the probe's target entered, in ascending order. */
export function callNumbers(probed: Probed): readonly number[] {
  return [...new Set(callsEntered(probed).map(({ nr }) => nr))].sort((a, b) => a - b);
}

/** Who ended while a module's probe hung, in that order. */
export const endedUnder = (events: readonly KernelEvent[], owner: string): readonly number[] =>
  (probedBy(events, owner)?.events ?? []).flatMap((event) =>
    event.kind === "exit" ? [event.tid] : [],
  );

/** Letters of the run states, as task_struct has them. */
const STATES: Readonly<Record<string, number>> = { R: 0, S: 1, D: 2, T: 4, t: 8, Z: 64, X: 64 };
const EXIT_STATES: Readonly<Record<string, number>> = { X: 16, Z: 32 };

/** A letter of the log as task_struct.state has it. */
export const stateNumber = (letter: string): number => STATES[letter] ?? 0;

/** The same for task_struct.exit_state, as it is from 3.15 on. */
export const exitStateNumber = (letter: string): number => EXIT_STATES[letter] ?? 0;

/** What the log says of one process. */
export interface Process {
  readonly parent: number;
  comm: string;
  state: string;
}

/** The processes that there are after these events, in the order in which they came. */
export function processesAfter(events: readonly KernelEvent[]): ReadonlyMap<number, Process> {
  const processes = new Map<number, Process>([[1, { parent: 0, comm: "init", state: "R" }]]);
  for (const event of events) {
    const own = processes.get(event.tid);
    if (event.kind === "task-new" && event.child === event.tgid)
      processes.set(event.child, { parent: event.tid, comm: event.comm, state: "R" });
    if (event.kind === "exec" && own !== undefined)
      own.comm = event.path.replace(/^.*\//, "").slice(0, 15);
    const changed = event.kind === "task-state" ? processes.get(event.task) : undefined;
    if (event.kind === "task-state" && changed !== undefined) changed.state = event.state;
    if (event.kind === "reap") processes.delete(event.child);
  }
  return processes;
}

/** The processes that were there when a module was loaded; none if it never was. */
export function processesAtLoad(
  events: readonly KernelEvent[],
  module: string,
): ReadonlyMap<number, Process> {
  const loaded = events.findIndex((event) => event.kind === "module-load" && event.name === module);
  return loaded < 0 ? new Map() : processesAfter(events.slice(0, loaded));
}

/** N, of the sum of the squares up to N; 0 if it is no such sum. */
function countOf(sum: number): number {
  let n = 0;
  let left = sum;
  while (left > 0) left -= ++n * n;
  return left === 0 ? n : 0;
}

/** A run of our guest program `calls N`, which squares the numbers up to N and prints their sum. */
export interface CallsRun {
  readonly tid: number;
  /** N: whoever sees the sum knows how often square() was called. */
  readonly count: number;
}

/** Every run of it, by what it wrote on the terminal. */
export function callsRuns(events: readonly KernelEvent[]): readonly CallsRun[] {
  const tids = events.flatMap((event) =>
    event.kind === "exec" && event.path === "/usr/bin/calls" ? [event.tid] : [],
  );
  return tids.map((tid) => {
    const written = events.flatMap((event) =>
      event.kind === "tty-write" && event.tid === tid ? [event.text] : [],
    );
    return { tid, count: countOf(Number(written.join(""))) };
  });
}
