/**
 * The shipped modules as a user of the machine finds them: what stands in `src/tracers/NAME/module/`
 * lies in `/root/NAME/`, ready for make(1) and insmod(8).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RootTree } from "#kernel";

export function moduleSources(tracersPath: string): RootTree {
  const root: Record<string, string> = {};
  if (!existsSync(tracersPath)) return root;
  for (const name of readdirSync(tracersPath).sort()) {
    const folder = join(tracersPath, name, "module");
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder).sort())
      root[`/root/${name}/${file}`] = readFileSync(join(folder, file), "utf8");
  }
  return root;
}
