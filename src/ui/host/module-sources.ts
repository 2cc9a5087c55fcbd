/**
 * The shipped modules as a user of the machine finds them: sources of `src/tracers/NAME/module/`, with
 * the Makefile of those that have several, and prebuilt `.ko` files of `src/tracers/NAME/` lie in
 * `/root/NAME/`, ready for make(1) and insmod(8). So does the shim of a vendor's driver, which comes as
 * source to be read; its core does not.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RootTree } from "#kernel";

export function moduleSources(tracersPath: string): RootTree {
  const root: Record<string, string> = {};
  if (!existsSync(tracersPath)) return root;
  for (const entry of readdirSync(tracersPath, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { name } = entry;
    for (const [folder, wanted] of [
      [join(tracersPath, name), /(\.ko|-shim\.ts\.txt)$/],
      [join(tracersPath, name, "module"), /\.ts$|^Makefile$/],
    ] as const) {
      if (!existsSync(folder)) continue;
      for (const file of readdirSync(folder).sort())
        if (wanted.test(file))
          root[`/root/${name}/${file}`] = readFileSync(join(folder, file), "utf8");
    }
  }
  return root;
}
