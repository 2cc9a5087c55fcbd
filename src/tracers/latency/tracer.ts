/**
 * latency: a module of which only the source is out of date when a header moves.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const SLOW_NS = 100_000_000;

/** Calls that were entered and left under the probe, and took long. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "latency", "sys_enter");
  if (probed === undefined) return [];
  const entered = new Map<number, number>();
  let slow = 0;
  for (const event of probed.events) {
    if (event.kind === "syscall-enter") entered.set(event.tid, event.t);
    if (event.kind !== "syscall-exit") continue;
    const since = entered.get(event.tid);
    entered.delete(event.tid);
    if (since !== undefined && event.t - since >= SLOW_NS) slow++;
  }
  return [`latency: ${slow} calls took longer than 100 ms`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "latency",
  summary: "counts the system calls that take long, by the kernel's own clock",
  source: "module/latency.ts",
  home: "v3.15",
  workload: `
$LOAD
sleep 1
sleep 0.01
sleep 2
$UNLOAD
`,
  claim,
});
