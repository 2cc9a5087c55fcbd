/**
 * A patch mends every user inside the tree. Each of these takes one such hunk away again and looks
 * at what becomes of the in-tree tracers.
 */
import { describe, expect, test } from "vitest";
import { runOne, SHIPPED_TRACERS, type TracerDeclaration } from "#tracers";
import type { TreeRelease } from "../../../src/tracers/tree/history.ts";
import { buildRelease, cellParts, imageOf, releaseOf, treeHistory } from "../../support/images.ts";

const history = treeHistory();

/** The release at `tag`, with one file as it was before the patch. */
function without(tag: string, patchNumber: string, path: string): TreeRelease {
  const release = releaseOf(history, tag);
  const step = history.branches
    .find(({ branch }) => branch === release.branch)
    ?.steps.find(({ patch }) => patch.name.startsWith(patchNumber));
  const before = step?.before[path];
  if (before === undefined) throw new Error(`${patchNumber} does not change ${path}`);
  return { ...release, files: { ...release.files, [path]: before } };
}

describe("without its in-tree hunk", () => {
  test.each([
    ["v3.15-rc1", "0001", "include/trace/events/syscalls.ts"],
    ["v3.15-rc1", "0001", "include/trace/events/sched.ts"],
    ["v3.15-rc1", "0001", "include/trace/events/fs.ts"],
    ["v5.14", "0004", "kernel/trace/trace_sched.ts"],
    ["v6.16", "0006", "kernel/trace/trace_syscalls.ts"],
    ["v6.16", "0006", "kernel/exit.ts"],
    ["next-20100111", "0105", "kernel/trace/trace_process.ts"],
    ["2.6.32-71.el6", "0105", "kernel/utrace.ts"],
  ])("%s does not build: patch %s, %s", (tag, patch, path) => {
    const built = buildRelease(without(tag, patch, path));
    expect(built.ok ? [] : built.diagnostics.length).toBeGreaterThan(0);
  });

  const systrace = { declaration: SHIPPED_TRACERS["systrace"] as TracerDeclaration, text: "" };
  const BUSY = `
cd /sys/kernel/debug/tracing
echo nocontext-info > trace_options
echo 1 > events/syscalls/enable
cat /etc/passwd > /tmp/a & cat /etc/passwd > /tmp/b & cat /etc/passwd > /tmp/c &
wait
echo 0 > events/syscalls/enable
grep sys_enter trace > /tmp/report
`;
  const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

  /** In how many of the runs are entries missing from the buffer? */
  function lossyRuns(image: ReturnType<typeof imageOf>): number {
    const busy = { ...systrace.declaration, workload: BUSY };
    return SEEDS.filter((seed) => {
      const parts = cellParts(seed, { [image.release]: image });
      const cell = runOne(parts, { declaration: busy, text: "" }, "installed", image);
      return cell.evidence.reported.length < cell.evidence.claimed.length;
    }).length;
  }

  /** What becomes of the process tracer where one patch did not mend it. */
  function proctraceWithout(tag: string, patch: string): string {
    const declaration = SHIPPED_TRACERS["proctrace"] as TracerDeclaration;
    const built = buildRelease(without(tag, patch, "kernel/trace/trace_process.ts"));
    if (!built.ok) throw new Error(built.diagnostics[0]?.message);
    const parts = cellParts(1, { [built.image.release]: built.image });
    return runOne(parts, { declaration, text: "" }, "installed", built.image).verdict;
  }

  test("the vendor's process tracer misses every call: 0104", () => {
    expect(proctraceWithout("2.6.32-44.el6", "0104")).toBe("misses events");
  });

  test("the vendor's process tracer sleeps under a lock: 0201", () => {
    expect(proctraceWithout("2.6.32-131.el6", "0201")).toBe("reports wrong data");
  });

  test("v6.13's syscall tracer loses entries: 0005, kernel/trace/trace_syscalls.ts", () => {
    const built = buildRelease(without("v6.13", "0005", "kernel/trace/trace_syscalls.ts"));
    if (!built.ok) throw new Error(built.diagnostics[0]?.message);
    expect(lossyRuns(built.image)).toBeGreaterThan(0);
    expect(lossyRuns(imageOf("v6.13"))).toBe(0);
  });
});
