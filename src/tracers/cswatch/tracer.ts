/**
 * cswatch: a module that hangs on a tracepoint by its name and knows the arguments by their place.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Switches away from pid 1, which waits, among all from a live task to another one. */
function claim({ events }: History): readonly string[] {
  const dead = new Set<number>();
  const probed = probedBy(events, "cswatch", "sched_switch");
  if (probed === undefined) return [];
  let switches = 0;
  let fromInit = 0;
  for (const event of probed.events) {
    if (event.kind === "task-state" && "ZX".includes(event.state)) dead.add(event.task);
    if (event.kind !== "switch" || event.prev === 0 || dead.has(event.prev)) continue;
    switches++;
    if (event.prev === 1) fromInit++;
  }
  return [`cswatch: ${switches} switches, ${fromInit} from init`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "cswatch",
  summary: "counts switches from one task to another, by a tracepoint that it finds by name",
  source: "module/cswatch.ts",
  home: "v4.11",
  workload: `
$LOAD
/bin/true
cat /etc/passwd > /tmp/copy
$UNLOAD
`,
  claim,
});
