/**
 * report_signal: what an engine is shown, and what it can make of a signal.
 */
import { describe, expect, test } from "vitest";
import { defineProgram } from "#userland";
import { type EngineSpec, runModule, UTRACE_TAGS } from "../../../support/utrace-module.ts";

const [SIGUSR1, SIGCHLD, SIGTERM] = [10, 17, 15];

/** Sleeps, takes SIGUSR1 by a handler that says so, and ends after the second sleep. */
const catcher = defineProgram(
  "catcher",
  function* (p) {
    yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler") });
    for (let i = 0; i < 2; i++) yield* p.sys.nanosleep(2e9);
    return 0;
  },
  {
    *handler(p) {
      yield* p.print("handled\n");
      return 0;
    },
  },
);
const root = { "/bin/catcher": catcher };

const at = (body: string, events = "UTRACE_EVENT_SIGNAL_ALL"): { a: EngineSpec } => ({
  a: { events, callbacks: { report_signal: body, report_quiesce: "" } },
});

/** `victim` runs, and gets `signals` one after the other. */
const workload = (victim: string, ...signals: string[]): string => `
${victim} &
target=$!
$LOAD pid=$target
sleep 0.5
${signals.map((signal) => `kill -${signal} $target\nsleep 0.2`).join("\n")}
wait $target
echo status $? > /dev/kmsg
$UNLOAD
`;

describe.each(UTRACE_TAGS)("a signal, on %s", (tag) => {
  test("a signal is shown by what it would do", () => {
    const lines = runModule(
      tag,
      { engines: at('printk("%d: %x\\n", info.si_signo, utrace_signal_action(action));') },
      { workload: workload("catcher", "USR1", "CHLD", "TERM"), root },
    );
    expect(lines).toEqual(["10: 0", "17: 10", "15: 20"]);
  });

  test("an engine eats, kills by, and renames signals, whatever they are", () => {
    const lines = runModule(
      tag,
      {
        engines: at(`
          printk("%d\\n", info.si_signo);
          if (info.si_signo === ${SIGTERM}) return UTRACE_SIGNAL_IGN | UTRACE_RESUME;
          if (info.si_signo === ${SIGCHLD}) return UTRACE_SIGNAL_TERM | UTRACE_RESUME;`),
        exit: 'printk("gone: %d\\n", pid_task(target, PIDTYPE_PID) ? 0 : 1);',
      },
      { workload: workload("sleep 100", "TERM", "CHLD"), root },
    );
    expect(lines).toEqual(["15", "17", "gone: 1"]);
  });

  test("a signal that is held goes back to the queue", () => {
    const lines = runModule(
      tag,
      {
        engines: at(`
          printk("seen\\n");
          seen++;
          if (seen < 3) return UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD | UTRACE_RESUME;`),
        globals: "let seen: int = 0;",
      },
      { workload: workload("sleep 100", "TERM"), root },
    );
    expect(lines).toEqual(["seen", "seen", "seen"]);
  });
});

describe.each(UTRACE_TAGS)("reports and stops, on %s", (tag) => {
  test("UTRACE_INTERRUPT breaks a sleep and reports without a signal; UTRACE_REPORT breaks nothing", () => {
    const quiesce = 'if (!event) printk("quiesce\\n");';
    const spec = (action: string): Parameters<typeof runModule>[1] => ({
      engines: {
        a: {
          events: "UTRACE_EVENT_QUIESCE",
          callbacks: {
            report_quiesce: quiesce,
            report_signal:
              'printk("report %x %d\\n", utrace_signal_action(action), orig_ka ? 1 : 0);',
          },
        },
      },
      init: `
        schedule_timeout_interruptible(20);
        printk("control: %d\\n", utrace_control_pid(target, a, ${action}));
        schedule_timeout_interruptible(20);
        printk("later\\n");`,
    });
    const run = { workload: "sleep 1 &\n$LOAD pid=$!\nwait\n$UNLOAD\n" };
    // Until autumn 2009 an attach asks for a report by itself.
    const own = (lines: readonly string[]): readonly string[] =>
      lines.slice(lines.indexOf("control: 0"));
    expect(own(runModule(tag, spec("UTRACE_INTERRUPT"), run)).slice(0, 3)).toEqual([
      "control: 0",
      "report 60 0",
      "later",
    ]);
    expect(own(runModule(tag, spec("UTRACE_REPORT"), run)).slice(0, 3)).toEqual([
      "control: 0",
      "later",
      "quiesce",
    ]);
  });

  test("a signal is kept over a stop, and delivered when the report after it says so", () => {
    const lines = runModule(
      tag,
      {
        engines: at(
          `
          if (orig_ka) {
            printk("stop at %d\\n", info.si_signo);
            utrace_control(task, engine, UTRACE_INTERRUPT);
            return UTRACE_SIGNAL_IGN | UTRACE_STOP;
          }
          printk("again: %d\\n", info.si_signo);
          const ka: ptr<k_sigaction> = return_ka;
          ka.sa_handler = SIG_DFL;
          return UTRACE_SIGNAL_DELIVER | UTRACE_RESUME;`,
          "UTRACE_EVENT_QUIESCE | UTRACE_EVENT_SIGNAL_ALL",
        ),
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          get_task_struct(task);
          printk("state %ld\\n", task.state);
          utrace_control(task, a, UTRACE_RESUME);
          schedule_timeout_interruptible(10);
          printk("exit code %d\\n", task.exit_code);
          put_task_struct(task);`,
      },
      {
        workload: "sleep 100 &\n$LOAD pid=$!\nsleep 0.5\nkill -TERM $!\nsleep 0.5\n$UNLOAD\nwait\n",
      },
    );
    expect(lines).toEqual(["stop at 15", "state 8", "again: 15", "exit code 15"]);
  });

  test("SIGKILL is never shown, and ends any stop", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_SYSCALL_ENTRY | UTRACE_EVENT_SIGNAL_ALL | UTRACE_EVENT_DEATH",
            callbacks: {
              report_syscall_entry: "return UTRACE_STOP;",
              report_signal: 'if (info.si_signo === SIGKILL) printk("shown\\n");',
              report_death: 'printk("death %d\\n", task.exit_code);',
            },
          },
        },
        exit: 'printk("gone: %d\\n", pid_task(target, PIDTYPE_PID) ? 0 : 1);',
      },
      {
        workload: `
for i in 1; do sleep 1; echo hello > /tmp/tick; done &
target=$!
$LOAD pid=$target
sleep 2
kill -KILL $target
wait
$UNLOAD
`,
      },
    );
    expect(lines).toEqual(["death 9", "gone: 1"]);
  });
});
