/**
 * callmix: a module whose source is right, and no longer to the build's taste.
 */
import { callsEntered, probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const [OPENAT, CLOSE, READ, WRITE] = [56, 57, 63, 64] as const;

function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "callmix");
  if (probed === undefined) return [];
  const numbers = callsEntered(probed).map(({ nr }) => nr);
  const count = (wanted: readonly number[]): number =>
    numbers.filter((nr) => wanted.includes(nr)).length;
  const data = count([READ, WRITE]);
  return [`callmix: ${data} for data, ${data + count([OPENAT, CLOSE])} for files`];
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "callmix",
  summary: "sorts system calls into those for data and those for files",
  source: "module/callmix.ts",
  home: "v3.15",
  workload: `
$LOAD
cat /etc/passwd > /tmp/copy
$UNLOAD
`,
  claim,
});
