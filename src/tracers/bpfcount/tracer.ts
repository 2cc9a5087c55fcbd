/**
 * bpfcount: bytecode on an event's record, counting in a map.
 */
import { hungBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** System calls entered while the program hung there, by process, in the order of their first. */
function claim({ events }: History): readonly string[] {
  const processes = new Map<number, number>();
  for (const event of events) if (event.kind === "task-new") processes.set(event.child, event.tgid);
  const calls = new Map<number, number>();
  for (const event of hungBy(events, "on_enter")) {
    if (event.kind !== "syscall-enter") continue;
    const pid = processes.get(event.tid) ?? event.tid;
    calls.set(pid, (calls.get(pid) ?? 0) + 1);
  }
  return [...calls].map(([pid, count]) => `pid ${pid}: ${count} system calls`);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "bytecode",
  name: "bpfcount",
  summary: "counts system calls by process, by bytecode on a trace event",
  source: "bpfcount.bpf",
  workload: "$TRACE sh -c 'cat /etc/passwd > /tmp/copy; ls /etc > /tmp/list'",
  report: ({ calls = [] }) =>
    calls.map(({ key, value }) => {
      const count = value.getUint32(0, true);
      return `pid ${key.getUint32(0, true)}: ${count} system calls`;
    }),
  claim,
});
