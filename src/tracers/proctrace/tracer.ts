/**
 * proctrace: the in-tree tracer that follows one thread through a utrace engine. The first user that
 * utrace had inside the kernel, and so the one that a change of utrace has to mend. What the kernel
 * complains of meanwhile is in the report too, where no claim expects it.
 */
import { callsEntered, probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "in-tree",
  name: "proctrace",
  summary: "the kernel's own tracer of one thread, on a utrace engine",
  file: "kernel/trace/trace_process.ts",
  workload: `
for i in 1 2; do sleep 1; echo $i > /tmp/tick; done &
echo $! > /sys/kernel/debug/tracing/process_trace_pid
wait
echo nocontext-info > /sys/kernel/debug/tracing/trace_options
grep "process: syscall" /sys/kernel/debug/tracing/trace > /tmp/report
dmesg | grep "BUG:" >> /tmp/report
`,
  claim: ({ events }) => {
    const engine = events.find((event) => event.kind === "probe-attach" && event.target !== 0);
    if (engine?.kind !== "probe-attach") return [];
    const probed = probedBy(events, engine.owner, engine.what);
    return probed === undefined
      ? []
      : callsEntered(probed).map(({ nr }) => `process: syscall ${nr}`);
  },
});
