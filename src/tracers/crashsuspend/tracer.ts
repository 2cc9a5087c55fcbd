/**
 * crashsuspend: the in-tree tracer that stops a task before it dumps core, read through its file.
 */
import type { EventOf } from "#kernel";
import { processesAfter } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** The signal whose default action is a core dump, of those that the workload sends. */
const SIGSEGV = 11;
const CORE_FLAG = 0x80;

/** Whoever was sent it is listed, is seen stopped, and dies of it when it is let go. */
function claim({ events }: History): readonly string[] {
  const sent = events.find(
    (event): event is EventOf<"signal-send"> =>
      event.kind === "signal-send" && event.sig === SIGSEGV,
  );
  if (sent === undefined) return [];
  const { target } = sent;
  const comm = processesAfter(events.slice(0, events.indexOf(sent))).get(target)?.comm ?? "";
  const died = events.find(
    (event): event is EventOf<"exit"> => event.kind === "exit" && event.tid === target,
  );
  return [
    `${target} ${comm}: signal ${sent.sig}`,
    "State:\tt (tracing stop)",
    `status ${128 + ((died?.status ?? 0) & ~CORE_FLAG)}`,
  ];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "in-tree",
  name: "crashsuspend",
  summary: "the kernel's own crash catcher: stops a task before it dumps core",
  file: "kernel/trace/crash_suspend.ts",
  workload: `
cd /sys/kernel/debug/tracing
echo 1 > crash_suspend
sleep 9 &
victim=$!
sleep 0.1
kill -SEGV $victim
sleep 0.1
cat crash_suspend > /tmp/report
grep State: /proc/$victim/status >> /tmp/report
echo 0 > crash_suspend
wait $victim
echo status $? >> /tmp/report
`,
  claim,
});
