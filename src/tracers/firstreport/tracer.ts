/**
 * firstreport: a module on the utrace of summer 2009, which changed under it twice before its
 * callbacks' prototypes did.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "firstreport",
  summary: "counts the returns to user mode of one thread, by utrace's reports",
  source: "module/firstreport.ts",
  home: "2.6.32-19.el6",
  workload: `
for i in 1 2 3; do sleep 1; echo $i > /tmp/tick; done &
$LOAD pid=$!
wait
$UNLOAD
`,
  // The first return under the engine is the beginning, and is not counted.
  claim: ({ events }) => {
    const probed = probedBy(events, "firstreport");
    if (probed === undefined) return [];
    const { target } = probed;
    const ended = probed.events.filter(
      (event) => event.kind === "syscall-exit" && event.tid === target,
    );
    return [`firstreport: pid ${target} went back to user mode ${ended.length - 1} times`];
  },
});
