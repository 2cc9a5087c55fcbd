/**
 * vgpu: the blob. `vgpu.ko` was built once, on 2.6.32, from the vendor's `vgpu-core.ts.txt`, which
 * is here to be read; nothing builds it again.
 */
import type { KernelEvent } from "#kernel";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const CLONE_THREAD = 0x10000;

interface Process {
  comm: string;
  state: string;
}

/** The processes that are there after `events`, by pid, in the order in which they came. */
function processesAfter(events: readonly KernelEvent[]): ReadonlyMap<number, Process> {
  // pid 1 is there before the record begins.
  const processes = new Map<number, Process>([[1, { comm: "init", state: "R" }]]);
  for (const event of events) {
    if (event.kind === "task-new" && (event.flags & CLONE_THREAD) === 0)
      processes.set(event.child, { comm: event.comm, state: "R" });
    else if (event.kind === "reap") processes.delete(event.child);
    else if (event.kind === "exec") {
      const process = processes.get(event.tid);
      if (process !== undefined) process.comm = event.path.replace(/^.*\//, "").slice(0, 15);
    } else if (event.kind === "task-state") {
      const process = processes.get(event.task);
      if (process !== undefined) process.state = event.state;
    }
  }
  return processes;
}

const stateWord = (letter: string): string =>
  letter === "R" ? "running" : letter === "Z" ? "zombie" : "sleeping";

export const tracer: TracerDeclaration = defineTracer({
  house: "blob",
  name: "vgpu",
  summary: "a graphics driver's binary, which lists the processes when it starts",
  ko: "vgpu.ko",
  sha256: "3b50bdb66bb18c94e0b3e5b33b38064fe5811f1b7b21a06783ca5f978f41134a",
  home: "v2.6.32",
  // The first sleep is the second's child, which never waits: a zombie stands in the list, too.
  workload: `
sh -c 'sleep 0.1 & exec sleep 30' &
sleep 1
$LOAD
$UNLOAD
kill $!
`,
  claim: ({ events }) => {
    const loaded = events.findIndex(
      (event) => event.kind === "module-load" && event.name === "vgpu",
    );
    if (loaded < 0) return [];
    return [...processesAfter(events.slice(0, loaded))].map(
      ([pid, { comm, state }]) => `vgpu: client ${pid} ${comm} ${stateWord(state)}`,
    );
  },
});
