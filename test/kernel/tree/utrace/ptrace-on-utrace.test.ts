/**
 * ptrace(2) on utrace: a debugger and engines of modules on one thread. That programs see no difference
 * is what the conformance programs ask, on every release.
 */
import { describe, expect, test } from "vitest";
import { PTRACE_CONT, PTRACE_SEIZE } from "#abi";
import { boot, type ReleaseImage } from "#kernel";
import { defineProgram, userlandRoot } from "#userland";
import { buildRelease, imageOf, releaseOf, treeHistory } from "../../../support/images.ts";
import { type EngineSpec, PTRACE_TAGS, runModule } from "../../../support/utrace-module.ts";

const OPENAT = 56;

const stopsAtOpen: EngineSpec = {
  events: "UTRACE_EVENT_SYSCALL_ENTRY",
  callbacks: {
    report_syscall_entry: `
      if (regs.a7 === ${OPENAT} && !(action & UTRACE_SYSCALL_RESUMED)) {
        printk("engine\\n");
        return UTRACE_SYSCALL_RUN | UTRACE_STOP;
      }`,
  },
};

const TRACED = `
for i in 1; do sleep 1; echo x > /tmp/tick; sleep 1; done &
target=$!
strace -e trace=openat -o /tmp/calls -p $target &
sleep 0.5
$LOAD pid=$target
sleep 1
cat /tmp/calls > /dev/kmsg
$UNLOAD
wait
cat /tmp/calls > /dev/kmsg
`;

const HANG_NS = 5e9;

/** A tracer that seizes its child, lets it run, and waits for what it does. */
const tracer = defineProgram(
  "tracer",
  function* (p) {
    const child = yield* p.sys.spawn(p.entry("child"));
    yield* p.sys.ptrace(PTRACE_SEIZE, child, 0, 0);
    const stopped = yield* p.sys.wait4(child);
    if (typeof stopped === "number") return 1;
    yield* p.print(`stop ${stopped.status.toString(16)}\n`);
    yield* p.sys.ptrace(PTRACE_CONT, child, 0, 0);
    yield* p.sys.wait4(child);
    yield* p.print("end\n");
    return 0;
  },
  {
    *child(p) {
      yield* p.sys.nanosleep(1e9);
      yield* p.sys.kill(yield* p.sys.getpid(), 10);
      return 0;
    },
  },
);

function trace(image: ReleaseImage): string {
  const machine = boot({
    image,
    seed: 1,
    root: { ...userlandRoot(), "/bin/tracer": tracer },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
    init: ["/bin/tracer"],
  });
  let text = "";
  machine.log.on("tty-write", (event) => {
    text += event.text;
  });
  machine.slice({ untilNs: HANG_NS, eventsMax: 100_000, atInput: true });
  return text;
}

describe.each(PTRACE_TAGS)("on %s", (tag) => {
  test("the tracee has an engine, and a debugger and a module share the thread", () => {
    const lines = runModule(
      tag,
      {
        engines: { a: stopsAtOpen },
        init: `
          const first: ptr<utrace_engine> = utrace_attach_pid(target, 0, NULL, NULL);
          printk("the first engine is ours: %d\\n", first === a ? 1 : 0);
          utrace_engine_put(first);`,
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("state %ld\\n", task.state);
          utrace_control(task, a, UTRACE_RESUME);
          schedule_timeout_interruptible(20);
          printk("state %ld\\n", task.state);`,
      },
      { workload: TRACED },
    );
    // The engine was attached last and is asked first; strace has long let go when it still stops.
    expect(lines).toEqual(["the first engine is ours: 0", "engine", "state 8", "state 1"]);
  });

  test("a stop is told to the tracer", () => {
    expect(trace(imageOf(tag))).toMatch(/^stop a7f\r?\nend/);
  });
});

describe("the tree that makes the stops", () => {
  const release = releaseOf(treeHistory(), PTRACE_TAGS[0] ?? "");

  /** The release with one line of its sources changed. */
  function changed(path: string, before: string, after: string): ReleaseImage {
    const source = release.files[path] ?? "";
    expect(source.split(before)).toHaveLength(2);
    const files = { ...release.files, [path]: source.replace(before, after) };
    const built = buildRelease({ ...release, files });
    if (!built.ok) throw new Error(built.diagnostics[0]?.message);
    return built.image;
  }

  test("leaves the tracer waiting if utrace does not call it when the thread has stopped", () => {
    expect(trace(changed("kernel/utrace.ts", "  ptrace_notify_stop(task);\n", ""))).toBe("");
  });

  test("lets the signal through unseen if the engine's callback does not ask for the stop", () => {
    const image = changed(
      "kernel/ptrace-utrace.ts",
      "  ptrace_set_stop(task, ctx, PTRACE_STOP_SIGNAL | info.si_signo);\n  return UTRACE_SIGNAL_IGN | UTRACE_STOP;",
      "  return UTRACE_SIGNAL_IGN | UTRACE_RESUME;",
    );
    expect(trace(image)).not.toMatch(/stop a7f/);
  });
});
