/**
 * vgx: the blob whose vendor keeps up for a while. `vgx-shim.ts.txt`, which knows the kernel, and
 * `vgx-core.ts.txt`, which does not, were linked into a file now and then, and one day no more.
 */
import { processesAtLoad } from "../claims.ts";
import { defineTracer, type TracerDeclaration } from "../define-tracer.ts";

const WORDS: Readonly<Record<string, string>> = { R: "running", Z: "dead", X: "dead" };

export const tracer: TracerDeclaration = defineTracer({
  house: "blob",
  name: "vgx",
  summary: "a graphics driver's binary behind a shim, rebuilt with a lag until the vendor stops",
  ko: "vgx-2.6.32.ko",
  sha256: "0243d4451595d78ffa841f8501eb2a265aa9ef5b2ffb2c50c80d45f806f8ce51",
  home: "v2.6.32",
  builds: [
    {
      home: "v3.15",
      ko: "vgx-3.15.ko",
      sha256: "2570d76cdb3e1f01d401c7460da24a1c2b0a30b988d103390f4e26e99ae0ba06",
    },
    {
      home: "v5.14",
      ko: "vgx-5.14.ko",
      sha256: "181054c69a9b368dc2beec39c8e074148f97e395aecb261593445a2ca97abac9",
    },
  ],
  workload: `
sleep 9 &
sh -c 'sleep 0.1 & exec sleep 9' &
sleep 1
$LOAD
$UNLOAD
`,
  // It looks while it is loaded, and nothing else runs meanwhile.
  claim: ({ events }) =>
    [...processesAtLoad(events, "vgx")].map(
      ([pid, { comm, state }]) => `vgx: client ${pid} ${comm} ${WORDS[state] ?? "sleeping"}`,
    ),
});
