/**
 * hasty: a module that takes its data away from under a callback, in some schedules.
 */
import { callNumbers, probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "hasty",
  summary: "lists the system calls of a thread; forgets the barrier",
  source: "module/hasty.ts",
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
    const probed = probedBy(events, "hasty");
    if (probed === undefined) return [];
    return callNumbers(probed).map((nr) => `hasty: call ${nr} was made`);
  },
});
