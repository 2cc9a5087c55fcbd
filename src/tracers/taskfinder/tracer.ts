/**
 * taskfinder: a module on utrace that is on every task.
 */
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** What happened to each task while an engine of the module was on it. */
function claim({ events }: History): readonly string[] {
  const found = new Set<number>();
  const lines: string[] = [];
  let born = 0;
  let died = 0;
  for (const event of events) {
    if (event.kind === "probe-attach" && event.owner === "taskfinder") found.add(event.target);
    if (event.kind === "probe-detach" && event.owner === "taskfinder") found.delete(event.target);
    if (!found.has(event.tid)) continue;
    if (event.kind === "exec") lines.push(`taskfinder: pid ${event.tid} runs ${event.path}`);
    if (event.kind === "task-new") born++;
    if (event.kind === "exit") died++;
  }
  if (born === 0) return [];
  return [...lines, `taskfinder: ${born} tasks were born, ${died} died`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "taskfinder",
  summary: "follows every task by utrace, as SystemTap's runtime does",
  source: ["module/script.ts", "module/runtime.ts"],
  home: "2.6.32-19.el6",
  workload: `
$LOAD
sh -c 'cat /etc/passwd > /tmp/copy; /bin/true; (echo > /tmp/x)'
$UNLOAD
`,
  claim,
});
