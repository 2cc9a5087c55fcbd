/**
 * fdwatch: a module on the syscall tracepoints that relies on a rule which no prototype shows.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NR_OPENAT = 56;
const FILES = "/etc/passwd ".repeat(20).trim();

/** openat(2) calls that began under the probe and have ended. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "fdwatch", "sys_enter");
  if (probed === undefined) return [];
  const inside = new Set<number>();
  let opened = 0;
  let failed = 0;
  for (const event of probed.events) {
    if (event.kind === "syscall-enter" && event.nr === NR_OPENAT) inside.add(event.tid);
    if (event.kind !== "syscall-exit" || !inside.delete(event.tid)) continue;
    if (event.ret >= 0) opened++;
    else failed++;
  }
  return [`fdwatch: ${opened} files opened, ${failed} opens failed`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "fdwatch",
  summary: "counts the files that are opened, by the syscall tracepoints",
  source: "module/fdwatch.ts",
  home: "v3.15",
  // Several programs at once, so that one can be preempted by another inside the probe.
  workload: [
    "$LOAD",
    ...Array.from({ length: 8 }, () => `cat ${FILES} /etc/nothing > /tmp/copy &`),
    "wait",
    "$UNLOAD",
  ].join("\n"),
  claim,
});
