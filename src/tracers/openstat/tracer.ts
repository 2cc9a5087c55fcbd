/**
 * openstat: a module with a file in /proc.
 */
import type { KernelEvent } from "#kernel";
import { probedBy } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const isOpened = (event: KernelEvent): boolean => event.kind === "file-open" && event.ret >= 0;

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "openstat",
  summary: "has a file in /proc that says how many files were opened",
  source: "module/openstat.ts",
  home: "v4.11",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
cat /proc/openstat > /tmp/copy
$UNLOAD
`,
  claim: ({ events }) => {
    const probed = probedBy(events, "openstat")?.events;
    if (probed === undefined) return [];
    const asked = probed.filter(
      (event) => event.kind === "file-open" && event.path === "/proc/openstat",
    );
    return [
      ...asked.map((ask) => {
        const before = probed.slice(0, probed.indexOf(ask) + 1).filter(isOpened);
        return `openstat: asked, and said ${before.length}`;
      }),
      `openstat: ${probed.filter(isOpened).length} files were opened`,
    ];
  },
});
