/**
 * crashcatch: a module on utrace that stops a thread before it dies.
 */
import type { EventOf } from "#kernel";
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** The first signal that was sent to the thread; and was it alive when the engine went? */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "crashcatch");
  if (probed === undefined) return [];
  const { target } = probed;
  const lived = probed.events.every(({ kind, tid }) => kind !== "exit" || tid !== target);
  const sent = probed.events.find(
    (event): event is EventOf<"signal-send"> =>
      event.kind === "signal-send" && event.target === target,
  );
  if (sent === undefined) return [];
  const stops = `crashcatch: pid ${target} stops before signal ${sent.sig}`;
  return lived ? [stops, `crashcatch: pid ${target} is whole, and stopped`] : [stops];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "crashcatch",
  summary: "stops a thread before it dies of a signal, by utrace",
  source: "module/crashcatch.ts",
  home: "2.6.32-71.el6",
  workload: `
sleep 9 &
$LOAD pid=$!
kill -SEGV $!
sleep 0.1
cat /proc/$!/status > /tmp/status
$UNLOAD
wait
`,
  claim,
});
