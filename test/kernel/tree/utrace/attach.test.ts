/**
 * Attaching, finding, letting go of engines, and what the calls answer when they refuse.
 */
import { describe, expect, test } from "vitest";
import { imageOf } from "../../../support/images.ts";
import { type EngineSpec, runModule, UTRACE_TAGS } from "../../../support/utrace-module.ts";

const SLEEPS = `
sleep 2 &
$LOAD pid=$!
$UNLOAD
wait
`;
/** From an update of the vendor's on. */
const HOLDS_LOCK =
  /spin_lock\(addr\(utrace\.lock\)\);\n *const ret: u32 = engine\.ops\.report_exit/;
const quiet: EngineSpec = { events: "UTRACE_EVENT_REAP", callbacks: { report_reap: "" } };

/** A function that says what an attach answers. */
const TRY = `
function attempt(what: cstring, flags: int, ops: ptr<utrace_engine_ops>, data: voidp): void {
  const found: ptr<utrace_engine> = utrace_attach_pid(target, flags, ops, data);
  if (IS_ERR(found)) {
    printk("%s: %ld\\n", what, PTR_ERR(found));
    return;
  }
  printk("%s: %s\\n", what, found === a ? "a" : "another");
  utrace_engine_put(found);
}
`;

describe.each(UTRACE_TAGS)("on %s", (tag) => {
  test("an attach finds, makes or refuses as its flags say", () => {
    const lines = runModule(
      tag,
      {
        engines: { a: quiet, b: quiet },
        globals: TRY,
        init: `
          attempt("same ops", UTRACE_ATTACH_MATCH_OPS, addr(a_ops), NULL);
          attempt("other data", UTRACE_ATTACH_MATCH_OPS | UTRACE_ATTACH_MATCH_DATA, addr(a_ops), target);
          attempt("any", 0, NULL, NULL);
          attempt("exclusive, the same", UTRACE_ATTACH_CREATE | UTRACE_ATTACH_EXCLUSIVE | UTRACE_ATTACH_MATCH_OPS, addr(a_ops), NULL);
          attempt("exclusive, nothing to match", UTRACE_ATTACH_CREATE | UTRACE_ATTACH_EXCLUSIVE, addr(a_ops), target);
          attempt("without ops", UTRACE_ATTACH_CREATE, NULL, NULL);
          const idle: ptr<utrace_engine> = utrace_attach_task(addr(init_task), UTRACE_ATTACH_CREATE, addr(a_ops), NULL);
          printk("a kernel thread: %ld\\n", PTR_ERR(idle));`,
      },
      { workload: SLEEPS },
    );
    expect(lines).toEqual([
      "same ops: a",
      "other data: -2",
      "any: a",
      "exclusive, the same: -17",
      "exclusive, nothing to match: -17",
      "without ops: -22",
      "a kernel thread: -1",
    ]);
  });

  test("a detached engine is found no more, and every call on it is ESRCH", () => {
    const lines = runModule(
      tag,
      {
        engines: { a: quiet, b: quiet },
        globals: TRY,
        init: `
          printk("detach: %d\\n", utrace_control_pid(target, a, UTRACE_DETACH));
          printk("again: %d\\n", utrace_control_pid(target, a, UTRACE_DETACH));
          printk("events: %d\\n", utrace_set_events_pid(target, a, UTRACE_EVENT_EXIT));
          attempt("same ops", UTRACE_ATTACH_MATCH_OPS, addr(a_ops), NULL);`,
      },
      { workload: SLEEPS },
    );
    expect(lines).toEqual(["detach: 0", "again: -3", "events: -3", "same ops: -2"]);
  });

  test("release comes with the data when the last reference goes, and not before", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_EXIT",
            callbacks: {
              report_exit: "",
              release: 'printk("released %d\\n", data === target ? 1 : 0);',
            },
          },
        },
        init: "a.data = target;",
        exit: `
          utrace_engine_get(a);
          utrace_control_pid(target, a, UTRACE_DETACH);
          utrace_barrier_pid(target, a);
          utrace_engine_put(a);
          printk("one is left\\n");`,
      },
      { workload: "sleep 1 &\n$LOAD pid=$!\nwait\n$UNLOAD\n" },
    );
    expect(lines).toEqual(["one is left", "released 1"]);
  });

  test("detaching while the engine is being called is EINPROGRESS, until the barrier is passed", () => {
    const lines = runModule(
      tag,
      {
        engines: {
          a: {
            events: "UTRACE_EVENT_EXIT",
            callbacks: {
              report_exit: `
                printk("called\\n");
                schedule_timeout_interruptible(50);
                printk("done\\n");`,
            },
          },
        },
        exit: `
          const task: ptr<task_struct> = pid_task(target, PIDTYPE_PID);
          printk("cleared: %d\\n", utrace_set_events(task, a, 0));
          printk("detach: %d\\n", utrace_control(task, a, UTRACE_DETACH));
          printk("barrier: %d\\n", utrace_barrier(task, a));`,
      },
      { workload: "sleep 1 &\n$LOAD pid=$!\nsleep 1.2\n$UNLOAD\nwait\n" },
    );
    // Where report_exit is called with the lock held, it must not sleep.
    if (HOLDS_LOCK.test(imageOf(tag).sources["kernel/utrace.ts"] ?? ""))
      expect(lines.join()).toMatch(/BUG: scheduling while atomic/);
    else expect(lines.slice(0, 4)).toEqual(["called", "cleared: -115", "detach: -115", "done"]);
  });

  test("control refuses nonsense, and reports to an engine that would not hear of them", () => {
    const lines = runModule(
      tag,
      {
        engines: { a: quiet },
        init: `
          printk("report: %d\\n", utrace_control_pid(target, a, UTRACE_REPORT));
          printk("beyond: %d\\n", utrace_control_pid(target, a, UTRACE_RESUME_MAX));
          printk("interrupt: %d\\n", utrace_control_pid(target, a, UTRACE_INTERRUPT));`,
      },
      { workload: SLEEPS },
    );
    expect(lines.filter((line) => !line.includes("WARNING"))).toEqual([
      "report: -22",
      "beyond: -22",
      "interrupt: 0",
    ]);
    expect(lines.filter((line) => line.includes("WARNING"))).toHaveLength(2);
  });
});
