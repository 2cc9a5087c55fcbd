/**
 * lttng: a tracer that was in the kernel's own source for some weeks of linux-next, with an event of its
 * own. While it is there it is mended like any other.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "in-tree",
  name: "lttng",
  summary: "LTTng in the staging tree: who is born, in /sys/kernel/debug/lttng",
  file: "drivers/staging/lttng/lttng-probe-sched.ts",
  workload: `
cd /sys/kernel/debug/lttng
echo 1 > enable
cat /etc/passwd > /tmp/copy
ls /etc
echo 0 > enable
cat trace > /tmp/report
`,
  claim: ({ events }) =>
    (probedBy(events, "", "sched_process_fork")?.events ?? []).flatMap((event) =>
      event.kind === "task-new"
        ? [`sched_process_fork: { pid = ${event.tid} }, { ${event.child} }`]
        : [],
    ),
});
