import { describe, expect, test } from "vitest";
import { boot } from "#kernel";
import { FUNCTRACE } from "#tracers";
import { cellParts, imageOf } from "../../support/images.ts";

const TRACING = "cd /sys/kernel/debug/tracing";
const PROBE_SQUARE = `a=$(nm calls | grep ' square$'); echo "p /usr/bin/calls 0x\${a%% *}" > uprobe_events`;

/** What a script wrote on the terminal. */
function run(...commands: readonly string[]): string {
  const parts = cellParts(1);
  const machine = boot({
    image: imageOf("v2.6.32"),
    seed: 1,
    root: {
      ...parts.root,
      "/tmp": { dir: true },
      "/usr/bin/functrace": FUNCTRACE,
      "/root/script": `${commands.join("\n")}\npoweroff\n`,
    },
    evaluate: parts.evaluate,
    init: ["/sbin/init", "/bin/sh", "/root/script"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 60e9, eventsMax: 100_000, atInput: true });
  return machine.log.events.map((event) => (event.kind === "tty-write" ? event.text : "")).join("");
}

describe("a breakpoint of the kernel in a program", () => {
  test("is hit at every call, and the program computes what it computes without", () => {
    const out = run(TRACING, PROBE_SQUARE, "calls 5", "wc -l uprobe_trace");
    expect(out).toMatch(/^55\n5 /);
  });

  test("is in every later run of that program, and in no other", () => {
    const out = run(
      TRACING,
      PROBE_SQUARE,
      "cp /usr/bin/calls /tmp/other",
      "/tmp/other 3",
      "calls 2",
    );
    expect(out).toBe("14\n5\n");
    expect(run(TRACING, PROBE_SQUARE, "/tmp/other 3; calls 2", "wc -l uprobe_trace")).toContain(
      "2 ",
    );
  });

  test("is gone from later runs when the list is cleared", () => {
    const out = run(TRACING, PROBE_SQUARE, "echo > uprobe_events", "calls 2", "wc -l uprobe_trace");
    expect(out).toMatch(/^5\n0 /);
  });

  test("is refused when it is no probe that was written", () => {
    const out = run(TRACING, "echo 'p /usr/bin/calls' > uprobe_events; echo $?");
    expect(out).toBe("1\n");
  });

  test("leaves a debugger's breakpoints to the debugger", () => {
    const out = run("functrace calls 2 2>&1 | grep -c 'square('");
    const both = run(
      TRACING,
      "echo 'p /usr/bin/hello 0x10000' > uprobe_events",
      "functrace calls 2 2>&1 | grep -c 'square('",
    );
    expect(both).toBe(out);
  });
});

describe("crash_suspend", () => {
  const CRASH = "sleep 9 & sleep 0.1; kill -SEGV $!; sleep 0.1";

  test("lists who is stopped, until it is let go to die", () => {
    const out = run(
      TRACING,
      "echo 1 > crash_suspend",
      CRASH,
      "cat crash_suspend",
      "echo 0 > crash_suspend; wait $!; echo $?; cat crash_suspend",
    );
    expect(out).toMatch(/^\d+ sleep: signal 11\n139\n$/);
  });

  test("lets a task that is stopped be killed", () => {
    const out = run(
      TRACING,
      "echo 1 > crash_suspend",
      CRASH,
      "kill -9 $!; wait $!; echo $?; cat crash_suspend",
    );
    expect(out).toMatch(/^137\n$/);
  });

  test("has nothing to do with signals that dump no core, or that are handled", () => {
    const out = run(
      TRACING,
      "echo 1 > crash_suspend",
      "sleep 9 & kill $!; wait $!; echo $?",
      "trap 'echo caught' SEGV; kill -SEGV $$; echo on",
    );
    expect(out).toBe("143\ncaught\non\n");
  });
});
