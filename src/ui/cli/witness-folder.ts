/**
 * A generated witness as a tracer folder. A build-breaking change is shown by a module's source, a
 * load-breaking one by a `.ko` that was built before the change: building it anew would mend it.
 */
import { createHash } from "node:crypto";
import type { ApiChange } from "#tracers";

export const WITNESS = "witness";

interface WitnessParts {
  readonly change: ApiChange;
  readonly source: string;
  /** The module as the release before the change builds it. */
  readonly ko: string;
  readonly home: string;
}

/** File name to text. */
export function witnessFiles({ change, source, ko, home }: WitnessParts): Record<string, string> {
  const isBlob = change.severity === "load";
  const sha256 = createHash("sha256").update(ko).digest("hex");
  const form = isBlob
    ? [`  house: "blob",`, `  ko: "${WITNESS}.ko",`, `  sha256: "${sha256}",`]
    : [`  house: "quicksand",`, `  source: "${WITNESS}.ts",`];
  const declaration = [
    `/** Shows one change of the internal API: ${change.kind} ${change.name}. */`,
    'import { defineTracer } from "quicksand";',
    "",
    "export const tracer = defineTracer({",
    ...form,
    `  name: "${WITNESS}",`,
    `  summary: "uses ${change.name} as it was, and nothing else",`,
    `  home: "${home}",`,
    "  workload: `",
    "$LOAD",
    "$UNLOAD",
    "`,",
    "  // It reports nothing: that it loads is all there is to see.",
    "  claim: () => [],",
    "});",
    "",
  ].join("\n");
  return isBlob
    ? { "tracer.ts": declaration, [`${WITNESS}.ko`]: ko, [`${WITNESS}.ts.txt`]: source }
    : { "tracer.ts": declaration, [`${WITNESS}.ts`]: source };
}
