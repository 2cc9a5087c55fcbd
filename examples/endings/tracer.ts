/**
 * What this tracer is, what to watch with it, and what it ought to report.
 */
import { defineTracer, type KernelEvent } from "quicksand";

/** The name of a task: that of the last program it has executed. */
function nameOf(events: readonly KernelEvent[], tid: number): string {
  const exec = events.findLast((event) => event.kind === "exec" && event.tid === tid);
  return exec?.kind === "exec" ? (exec.path.split("/").at(-1) ?? "") : "";
}

export const tracer = defineTracer({
  house: "quicksand",
  name: "endings",
  summary: "tells which tasks end while it is loaded",
  source: "endings.ts",
  home: "2.6.32-quicksand",
  // Typed into the machine's shell, line by line.
  workload: `
$LOAD
cat /etc/passwd > /dev/null
ls /nowhere 2> /dev/null | wc > /dev/null
$UNLOAD
`,
  // From what really happened (the machine's own record), what a right report says.
  claim: ({ events, watched }) => {
    const ended = watched.filter((event) => event.kind === "exit");
    return [
      ...ended.map(({ tid }) => `endings: pid ${tid} (${nameOf(events, tid)})`),
      `endings: ${ended.length} tasks`,
    ];
  },
});
