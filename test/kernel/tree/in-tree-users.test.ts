/**
 * A patch mends every user inside the tree. Each of these takes one file back to what it was before
 * the patch; hunks of in-tree tracers and drivers are in hunks.test.ts.
 */
import { describe, expect, test } from "vitest";
import type { TreeRelease } from "../../../src/tracers/tree/history.ts";
import { buildRelease, releaseOf, treeHistory } from "../../support/images.ts";

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

describe("without its change to the kernel's own users", () => {
  test.each([
    ["v3.15-rc2", "0001", "include/trace/events/syscalls.ts"],
    ["v3.15-rc2", "0001", "include/trace/events/sched.ts"],
    ["v3.15-rc2", "0001", "include/trace/events/fs.ts"],
    ["v6.16", "0006", "kernel/exit.ts"],
    ["2.6.32-71.el6", "0105", "kernel/utrace.ts"],
  ])("%s does not build: patch %s, %s", (tag, patch, path) => {
    const built = buildRelease(without(tag, patch, path));
    expect(built.ok ? [] : built.diagnostics.length).toBeGreaterThan(0);
  });
});
