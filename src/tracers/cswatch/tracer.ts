/**
 * cswatch: a module that hangs on a tracepoint by its name and knows the arguments by their place.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const TICK_NS = 10_000_000;
const SECOND_TICKS = 100;

/** Switches away from pid 1, which waits, among all from a live task to another one; second by second. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "cswatch", "sched_switch")?.events ?? [];
  const dead = new Set<number>();
  const lines: string[] = [];
  let tick = Math.floor((probed[0]?.t ?? 0) / TICK_NS);
  let [switches, fromInit] = [0, 0];
  const tell = (): void => {
    lines.push(`cswatch: ${switches} switches, ${fromInit} from init`);
    [switches, fromInit] = [0, 0];
  };
  for (const event of probed) {
    for (; event.t >= (tick + SECOND_TICKS) * TICK_NS; tick += SECOND_TICKS) tell();
    if (event.kind === "task-state" && "ZX".includes(event.state)) dead.add(event.task);
    if (event.kind !== "switch" || event.prev === 0 || dead.has(event.prev)) continue;
    switches++;
    if (event.prev === 1) fromInit++;
  }
  if (probed.length > 0) tell();
  return lines;
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "cswatch",
  summary: "counts switches from one task to another every second, on a tracepoint found by name",
  source: "module/cswatch.ts",
  home: "v4.15",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
sleep 1.5
$UNLOAD
`,
  claim,
});
