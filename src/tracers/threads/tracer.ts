/**
 * threads: a module that walks a list of the kernel by itself, where an inline would have done it.
 */
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** The processes that are there at the load. The workload's have one thread each. */
function claim({ events }: History): readonly string[] {
  const loaded = events.findIndex(
    (event) => event.kind === "module-load" && event.name === "threads",
  );
  if (loaded < 0) return [];
  // pid 1 is there before the record begins.
  const alive = new Set([1]);
  for (const event of events.slice(0, loaded)) {
    if (event.kind === "task-new") alive.add(event.child);
    else if (event.kind === "reap") alive.delete(event.child);
  }
  return [...alive].map((pid) => `threads: ${pid} has 1`);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "threads",
  summary: "counts the threads of every process, down the list that they hang on",
  source: "module/threads.ts",
  home: "v5.14",
  workload: `
sleep 30 &
$LOAD
$UNLOAD
kill $!
`,
  claim,
});
