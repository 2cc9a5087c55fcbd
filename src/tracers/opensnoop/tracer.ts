/**
 * opensnoop: bytecode on a function of the kernel, which may be gone in the next release.
 */
import { hungBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Files opened while the program hung there, or tried to be, by task. */
function claim({ events }: History): readonly string[] {
  const opens = new Map<number, number>();
  for (const event of hungBy(events, "on_open"))
    if (event.kind === "file-open") opens.set(event.tid, (opens.get(event.tid) ?? 0) + 1);
  return [...opens].map(([pid, count]) => `pid ${pid}: ${count} opens`);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "bytecode",
  name: "opensnoop",
  summary: "counts the files that are opened, by bytecode on a function of the kernel",
  source: "opensnoop.bpf",
  workload: "$TRACE sh -c 'cat /etc/passwd > /tmp/copy; cat /etc/nothing; ls /etc > /tmp/list'",
  report: ({ opens = [] }) =>
    opens.map(({ key, value }) => {
      const count = value.getUint32(0, true);
      return `pid ${key.getUint32(0, true)}: ${count} opens`;
    }),
  claim,
});
