/**
 * openwatch: a module on a tracepoint that it finds by name.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "openwatch",
  summary: "prints every file that is opened, by a tracepoint",
  source: "module/openwatch.ts",
  home: "v2.6.32",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
cat /etc/nothing
ls /etc
$UNLOAD
`,
  claim: ({ events }) =>
    (probedBy(events, "openwatch")?.events ?? []).flatMap((event) =>
      event.kind === "file-open"
        ? [`openwatch: pid ${event.tid} opened ${event.path}: ${event.ret}`]
        : [],
    ),
});
