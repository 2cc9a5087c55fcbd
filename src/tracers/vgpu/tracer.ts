/**
 * vgpu: the blob. `vgpu.ko` was built once, on 2.6.32, from the vendor's `vgpu-core.ts.txt`, which
 * is here to be read; nothing builds it again.
 */
import { processesAtLoad } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const stateWord = (letter: string): string =>
  letter === "R" ? "running" : letter === "Z" ? "zombie" : "sleeping";

export const tracer: TracerDeclaration = defineTracer({
  house: "blob",
  name: "vgpu",
  summary: "a graphics driver's binary, which lists the processes when it starts",
  ko: "vgpu.ko",
  sha256: "cab5c8df6e0800ac2b4e5fc54252372e74ed4c13b17802f5027c9b55a1e2fbaa",
  home: "v2.6.32",
  // The first sleep is the second's child, which never waits: a zombie stands in the list, too.
  workload: `
sh -c 'sleep 0.1 & exec sleep 30' &
sleep 1
$LOAD
$UNLOAD
kill $!
`,
  claim: ({ events }) =>
    [...processesAtLoad(events, "vgpu")].map(
      ([pid, { comm, state }]) => `vgpu: client ${pid} ${comm} ${stateWord(state)}`,
    ),
});
