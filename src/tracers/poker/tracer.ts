/**
 * poker: a module that hangs nowhere and reads what it finds.
 */
import { exitStateNumber, processesAtLoad, stateNumber } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** It looks while it is loaded, and nothing else runs meanwhile. */
const claim = ({ events }: History): readonly string[] =>
  [...processesAtLoad(events, "poker")].flatMap(([pid, { comm, parent, state }]) => [
    `poker: ${comm}, pid ${pid} of ${parent}`,
    `poker: state ${stateNumber(state)}, exit state ${exitStateNumber(state)}, uid 0`,
  ]);

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "poker",
  summary: "prints the processes that there are, from their task_structs",
  source: "module/poker.ts",
  home: "v5.14",
  workload: `
sleep 9 &
sleep 9 & kill -STOP $!
sh -c 'sleep 0.01 & exec sleep 9' &
sleep 0.1
$LOAD
$UNLOAD
`,
  claim,
});
