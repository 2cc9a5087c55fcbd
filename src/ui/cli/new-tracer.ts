/**
 * The tracer that `quicksand new tracer NAME` writes: it builds and runs as it is, and a later
 * release breaks it.
 */

/** File name to text, for a tracer called `name` whose home is `release`. */
export function tracerFiles(name: string, release: string): Readonly<Record<string, string>> {
  const module = name.replaceAll("-", "_");
  return {
    "tracer.ts": `/**
 * What this tracer is, what to watch with it, and what it ought to report.
 */
import { defineTracer } from "quicksand";

export const tracer = defineTracer({
  house: "quicksand",
  name: "${module}",
  summary: "counts the tasks that end while it is loaded",
  source: "${module}.ts",
  home: "${release}",
  // Typed into the machine's shell, line by line.
  workload: \`
$LOAD
cat /etc/passwd > /dev/null
ls / > /dev/null
$UNLOAD
\`,
  // From what really happened (the machine's own record), what a right report says.
  claim: ({ watched }) => {
    const ended = watched.filter((event) => event.kind === "exit").length;
    return [\`${module}: \${ended} tasks ended\`];
  },
});
`,
    [`${module}.ts`]: `/**
 * A kernel module, in C spelled as TypeScript: it hangs a probe on the tracepoint of exit(2).
 * Everything it imports is internal to the kernel, and promised to nobody.
 */
import { module_exit, module_init } from "linux/init";
import { printk } from "linux/kernel";
import { MODULE_LICENSE } from "linux/module";
import { task_struct } from "linux/sched";
import { int, NULL, ptr, voidp } from "linux/types";
import {
  register_trace_sched_process_exit,
  unregister_trace_sched_process_exit,
} from "trace/events/sched";

let ended: int = 0;

function on_exit(data: voidp, task: ptr<task_struct>): void {
  ended++;
}

function ${module}_init(): int {
  return register_trace_sched_process_exit(on_exit, NULL);
}

function ${module}_exit(): void {
  unregister_trace_sched_process_exit(on_exit, NULL);
  printk("${module}: %d tasks ended\\n", ended);
}

module_init(${module}_init);
module_exit(${module}_exit);
MODULE_LICENSE("GPL");
`,
  };
}
