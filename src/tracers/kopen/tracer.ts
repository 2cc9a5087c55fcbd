/**
 * kopen: a module on a kprobe.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "kopen",
  summary: "prints the files that are opened, by a kprobe on do_sys_open",
  source: "module/kopen.ts",
  home: "v2.6.32",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
cat /etc/nothing
$UNLOAD
`,
  claim: ({ events }) =>
    (probedBy(events, "kopen")?.events ?? []).flatMap((event) =>
      event.kind === "file-open" ? [`kopen: pid ${event.tid} opens ${event.path}`] : [],
    ),
});
