/**
 * lifelog: a module on the tracepoints of task life.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Births until the first probe went, deaths from the second's coming on. */
function claim({ events }: History): readonly string[] {
  const births = probedBy(events, "lifelog", "sched_process_fork");
  const deaths = probedBy(events, "lifelog", "sched_process_exit");
  if (births === undefined || deaths === undefined) return [];
  const lines = events.flatMap((event) => {
    if (event.kind === "task-new" && births.events.includes(event))
      return [`lifelog: ${event.child} is born of ${event.tid}`];
    if (event.kind === "exit" && deaths.events.includes(event))
      return [`lifelog: ${event.tid} dies`];
    return [];
  });
  // Every process of the workload has one thread.
  const died = lines.filter((line) => line.endsWith("dies")).length;
  return [...lines, `lifelog: ${died} processes died`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "lifelog",
  summary: "prints births and deaths, by the scheduler's tracepoints",
  source: "module/lifelog.ts",
  home: "v6.16",
  workload: `
$LOAD
sh -c 'cat /etc/passwd > /tmp/copy; (exit 3)'
$UNLOAD
`,
  claim,
});
