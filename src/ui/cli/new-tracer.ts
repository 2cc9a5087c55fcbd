/**
 * The tracers that `quicksand new tracer NAME` writes. Both run as they are; a later release breaks
 * the module, and none breaks the program.
 */

/** Houses that a new tracer can stand in. */
export const NEW_HOUSES = ["quicksand", "rock"] as const;

/** File name to text, for a tracer called `name`. */
export function tracerFiles(
  name: string,
  house: (typeof NEW_HOUSES)[number],
  release: string,
): Readonly<Record<string, string>> {
  return house === "rock" ? programFiles(name) : moduleFiles(name.replaceAll("-", "_"), release);
}

/** A module whose home is `release`. */
function moduleFiles(module: string, release: string): Readonly<Record<string, string>> {
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

function task_ended(data: voidp, task: ptr<task_struct>): void {
  ended++;
}

function ${module}_init(): int {
  return register_trace_sched_process_exit(task_ended, NULL);
}

function ${module}_exit(): void {
  unregister_trace_sched_process_exit(task_ended, NULL);
  printk("${module}: %d tasks ended\\n", ended);
}

module_init(${module}_init);
module_exit(${module}_exit);
MODULE_LICENSE("GPL");
`,
  };
}

/** A program over ptrace(2). */
const programFiles = (name: string): Readonly<Record<string, string>> => ({
  "tracer.ts": `/**
 * A tracer over ptrace(2): what it is, what to watch with it, and what it ought to report. The
 * system calls that it stands on are promised for ever.
 */
import {
  defineTracer,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  PtraceTracer,
  tracerProgram,
} from "quicksand";

/** Run as \`${name} -o FILE COMMAND [ARGUMENT...]\`; what it leaves in FILE is its report. */
const main = tracerProgram("${name}", function* (p) {
  const [, , file = "", ...command] = p.argv;
  const tracer = new PtraceTracer(p);
  const pid = yield* tracer.launch(command[0] ?? "", command);
  if (pid < 0) {
    yield* p.error(\`${name}: \${command[0]}: \${p.strerror(pid)}\\n\`);
    return 1;
  }
  let calls = 0;
  for (let stop = yield* tracer.next(); stop !== null; stop = yield* tracer.next()) {
    if (stop.kind === "syscall-enter") calls++;
  }
  const report = yield* p.sys.open(file, O_WRONLY | O_CREAT | O_TRUNC);
  yield* p.writeAll(report, \`\${calls} system calls\\n\`);
  return 0;
});

export const tracer = defineTracer({
  house: "rock",
  name: "${name}",
  summary: "counts the system calls of a command, by ptrace(2)",
  main,
  // Typed into the machine's shell, line by line.
  workload: "$TRACE /bin/cat /etc/passwd",
  // From what really happened (the machine's own record), what a right report says.
  claim: ({ events }) => {
    const attach = events.find((event) => event.kind === "ptrace-attach");
    if (attach === undefined) return [];
    const calls = events.filter(
      (event) =>
        event.kind === "syscall-enter" && event.tid === attach.tracee && event.seq > attach.seq,
    );
    return [\`\${calls.length} system calls\`];
  },
});
`,
});
