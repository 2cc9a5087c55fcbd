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
while :; do
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do :; done
  kill -0 $$
done &
sleep 0.001
$LOAD pid=$!
sleep 0.001
$UNLOAD
kill $!
`,
  claim: ({ events }) => {
    const probed = probedBy(events, "patient");
    if (probed === undefined) return [];
    return callNumbers(probed).map((nr) => `patient: call ${nr} was made`);
  },
});
