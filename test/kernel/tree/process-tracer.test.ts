/**
 * The in-tree user of utrace, in the releases that have it, and without the hunks that keep it right.
 */
import { describe, expect, test } from "vitest";
import { boot, type ReleaseImage } from "#kernel";
import { userlandRoot } from "#userland";
import { buildRelease, imageOf, releaseOf, treeHistory } from "../../support/images.ts";

const SCRIPT = `
for i in 1 2; do sleep 1; echo $i > /tmp/tick; done &
echo $! > /sys/kernel/debug/tracing/process_trace_pid
wait
echo nocontext-info > /sys/kernel/debug/tracing/trace_options
cat /sys/kernel/debug/tracing/trace /sys/kernel/debug/tracing/process_trace_pid > /tmp/report
poweroff
`;

function traced(image: ReleaseImage): { report: string; log: string } {
  const machine = boot({
    image,
    seed: 1,
    root: { ...userlandRoot(), "/root/script": SCRIPT, "/tmp": { dir: true } },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
    init: ["/sbin/init", "/bin/sh", "/root/script"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 60e9, eventsMax: 100_000, atInput: true });
  const report = new TextDecoder().decode(machine.readFile("/tmp/report"));
  const log = machine.log.events.map((e) => (e.kind === "printk" ? e.text : "")).join("\n");
  return { report, log };
}

const history = treeHistory();
const HAS_UTRACE = history.releases
  .filter(({ files }) => files["kernel/utrace.ts"] !== undefined)
  .map(({ tag }) => tag);

describe("the process tracer", () => {
  test.each(HAS_UTRACE)("tells a thread's calls and its end on %s", (tag) => {
    const { report, log } = traced(imageOf(tag));
    expect(report).toMatch(/process: attached 3\n/);
    expect(report).toMatch(/process: syscall 220\n/);
    expect(report).toMatch(/process: exit 0\nprocess: death 3\n# 3 made \d+ system calls\n0\n$/);
    expect(log).not.toMatch(/BUG/);
  });

  function withOld(tag: string, patchNumber: string): ReleaseImage {
    const path = "kernel/trace/trace_process.ts";
    const release = releaseOf(history, tag);
    const vendor = history.branches.find(({ branch }) => branch === "vendor");
    const step = vendor?.steps.find(({ patch }) => patch.name.startsWith(patchNumber));
    const files = { ...release.files, [path]: step?.before[path] ?? "" };
    const built = buildRelease({ ...release, files });
    if (!built.ok) throw new Error(built.diagnostics[0]?.message);
    return built.image;
  }

  test("without 0104's hunk waits for a report that never comes", () => {
    expect(traced(withOld("2.6.32-44.el6", "0104")).report).not.toMatch(/process: syscall/);
  });

  test("without 0201's hunk sleeps where it must not", () => {
    const { log } = traced(withOld("2.6.32-131.el6", "0201"));
    expect(log).toMatch(/BUG: sleeping function called from invalid context/);
  });
});
