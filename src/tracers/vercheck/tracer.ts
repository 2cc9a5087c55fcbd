/**
 * vercheck: one source for many releases, by the number that each has.
 */
import { endedUnder } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "vercheck",
  summary: "prints every task that ends; its source asks for the version of the release",
  source: "module/vercheck.ts",
  home: "v2.6.32",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
ls /etc > /tmp/list
$UNLOAD
`,
  claim: ({ events }) => endedUnder(events, "vercheck").map((tid) => `vercheck: pid ${tid}`),
});
