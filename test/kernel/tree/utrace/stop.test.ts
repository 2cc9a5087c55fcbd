/**
 * Stopped threads: looking at them, stepping them, going on, and where in the kernel a stop happens.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLONE_VFORK, CLONE_VM, SIGCHLD } from "#abi";
import { defineProgram } from "#userland";
import { runModule, UTRACE_TAGS } from "../../../support/utrace-module.ts";

const OPENAT = 56;
const VFORK = CLONE_VM | CLONE_VFORK | SIGCHLD;

/** Waits for its end in one sleep, and then runs the ELF program in its place. */
const later = defineProgram("later", function* (p) {
  yield* p.sys.nanosleep(1e9);
  yield* p.sys.execve("/bin/nothing", ["nothing"], []);
  return 1;
});
const vforker = defineProgram(
  "vforker",
  function* (p) {
    yield* p.sys.nanosleep(1e9);
    yield* p.sys.clone({ flags: VFORK, entry: p.entry("child") });
    return 0;
  },
  {
    *child(p) {
      yield* p.sys.nanosleep(1e9);
      return 0;
    },
  },
);
const root = {
  "/bin/later": later,
  "/bin/vforker": vforker,
  "/bin/nothing": new Uint8Array(readFileSync("programs/built/nothing")),
};

describe.each(UTRACE_TAGS)("a stopped thread, on %s", (tag) => {
  test("examining wants a thread that this engine keeps stopped, and tells when it has run", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_SYSCALL_ENTRY",
            callbacks: { report_syscall_entry: `if (regs.a7 === ${OPENAT}) return UTRACE_STOP;` },
          },
          b: { events: "UTRACE_EVENT_EXIT", callbacks: { report_exit: "" } },
        },
        globals: "let exam: ptr<utrace_examiner> = NULL;",
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          exam = kzalloc(sizeof<utrace_examiner>(), GFP_KERNEL);
          printk("not its stop: %d\\n", utrace_prepare_examine(task, b, exam));
          printk("prepare: %d\\n", utrace_prepare_examine(task, a, exam));
          printk("finish: %d\\n", utrace_finish_examine(task, a, exam));
          utrace_control(task, a, UTRACE_RESUME);
          schedule_timeout_interruptible(10);
          printk("stop: %d\\n", utrace_control(task, a, UTRACE_STOP));
          printk("it has run: %d\\n", utrace_finish_examine(task, a, exam));
          kfree(exam);`,
      },
      {
        workload:
          "for i in 1; do sleep 1; echo x > /tmp/tick; sleep 9; done &\n$LOAD pid=$!\nsleep 2\n$UNLOAD\nkill -KILL $!\n",
      },
    );
    expect(lines).toEqual([
      "not its stop: -22",
      "prepare: 0",
      "finish: 0",
      "stop: -115",
      "it has run: -11",
    ]);
  });

  test("after a stop at a call's entry the callbacks are repeated for whoever asks, and say so", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_QUIESCE | UTRACE_EVENT_SYSCALL_ENTRY",
            callbacks: {
              report_quiesce: "",
              report_syscall_entry: `
                if (regs.a7 === ${OPENAT}) {
                  printk("entry, resumed %x\\n", action & UTRACE_SYSCALL_RESUMED);
                  if (!(action & UTRACE_SYSCALL_RESUMED)) return UTRACE_SYSCALL_RUN | UTRACE_STOP;
                }`,
            },
          },
        },
        exit: `
          printk("report: %d\\n", utrace_control_pid(target, a, UTRACE_REPORT));
          schedule_timeout_interruptible(10);`,
      },
      {
        workload:
          "for i in 1; do sleep 1; echo x > /tmp/tick; done &\n$LOAD pid=$!\nsleep 2\n$UNLOAD\nwait\n",
      },
    );
    expect(lines).toEqual(["entry, resumed 0", "report: 0", "entry, resumed 100"]);
  });

  test("an engine steps from instruction to instruction, on code that has some", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_QUIESCE | UTRACE_EVENT_EXEC | UTRACE_EVENT_EXIT",
            callbacks: {
              report_quiesce: "if (stepping && !event) return UTRACE_SINGLESTEP;",
              report_exec: `
                printk("a generator: %d, blocks: %d\\n", before, utrace_control(task, engine, UTRACE_BLOCKSTEP));
                stepping = 1;
                utrace_set_events(task, engine, UTRACE_EVENT_QUIESCE | UTRACE_EVENT_SIGNAL_ALL | UTRACE_EVENT_EXIT);
                return UTRACE_SINGLESTEP;`,
              report_signal: `
                if (!orig_ka) return UTRACE_SIGNAL_IGN | UTRACE_SINGLESTEP;
                if (info.si_signo !== SIGTRAP) return action;
                if (regs.epc !== last) different++;
                last = regs.epc;
                return UTRACE_SIGNAL_IGN | UTRACE_SINGLESTEP;`,
              report_exit:
                'printk("steps to other places: %s\\n", different > 5 ? "many" : "few");',
            },
          },
        },
        globals:
          "let stepping: int = 0; let different: int = 0; let before: int = 0; let last: unsigned_long = 0;",
        init: "before = utrace_control_pid(target, a, UTRACE_SINGLESTEP);",
      },
      { workload: "later &\n$LOAD pid=$!\nwait\n$UNLOAD\n", root },
    );
    expect(lines).toEqual(["a generator: -95, blocks: -95", "steps to other places: many"]);
  });
});

describe.each(UTRACE_TAGS)("the place of a stop, on %s", (tag) => {
  test("a stop at vfork's clone happens before the parent waits for the child", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_CLONE",
            callbacks: { report_clone: 'printk("clone\\n"); return UTRACE_STOP;' },
          },
        },
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("state %ld\\n", task.state);
          utrace_control(task, a, UTRACE_RESUME);
          schedule_timeout_interruptible(5);
          printk("state %ld\\n", task.state);`,
      },
      { workload: "vforker &\n$LOAD pid=$!\nsleep 1.5\n$UNLOAD\nwait\n", root },
    );
    expect(lines).toEqual(["clone", "state 8", "state 2"]);
  });

  test("a stopped job is taken over, and SIGCONT does not wake it", () => {
    const lines = runModule(
      tag,
      {
        engines: { a: { events: "UTRACE_EVENT_REAP", callbacks: { report_reap: "" } } },
        init: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("state %ld\\n", task.state);
          printk("stop: %d\\n", utrace_control(task, a, UTRACE_STOP));
          printk("state %ld\\n", task.state);`,
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("state %ld\\n", task.state);`,
      },
      {
        workload: `
sleep 3 &
target=$!
kill -STOP $target
sleep 0.1
$LOAD pid=$target
kill -CONT $target
sleep 0.1
$UNLOAD
wait
`,
      },
    );
    expect(lines).toEqual(["state 4", "stop: 0", "state 8", "state 8"]);
  });
});
