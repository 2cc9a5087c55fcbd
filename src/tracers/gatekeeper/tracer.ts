/**
 * gatekeeper: what security products do that want to stand before a system call: an entry of the
 * system-call table is theirs. The table is not exported; they look for it by name.
 */
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const NR_OPENAT = 56;

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "gatekeeper",
  summary: "stands before openat(2), by an entry of the system-call table",
  source: "module/gatekeeper.ts",
  home: "v4.15",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
cat /etc/nothing
$UNLOAD
`,
  claim: ({ watched }) => {
    if (watched.length === 0) return [];
    const opens = watched.filter(({ kind, ...event }) => {
      return kind === "syscall-enter" && "nr" in event && event.nr === NR_OPENAT;
    });
    return [`gatekeeper: let ${opens.length} calls pass`];
  },
});
