/**
 * patient: the module that hasty should have been.
 */
import { callNumbers, probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "patient",
  summary: "lists the system calls of a thread; waits for its callbacks",
  source: "module/patient.ts",
  home: "2.6.32-71.el6",
  // A thread that is busy in calls, to be caught in the middle of one.
  workload: `
while /bin/true; do /bin/true; done &
sleep 0.01
$LOAD pid=$!
sleep 0.01
$UNLOAD
kill $!
`,
  claim: ({ events }) => {
    const probed = probedBy(events, "patient");
    if (probed === undefined) return [];
    return callNumbers(probed).map((nr) => `patient: call ${nr} was made`);
  },
});
