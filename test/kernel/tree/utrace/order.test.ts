/**
 * Several engines on one thread: in which order they are called, and how their wishes combine.
 */
import { describe, expect, test } from "vitest";
import { type EngineSpec, runModule, UTRACE_TAGS } from "../../../support/utrace-module.ts";

const NANOSLEEP = 101;
const OPENAT = 56;
const PASSES_ON = "return (action & ~UTRACE_RESUME_MASK) | UTRACE_RESUME;";

const SLEEPS = `
sleep 1 &
$LOAD pid=$!
wait
$UNLOAD
`;

/** A thread that opens a file after a second, and goes on whether it could or not. */
const OPENS = `
for i in 1; do sleep 1; echo hello > /tmp/tick; done &
$LOAD pid=$!
wait
cat /tmp/tick
$UNLOAD
`;

const says = (name: string): EngineSpec => ({
  events: "UTRACE_EVENT_SYSCALL",
  callbacks: {
    report_syscall_entry: `if (regs.a7 === ${OPENAT}) printk("entry ${name}\\n");`,
    report_syscall_exit: `if (regs.a7 === ${OPENAT}) printk("exit ${name}\\n");`,
  },
});

const atOpen = (name: string, answer: string): EngineSpec => ({
  events: "UTRACE_EVENT_SYSCALL",
  callbacks: {
    report_syscall_entry: `
      if (regs.a7 !== ${OPENAT}) ${PASSES_ON}
      printk("${name} is told %x\\n", action);
      ${answer}`,
    report_syscall_exit: `if (regs.a7 === ${OPENAT}) printk("${name} sees %ld\\n", regs.a0);`,
  },
});

const ABORTS = "return UTRACE_SYSCALL_ABORT | UTRACE_RESUME;";
const RUNS = "return UTRACE_SYSCALL_RUN | UTRACE_RESUME;";

describe.each(UTRACE_TAGS)("several engines, on %s", (tag) => {
  test("callbacks run in the order of attaching, and at a call's entry in the reverse", () => {
    const lines = runModule(tag, { engines: { a: says("a"), b: says("b") } }, { workload: OPENS });
    expect(lines).toEqual(["entry b", "entry a", "exit a", "exit b"]);
  });

  test("each callback sees what the one before it chose, and the last one's choice is what happens", () => {
    const abort = { a: atOpen("a", ABORTS), b: atOpen("b", RUNS) };
    expect(runModule(tag, { engines: abort }, { workload: OPENS })).toEqual([
      "b is told 5",
      "a is told 5",
      "a sees -38",
      "b sees -38",
    ]);
    const run = { a: atOpen("a", RUNS), b: atOpen("b", ABORTS) };
    expect(runModule(tag, { engines: run }, { workload: OPENS })).toEqual([
      "b is told 5",
      "a is told 15",
      "a sees 3",
      "b sees 3",
    ]);
  });

  test("an engine that is attached in a callback does not see the event in progress", () => {
    const late = `
      if (regs.a7 === ${OPENAT} && !b) {
        b = utrace_attach_task(task, UTRACE_ATTACH_CREATE, addr(b_ops), NULL);
        utrace_set_events(task, b, UTRACE_EVENT_SYSCALL);
        printk("attached\\n");
      }`;
    const b = says("late");
    const lines = runModule(
      tag,
      {
        engines: {
          a: { events: "UTRACE_EVENT_SYSCALL_ENTRY", callbacks: { report_syscall_entry: late } },
          b,
        },
        init: "utrace_control_pid(target, b, UTRACE_DETACH); utrace_engine_put(b); b = NULL;",
        exit: "if (!b) b = a;",
      },
      { workload: OPENS },
    );
    expect(lines).toEqual(["attached", "exit late"]);
  });
});

describe.each(UTRACE_TAGS)("stops and quiescence, on %s", (tag) => {
  test("a thread stays stopped until every engine that stopped it lets it go", () => {
    const stops: EngineSpec = {
      events: "UTRACE_EVENT_SYSCALL_ENTRY",
      callbacks: { report_syscall_entry: `if (regs.a7 === ${OPENAT}) return UTRACE_STOP;` },
    };
    const lines = runModule(
      tag,
      {
        engines: { a: stops, b: stops },
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("stopped by two: %ld\\n", task.state);
          printk("resume a: %d\\n", utrace_control(task, a, UTRACE_RESUME));
          printk("stopped by one: %ld\\n", task.state);
          printk("resume b: %d\\n", utrace_control(task, b, UTRACE_RESUME));
          printk("by none: %ld\\n", task.state);`,
      },
      {
        workload: `
for i in 1; do sleep 1; echo hello > /tmp/tick; done &
$LOAD pid=$!
sleep 2
$UNLOAD
wait
`,
      },
    );
    expect(lines).toEqual([
      "stopped by two: 8",
      "resume a: 0",
      "stopped by one: 8",
      "resume b: 0",
      "by none: 0",
    ]);
  });

  test("report_quiesce comes before every callback, of events too that the engine did not ask for", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_QUIESCE | UTRACE_EVENT_EXIT",
            callbacks: {
              report_quiesce: 'if (event) printk("quiesce %lx\\n", event);',
              report_exit: 'printk("exit\\n");',
            },
          },
          b: { events: "UTRACE_EVENT_DEATH", callbacks: { report_death: 'printk("death\\n");' } },
        },
      },
      { workload: SLEEPS },
    );
    expect(lines).toEqual(["quiesce 10", "exit", "quiesce 20", "death"]);
  });

  test("asking for an event in report_quiesce is in time for that event", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_QUIESCE",
            callbacks: {
              report_quiesce: `
                if (event === UTRACE_EVENT_SYSCALL_EXIT) {
                  utrace_set_events(task, engine, UTRACE_EVENT_SYSCALL_EXIT);
                }`,
              report_syscall_exit: 'printk("exit of %ld\\n", regs.a7); return UTRACE_DETACH;',
            },
          },
          b: { events: "UTRACE_EVENT_SYSCALL_EXIT", callbacks: { report_syscall_exit: "" } },
        },
      },
      { workload: SLEEPS },
    );
    expect(lines).toEqual([`exit of ${NANOSLEEP}`]);
  });
});
