/**
 * family: a module that is nobody's derived work, says its author, until a header makes it one.
 */
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Who is whose child, in the order in which they came, of those that are there at the load. */
function claim({ events }: History): readonly string[] {
  const loaded = events.findIndex(
    (event) => event.kind === "module-load" && event.name === "family",
  );
  if (loaded < 0) return [];
  // pid 1 is there before the record begins, and nobody has made it.
  const parents = new Map<number, number>([[1, 0]]);
  for (const event of events.slice(0, loaded)) {
    if (event.kind === "task-new") parents.set(event.child, event.tid);
    else if (event.kind === "reap") parents.delete(event.child);
  }
  return [...parents].map(([pid, parent]) => `family: ${pid} is a child of ${parent}`);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "family",
  summary: "lists who is whose child; not for everybody's licence",
  source: "module/family.ts",
  home: "v5.14",
  workload: `
sleep 30 &
$LOAD
$UNLOAD
kill $!
`,
  claim,
});
