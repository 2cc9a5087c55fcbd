/**
 * careful: a module that asks the release, at build time, what it is like.
 */
import { probedBy, processesAfter, stateNumber } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "careful");
  return (probed?.events ?? []).flatMap((event) => {
    if (event.kind !== "exit") return [];
    const processes = processesAfter(events.slice(0, events.indexOf(event)));
    const parent = processes.get(event.tid)?.parent ?? 0;
    const state = stateNumber(processes.get(parent)?.state ?? "");
    return [`careful: ${event.tid} dies, ${parent} is in state ${state}`];
  });
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "careful",
  summary: "prints the processes that die, after asking the release what it is like",
  source: "module/careful.ts",
  home: "v3.15",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
sh -c 'sleep 0.1 & kill -STOP $$' &
sleep 0.2
kill -CONT $!
wait
$UNLOAD
`,
  claim,
});
