/**
 * swcount: bytecode that knows both names of a field, on a tracepoint whose arguments moved and moved
 * back.
 */
import { hungBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Switches while the program hung there: each task that had to go, and the state that it was in. */
function claim({ events }: History): readonly string[] {
  const watched = new Set(hungBy(events, "on_switch"));
  const states = new Map<number, string>();
  const counts = new Map<number, { waited: number; preempted: number }>();
  for (const event of events) {
    if (event.kind === "task-state") states.set(event.task, event.state);
    if (event.kind !== "switch" || event.prev === 0 || !watched.has(event)) continue;
    const state = states.get(event.prev) ?? "R";
    // The tracepoint is silent where a task leaves for good.
    if (state === "Z" || state === "X") continue;
    const count = counts.get(event.prev) ?? { waited: 0, preempted: 0 };
    if (state === "R") count.preempted++;
    else count.waited++;
    counts.set(event.prev, count);
  }
  return [...counts].map(
    ([pid, { waited, preempted }]) => `pid ${pid}: waited ${waited}, preempted ${preempted}`,
  );
}

export const tracer: TracerDeclaration = defineTracer({
  house: "bytecode",
  name: "swcount",
  summary: "counts why tasks are switched away from, by bytecode on a tracepoint",
  source: "swcount.bpf",
  workload: "$TRACE sh -c 'cat /etc/passwd | grep root; ls /etc > /tmp/list; sleep 1'",
  report: ({ switches = [] }) =>
    switches.map(({ key, value }) => {
      const [waited, preempted] = [value.getUint32(0, true), value.getUint32(4, true)];
      return `pid ${key.getUint32(0, true)}: waited ${waited}, preempted ${preempted}`;
    }),
  claim,
});
