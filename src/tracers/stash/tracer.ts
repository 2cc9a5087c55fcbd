/**
 * stash: a module that keeps its notes in room that a vendor reserved for itself.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Of every task that ends under the probe, how many files it opened. */
function claim({ events }: History): readonly string[] {
  const opened = new Map<number, number>();
  const lines: string[] = [];
  for (const event of probedBy(events, "stash", "sched_process_exit")?.events ?? []) {
    if (event.kind === "file-open") opened.set(event.tid, (opened.get(event.tid) ?? 0) + 1);
    if (event.kind === "exit")
      lines.push(`stash: pid ${event.tid} opened ${opened.get(event.tid) ?? 0} files`);
  }
  return lines;
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "stash",
  summary: "counts each task's opened files, in a reserved member of task_struct",
  source: "module/stash.ts",
  home: "2.6.32-71.el6",
  // The shell opens the output before the program takes the task over.
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
ls /etc > /tmp/list
$UNLOAD
`,
  claim,
});
