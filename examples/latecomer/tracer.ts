/**
 * A tracer with a mistake that most runs do not show: it attaches to a running process, waits once, and
 * takes the stop that it sees for the SIGSTOP of its own attach. A signal that comes between the two
 * is seen first, and is lost. ptrace(2) says so, under BUGS; `quicksand explore` finds the moment.
 */
import {
  defineTracer,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  PTRACE_ATTACH,
  PTRACE_CONT,
  SIGSTOP,
  tracerProgram,
} from "quicksand";

const isStopped = (status: number): boolean => (status & 0xff) === 0x7f;
const signalOf = (status: number): number => (status >> 8) & 0xff;

/** Run as `latecomer -o FILE PID`: the signals that the process gets from then on, a line each. */
const main = tracerProgram("latecomer", function* (p) {
  const [, , file = "", target = ""] = p.argv;
  const pid = Number(target);
  const attached = yield* p.sys.ptrace(PTRACE_ATTACH, pid);
  if (attached < 0) {
    yield* p.error(`latecomer: ${target}: ${p.strerror(attached)}\n`);
    return 1;
  }
  // The mistake: whose stop is this?
  yield* p.sys.wait4(pid);
  yield* p.sys.ptrace(PTRACE_CONT, pid, 0, 0);
  let text = "";
  for (;;) {
    const found = yield* p.sys.wait4(pid);
    if (typeof found === "number" || !isStopped(found.status)) break;
    const sig = signalOf(found.status);
    text += `signal ${sig}\n`;
    yield* p.sys.ptrace(PTRACE_CONT, pid, 0, sig === SIGSTOP ? 0 : sig);
  }
  const report = yield* p.sys.open(file, O_WRONLY | O_CREAT | O_TRUNC);
  yield* p.writeAll(report, text);
  return 0;
});

export const tracer = defineTracer({
  house: "rock",
  name: "latecomer",
  summary: "tells which signals a process gets; takes the first stop for its own",
  main,
  workload: `
sh -c 'trap true USR1; sleep 1; sleep 1; sleep 1' &
target=$!
sh -c "sleep 0.5002; kill -USR1 $target" &
sleep 0.5
$TRACE $target
`,
  // Every signal that the process was sent from the attach on, the attach's own aside.
  claim: ({ events }) => {
    const from = events.findIndex(({ kind }) => kind === "ptrace-attach");
    const [attach] = events.slice(from < 0 ? events.length : from);
    if (attach?.kind !== "ptrace-attach") return [];
    return events
      .slice(from)
      .flatMap((event) =>
        event.kind === "signal-send" && event.target === attach.tracee && event.sig !== SIGSTOP
          ? [`signal ${event.sig}`]
          : [],
      );
  },
});
