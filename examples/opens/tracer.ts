/**
 * A tracer over ptrace(2): what it is, what to watch with it, and what it ought to report. The
 * system calls that it stands on are promised for ever.
 */
import {
  defineTracer,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  PtraceTracer,
  readString,
  SYSCALL_NUMBERS,
  tracerProgram,
} from "quicksand";

/** Run as `opens -o FILE COMMAND [ARGUMENT...]`; what it leaves in FILE is its report. */
const main = tracerProgram("opens", function* (p) {
  const [, , file = "", ...command] = p.argv;
  const tracer = new PtraceTracer(p, { follow: true });
  const pid = yield* tracer.launch(command[0] ?? "", command);
  if (pid < 0) {
    yield* p.error(`opens: ${command[0]}: ${p.strerror(pid)}\n`);
    return 1;
  }
  let text = "";
  for (let stop = yield* tracer.next(); stop !== null; stop = yield* tracer.next()) {
    if (stop.kind !== "syscall-exit" || stop.call?.nr !== SYSCALL_NUMBERS.openat) continue;
    const path = yield* readString(p.sys, stop.pid, stop.call.args[1] ?? 0);
    text += `${path}: ${stop.failed ? p.strerror(stop.result) : "opened"}\n`;
  }
  const report = yield* p.sys.open(file, O_WRONLY | O_CREAT | O_TRUNC);
  yield* p.writeAll(report, text);
  return 0;
});

export const tracer = defineTracer({
  house: "rock",
  name: "opens",
  summary: "tells which files a command opens, by ptrace(2)",
  main,
  // Typed into the machine's shell, line by line.
  workload: "$TRACE /bin/sh -c 'cat /etc/passwd /etc/nothing'",
  // From what really happened (the machine's own record), what a right report says.
  claim: ({ events }) => {
    const tracees = new Set(
      events.flatMap((event) => (event.kind === "ptrace-attach" ? [event.tracee] : [])),
    );
    return events.flatMap((event) => {
      if (event.kind !== "file-open" || !tracees.has(event.tid)) return [];
      return [`${event.path}: ${event.ret < 0 ? "No such file or directory" : "opened"}`];
    });
  },
});
