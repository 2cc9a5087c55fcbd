/**
 * systrace: the in-tree system-call tracer, read through its files. Whoever changes what it stands
 * on changes it in the same patch.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const hex = (value: number): string => BigInt.asUintN(64, BigInt(value)).toString(16);

export const tracer: TracerDeclaration = defineTracer({
  house: "in-tree",
  name: "systrace",
  summary: "the kernel's own system-call tracer, in /sys/kernel/debug/tracing",
  file: "kernel/trace/trace_syscalls.ts",
  workload: `
cd /sys/kernel/debug/tracing
echo nocontext-info > trace_options
echo 1 > events/syscalls/enable
cat /etc/passwd > /tmp/copy
ls /etc
echo 0 > events/syscalls/enable
grep sys_enter trace > /tmp/report
`,
  claim: ({ events }) =>
    (probedBy(events, "", "sys_enter")?.events ?? []).flatMap((event) =>
      event.kind === "syscall-enter"
        ? [
            `sys_enter: NR ${event.nr} (${[
              event.a0,
              event.a1,
              event.a2,
              event.a3,
              event.a4,
              event.a5,
            ]
              .map(hex)
              .join(", ")})`,
          ]
        : [],
    ),
});
