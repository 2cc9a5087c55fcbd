/**
 * A thread's life as its engines see it: clone, exec, exit, death, reaping.
 */
import { describe, expect, test } from "vitest";
import { runModule, UTRACE_TAGS } from "../../../support/utrace-module.ts";

const FORKS = `
for i in 1; do sleep 1; sleep 0.1; done &
$LOAD pid=$!
wait
$UNLOAD
`;

describe.each(UTRACE_TAGS)("a clone, on %s", (tag) => {
  test("a child is reported before it runs, has no engine, and can be given one there", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_CLONE",
            callbacks: {
              report_clone: `
                if (!begun) {
                  begun = 1;
                  printk("flags %lx, engines of the child %ld\\n", child.utrace_flags,
                    PTR_ERR(utrace_attach_task(child, 0, NULL, NULL)));
                  const its: ptr<utrace_engine> = utrace_attach_task(child, UTRACE_ATTACH_CREATE, addr(c_ops), NULL);
                  utrace_set_events(child, its, UTRACE_EVENT_EXEC | UTRACE_EVENT_SYSCALL_ENTRY);
                  utrace_engine_put(its);
                }`,
            },
          },
          c: {
            events: "UTRACE_EVENT_REAP",
            callbacks: {
              report_reap: "",
              report_syscall_entry: 'if (!first) printk("the child begins\\n"); first = 1;',
              report_exec: 'printk("exec\\n"); return UTRACE_DETACH;',
            },
          },
        },
        globals: "let begun: int = 0; let first: int = 0;",
      },
      { workload: FORKS },
    );
    expect(lines).toEqual(["flags 0, engines of the child -2", "the child begins", "exec"]);
  });

  test("a child that is stopped in report_clone does not reach user mode", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_CLONE",
            callbacks: {
              report_clone: `
                if (!its) {
                  kid = child;
                  its = utrace_attach_task(child, UTRACE_ATTACH_CREATE, addr(c_ops), NULL);
                  utrace_set_events(child, its, UTRACE_EVENT_QUIESCE | UTRACE_EVENT_SYSCALL_ENTRY);
                  printk("stop: %d\\n", utrace_control(child, its, UTRACE_STOP));
                }`,
            },
          },
          c: {
            events: "UTRACE_EVENT_REAP",
            callbacks: {
              report_reap: "",
              report_quiesce: "return begun ? UTRACE_RESUME : UTRACE_STOP;",
              report_syscall_entry: 'printk("it runs\\n"); return UTRACE_DETACH;',
            },
          },
        },
        globals:
          "let begun: int = 0; let its: ptr<utrace_engine> = NULL; let kid: ptr<task_struct> = NULL;",
        exit: `
          printk("state %ld\\n", kid.state);
          begun = 1;
          printk("resume: %d\\n", utrace_control(kid, its, UTRACE_RESUME));
          schedule_timeout_interruptible(10);`,
      },
      {
        workload: "for i in 1; do sleep 1; sleep 1; done &\n$LOAD pid=$!\nsleep 2\n$UNLOAD\nwait\n",
      },
    );
    expect(lines).toEqual(["stop: -115", "state 8", "resume: 0", "it runs"]);
  });
});

describe.each(UTRACE_TAGS)("exec and the end, on %s", (tag) => {
  test("exit may be given another code; death and reap come after it, in this order", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_EXIT | UTRACE_EVENT_DEATH | UTRACE_EVENT_REAP",
            callbacks: {
              report_exit: 'printk("exit %ld\\n", orig_code); store(code, 768);',
              report_death: `
                printk("death %d, group %d, %d\\n", task.exit_code, group_dead, signal);
                printk("zombie %d\\n", task.exit_state);
                printk("detach %d\\n", utrace_control(task, engine, UTRACE_DETACH));
                printk("resume %d\\n", utrace_control(task, engine, UTRACE_RESUME));
                printk("events %d\\n", utrace_set_events(task, engine, 0));`,
              report_reap: 'printk("reap\\n");',
            },
          },
        },
      },
      { workload: "sleep 1 &\n$LOAD pid=$!\nwait\n$UNLOAD\n" },
    );
    expect(lines).toEqual([
      "exit 0",
      "death 768, group 1, 17",
      "zombie 16",
      "detach -114",
      "resume -3",
      "events -114",
      "reap",
    ]);
  });

  test("an engine that lets go at death hears of no reaping", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_DEATH | UTRACE_EVENT_REAP",
            callbacks: {
              report_death: 'printk("death\\n"); return UTRACE_DETACH;',
              report_reap: 'printk("reap\\n");',
            },
          },
          b: {
            events: "UTRACE_EVENT_REAP",
            callbacks: { report_reap: 'printk("reap for b\\n");' },
          },
        },
      },
      { workload: "sleep 1 &\n$LOAD pid=$!\nwait\n$UNLOAD\n" },
    );
    expect(lines).toEqual(["death", "reap for b"]);
  });

  test("an engine stays on its thread through an exec", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_EXEC | UTRACE_EVENT_EXIT",
            callbacks: {
              report_exec: 'printk("exec of %s\\n", bprm.filename);',
              report_exit: 'printk("exit of %s\\n", task.comm);',
            },
          },
        },
      },
      { workload: "sh -c 'sleep 1; exec true' &\n$LOAD pid=$!\nwait\n$UNLOAD\n" },
    );
    expect(lines).toEqual(["exec of /bin/true", "exit of true"]);
  });

  test("job control is reported when a thread stops", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_JCTL",
            callbacks: { report_jctl: 'printk("jctl %d %d\\n", type, notify);' },
          },
        },
      },
      {
        workload: `
sleep 1 &
$LOAD pid=$!
kill -STOP $!
sleep 0.2
kill -CONT $!
wait
$UNLOAD
`,
      },
    );
    expect(lines).toEqual(["jctl 5 5"]);
  });
});
