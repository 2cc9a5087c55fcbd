/**
 * counter: a module on utrace, the house on quicksand in its purest form.
 */
import { callsEntered, probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "counter",
  summary: "counts the system calls of one thread, by utrace",
  source: "module/counter.ts",
  home: "2.6.32-71.el6",
  workload: `
for i in 1 2 3; do sleep 1; echo $i > /tmp/tick; done &
$LOAD pid=$!
wait
$UNLOAD
`,
  claim: ({ events }) => {
    const probed = probedBy(events, "counter");
    if (probed === undefined) return [];
    const calls = callsEntered(probed).length;
    return [`counter: pid ${probed.target} made ${calls} system calls`];
  },
});
