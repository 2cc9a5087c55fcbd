/** The difference between two releases, a numbered line a change. */
import type { ApiChange, AttributedChange } from "#tracers";
import { patchNumber } from "./tree-log.ts";

function what({ kind, name, before, after }: ApiChange): string {
  const both = before === after ? before : `${before} -> ${after}`.trim();
  return `${kind} ${name}: ${both}`;
}

/** Who made it, and for a change that nothing refuses the tracer that shows it. */
function whose({ change, patch, config }: AttributedChange): string {
  if (patch === undefined) return config === undefined ? "" : `  (config ${config})`;
  const { witnesses } = patch;
  const seen = change.severity === "silent" && witnesses.length > 0;
  return `  (${patchNumber(patch)}${seen ? `, seen by ${witnesses.join(", ")}` : ""})`;
}

export function changeLines(changes: readonly AttributedChange[]): readonly string[] {
  const width = String(changes.length).length;
  return changes.map(
    (each, index) =>
      `${String(index + 1).padStart(width)}  ${each.change.severity.padEnd(6)}  ${what(each.change)}${whose(each)}`,
  );
}

/** How many of each severity, with what they are called at length. */
export function changeSummary(changes: readonly AttributedChange[]): string {
  const count = (severity: ApiChange["severity"]): number =>
    changes.filter(({ change }) => change.severity === severity).length;
  return `${count("build")} build-breaking, ${count("load")} load-breaking, ${count("silent")} silent`;
}
