/**
 * heldfiles: a module that looks at open files without holding them.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const NR_OPENAT = 56;

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "heldfiles",
  summary: "says of every file that is opened how many hold it",
  source: "module/heldfiles.ts",
  home: "v5.14",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
$UNLOAD
`,
  // Nobody but the new descriptor has the file when the call returns.
  claim: ({ events }) =>
    (probedBy(events, "heldfiles")?.events ?? []).flatMap((event) =>
      event.kind === "syscall-exit" && event.nr === NR_OPENAT && event.ret >= 0
        ? [`heldfiles: descriptor ${event.ret} is held once`]
        : [],
    ),
});
