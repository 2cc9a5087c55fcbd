/**
 * A module of the test's own, built for a release and used by a script there; answers what the
 * machine wrote down.
 */
import { boot, type KernelEvent, type ReleaseImage } from "#kernel";
import type { Tracer } from "#tracers";
import { cellParts, imageOf } from "./images.ts";

const declaration = {
  house: "quicksand",
  name: "mod",
  summary: "",
  source: "mod.ts",
  home: "v2.6.32",
  workload: "",
  claim: () => [],
} as const;

/** `script` has the module at /mod.ko. */
export function runModule(
  source: string,
  script: string,
  release: string | ReleaseImage = "v2.6.32",
): readonly KernelEvent[] {
  const parts = cellParts(1);
  const image = typeof release === "string" ? imageOf(release) : release;
  const tracer: Tracer = { declaration, text: source };
  const built = parts.builds.build(tracer, image);
  if (!built.ok) {
    const said = built.diagnostics.map(({ line, message }) => `${line}: ${message}`);
    throw new Error(said.join("\n"));
  }
  const machine = boot({
    image,
    seed: 1,
    root: {
      ...parts.root,
      "/mod.ko": built.ko,
      "/tmp": { dir: true },
      "/root/script": `${script}\npoweroff\n`,
    },
    evaluate: parts.evaluate,
    init: ["/sbin/init", "/bin/sh", "/root/script"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 60e9, eventsMax: 100_000, atInput: true });
  return machine.log.events;
}

/** What the module printed. */
export const printedBy = (events: readonly KernelEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === "printk" && event.owner === "mod" ? [event.text] : []));
