/**
 * uidwatch: a module that prints a member of a structure as the number that it once was.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

/** Every program of a workload runs as root. */
const ROOT_UID = 0;

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "uidwatch",
  summary: "prints who starts which process, by the credentials of the new one",
  source: "module/uidwatch.ts",
  home: "v2.6.32",
  workload: `
$LOAD
/bin/true
cat /etc/passwd > /tmp/copy
$UNLOAD
`,
  claim: ({ events }) =>
    (probedBy(events, "uidwatch")?.events ?? []).flatMap((event) =>
      event.kind === "task-new" ? [`uidwatch: uid ${ROOT_UID} has process ${event.child}`] : [],
    ),
});
