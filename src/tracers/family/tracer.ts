/**
 * family: a module that is nobody's derived work, says its author, until a header makes it one.
 */
import { processesAtLoad } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

/** Who is whose child, in the order in which they came, of those that are there at the load. */
const claim = ({ events }: History): readonly string[] =>
  [...processesAtLoad(events, "family")].map(
    ([pid, { parent }]) => `family: ${pid} is a child of ${parent}`,
  );

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "family",
  summary: "lists who is whose child; not for everybody's licence",
  source: "module/family.ts",
  home: "v5.14",
  workload: `
sleep 30 &
$LOAD
$UNLOAD
kill $!
`,
  claim,
});
