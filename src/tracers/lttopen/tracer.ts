/**
 * lttopen: a module that was written for what linux-next had.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "lttopen",
  summary: "an event of its own for LTTng in the staging tree: every file that is opened",
  source: "module/lttopen.ts",
  home: "next-20111205",
  workload: `
$LOAD
echo 1 > /sys/kernel/debug/lttng/enable
cat /etc/passwd > /tmp/copy
cat /etc/nothing
echo 0 > /sys/kernel/debug/lttng/enable
cat /sys/kernel/debug/lttng/trace
$UNLOAD
`,
  claim: ({ events }) => {
    const opened = (probedBy(events, "lttopen")?.events ?? []).filter(
      (event) => event.kind === "file-open",
    );
    return [`lttopen: ${opened.length} written`];
  },
});
