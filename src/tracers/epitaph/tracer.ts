/**
 * epitaph: a module that wants a thread for itself, and meets a debugger there.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "epitaph",
  summary: "says when a thread is reaped; attaches only where nobody else is",
  source: "module/epitaph.ts",
  home: "2.6.32-44.el6",
  workload: `
for i in 1 2; do sleep 1; echo $i > /tmp/tick; done &
target=$!
strace -o /tmp/calls -p $target &
sleep 0.5
$LOAD pid=$target
wait
$UNLOAD
`,
  claim: ({ events }) => {
    const probed = probedBy(events, "epitaph");
    if (probed === undefined) return [];
    const { target } = probed;
    return probed.events
      .filter((event) => event.kind === "reap" && event.child === target)
      .map(() => `epitaph: pid ${target} is gone`);
  },
});
