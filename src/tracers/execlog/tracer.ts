/**
 * execlog: a module on a kretprobe.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NR_EXECVE = 221;

/** execve(2) calls that began under the probe, by how they ended. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "execlog");
  if (probed === undefined) return [];
  const inside = new Set<number>();
  const lines: string[] = [];
  let failed = 0;
  for (const event of probed.events) {
    if (event.kind === "syscall-enter" && event.nr === NR_EXECVE) inside.add(event.tid);
    if (event.kind === "exec" && inside.has(event.tid))
      lines.push(`execlog: pid ${event.tid} runs ${event.path}`);
    if (event.kind === "syscall-exit" && inside.delete(event.tid) && event.ret < 0) failed++;
  }
  return [...lines, `execlog: ${lines.length} programs run, ${failed} not`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "execlog",
  summary: "prints the programs that are run, by a kretprobe on do_execve",
  source: "module/execlog.ts",
  home: "v3.15",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
sh -c 'true; /bin/true; nothing'
$UNLOAD
`,
  claim,
});
