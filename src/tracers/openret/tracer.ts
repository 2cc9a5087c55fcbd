/**
 * openret: a module on the return of a function, which finds its own books by a member that is
 * going to be hidden.
 */
import { callsEntered, probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NR_OPENAT = 56;

/** openat(2) calls that began under the probe and have ended. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "openret");
  if (probed === undefined) return [];
  const begun = new Set(callsEntered(probed).map(({ tid }) => tid));
  const results = probed.events.flatMap((event) =>
    event.kind === "syscall-exit" && event.nr === NR_OPENAT && begun.has(event.tid)
      ? [event.ret]
      : [],
  );
  const failed = results.filter((ret) => ret < 0).length;
  return [`openret: ${results.length - failed} opens succeeded, ${failed} failed`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "openret",
  summary: "counts opens that succeed and that fail, by a kretprobe",
  source: "module/openret.ts",
  home: "v4.11",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
cat /etc/nothing
$UNLOAD
`,
  claim,
});
