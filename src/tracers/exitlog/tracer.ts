/**
 * exitlog: a module from a kernel whose symbols have no checksums. Where the release's name is the
 * same, nothing but the name is compared.
 */
import { endedUnder } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "exitlog",
  summary: "prints every task that ends, on a kernel without symbol versions",
  source: "module/exitlog.ts",
  home: "v2.6.32+plain",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
ls /etc > /tmp/list
$UNLOAD
`,
  claim: ({ events }) => endedUnder(events, "exitlog").map((tid) => `exitlog: pid ${tid}`),
});
