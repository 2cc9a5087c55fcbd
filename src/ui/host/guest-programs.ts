/** The ELF files of our own C programs, as a user of the machine finds them: in /usr/bin. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RootTree } from "#kernel";

export function guestPrograms(folder: string): RootTree {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => !name.endsWith(".json"));
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [`/usr/bin/${name}`, new Uint8Array(readFileSync(join(folder, name)))]),
  );
}
