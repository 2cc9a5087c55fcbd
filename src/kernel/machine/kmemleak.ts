/**
 * kmemleak: memory that a module allocated and nobody points to any more, looked for when the module is
 * unloaded. Whatever it handed over to somebody who still has it is no leak.
 *
 * Source: mm/kmemleak.c and Documentation/dev-tools/kmemleak.rst of 6.1. Left out: the scan every ten
 * minutes; pointers that only a suspended function's locals hold are not seen.
 */
import { formatAddress } from "../kmem/address.ts";
import type { KmemObject } from "../kmem/heap.ts";
import type { LinkTarget } from "../module/link.ts";
import type { PortContext } from "../port/context.ts";
import { reportReferences } from "../port/held.ts";

const FILE = "/sys/kernel/debug/kmemleak";

/** Scalars of the tree and of modules live outside the heap, and may be pointers. */
function rootsOf(p: PortContext, target: LinkTarget): number[] {
  const scalars = [...target.linked].flatMap(({ code, linked }) =>
    code === undefined ? [] : linked.scalars.map((_, index) => code.read(index)),
  );
  return [...scalars, ...p.probeOwners.keys()];
}

function recordOf({ address, sizeBytes, origin }: KmemObject): string {
  return [
    `unreferenced object 0x${formatAddress(address)} (size ${sizeBytes}):`,
    `  comm "${origin?.comm ?? ""}", pid ${origin?.tid ?? 0}`,
    "  backtrace:",
    `    ${origin?.site ?? "0x0"}`,
    "",
  ].join("\n");
}

/** Makes the file, and answers what is to be called when a module is gone. */
export function watchLeaks(p: PortContext, target: LinkTarget): (module: string) => void {
  const found: KmemObject[] = [];
  const text = (): string =>
    found
      .filter(({ freed }) => !freed)
      .map(recordOf)
      .join("");
  p.k.vfs.place(FILE, p.k.vfs.makeGeneratedFile(text, { permissions: 0o644 }));
  return (module) => {
    reportReferences(p, module);
    const leaks = p.mem.leaked(module, rootsOf(p, target));
    if (leaks.length === 0) return;
    found.push(...leaks);
    const line = `kmemleak: ${leaks.length} new suspected memory leaks (see ${FILE})`;
    p.k.printk(6, line);
    p.k.log.emit("warn", line, module);
  };
}
