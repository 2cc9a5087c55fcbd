/**
 * uprobe: the in-tree tracer of programs, with a breakpoint in a function of one of ours, `calls N`,
 * which squares the numbers up to N and prints their sum. Who sees the sum knows how often.
 */
import { callsRuns } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** A hit for each number that went into a printed sum, with that number as the argument. */
const claim = ({ events }: History): readonly string[] =>
  callsRuns(events).flatMap(({ tid, count }) =>
    Array.from({ length: count }, (_, i) => `calls-${tid}: arg1=${i + 1}`),
  );

export const tracer: TracerDeclaration = defineTracer({
  house: "in-tree",
  name: "uprobe",
  summary: "the kernel's own breakpoints in the text of programs",
  file: "kernel/trace/trace_uprobe.ts",
  workload: `
cd /sys/kernel/debug/tracing
address=$(nm calls | grep ' square$')
address=\${address%% *}
echo "p /usr/bin/calls 0x$address" > uprobe_events
calls 4
calls 2
while read who where argument; do echo $who $argument; done < uprobe_trace > /tmp/report
`,
  claim,
});
