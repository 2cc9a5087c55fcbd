/**
 * acct: a module that knows the unit of a number by heart.
 */
import type { EventOf } from "#kernel";
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NS_PER_S = 1e9;

/** Nobody can have used a second of the processor who lived for less than one. */
function claim({ events }: History): readonly string[] {
  const born = new Map<number, EventOf<"task-new">>();
  for (const event of events) if (event.kind === "task-new") born.set(event.child, event);
  return (probedBy(events, "acct")?.events ?? []).flatMap((event) => {
    if (event.kind !== "exit") return [];
    const lived = event.t - (born.get(event.tid)?.t ?? event.t);
    return lived < NS_PER_S ? [`acct: process ${event.tid} used 0 s`] : [];
  });
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "acct",
  summary: "prints how many seconds of the processor each process has used",
  source: "module/acct.ts",
  home: "v3.15",
  // Whoever waits at a pipe has been off the processor, and has had its time counted.
  workload: `
$LOAD
cat /etc/passwd | cat | cat > /tmp/copy
$UNLOAD
`,
  claim,
});
