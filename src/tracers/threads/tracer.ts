/**
 * threads: a module that walks a list of the kernel by itself, where an inline would have done it.
 */
import { processesAtLoad } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** The processes that are there at the load. The workload's have one thread each. */
const claim = ({ events }: History): readonly string[] =>
  [...processesAtLoad(events, "threads").keys()].map((pid) => `threads: ${pid} has 1`);

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
