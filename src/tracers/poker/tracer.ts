/**
 * poker: a module that hangs nowhere and reads what it finds.
 */
import type { KernelEvent } from "#kernel";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Letters of the run states, as task_struct has them. */
const STATES: Readonly<Record<string, number>> = { R: 0, S: 1, D: 2, T: 4, t: 8, Z: 64, X: 64 };
const EXIT_STATES: Readonly<Record<string, number>> = { X: 16, Z: 32 };

interface Process {
  readonly parent: number;
  comm: string;
  state: string;
}

/** The processes that there are after these events, in the order in which they came. */
function processesAfter(events: readonly KernelEvent[]): ReadonlyMap<number, Process> {
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

/** It looks while it is loaded, and nothing else runs meanwhile. */
function claim({ events }: History): readonly string[] {
  const loaded = events.findIndex((event) => event.kind === "module-load");
  if (loaded < 0) return [];
  return [...processesAfter(events.slice(0, loaded))].flatMap(([pid, { comm, parent, state }]) => [
    `poker: ${comm}, pid ${pid} of ${parent}`,
    `poker: state ${STATES[state]}, exit state ${EXIT_STATES[state] ?? 0}, uid 0`,
  ]);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "poker",
  summary: "prints the processes that there are, from their task_structs",
  source: "module/poker.ts",
  home: "v5.14",
  workload: `
sleep 9 &
sleep 9 & kill -STOP $!
sh -c 'sleep 0.01 & exec sleep 9' &
sleep 0.1
$LOAD
$UNLOAD
`,
  claim,
});
