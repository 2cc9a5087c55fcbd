/**
 * heartbeat: a module with a timer of the old kind.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const TICK_NS = 10_000_000;
const BEAT_TICKS = 100;

/** How many tasks began to die in each whole second from the tick of the load on. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "heartbeat");
  const [start] = probed?.events ?? [];
  const end = probed?.events.at(-1)?.t ?? 0;
  if (start === undefined) return [];
  const first = (Math.floor(start.t / TICK_NS) + BEAT_TICKS) * TICK_NS;
  const beats = Math.max(0, Math.floor((end - first) / (BEAT_TICKS * TICK_NS)) + 1);
  return Array.from({ length: beats }, (_, beat) => {
    const until = first + beat * BEAT_TICKS * TICK_NS;
    const since = beat === 0 ? 0 : until - BEAT_TICKS * TICK_NS;
    const exits = probed?.events.filter(
      ({ kind, t }) => kind === "exit" && t >= since && t < until,
    ).length;
    return `heartbeat: ${exits} exits`;
  });
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "heartbeat",
  summary: "says every second how many tasks have died, by a timer",
  source: "module/heartbeat.ts",
  home: "v3.15",
  workload: `
$LOAD
sleep 0.5
/bin/true
sleep 2
$UNLOAD
`,
  claim,
});
