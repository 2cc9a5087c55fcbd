/** `npm run guests`: builds every C program into its riscv64 ELF file. Needs Debian's cross compiler. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import {
  builtOf,
  compileArguments,
  digestsOf,
  GUEST_FOLDERS,
  programNames,
  RISCV_COMPILER,
  sourceDigest,
  sourceOf,
} from "./guests.ts";

for (const guests of GUEST_FOLDERS) {
  const { folder } = guests;
  const built = builtOf(folder, "");
  mkdirSync(built, { recursive: true });
  for (const file of readdirSync(built)) rmSync(`${built}${file}`);
  const digests: Record<string, string> = {};
  for (const name of programNames(folder)) {
    const args = compileArguments(sourceOf(folder, name), builtOf(folder, name), "riscv64");
    const run = spawnSync(
      RISCV_COMPILER,
      [...args, "-s"].filter((arg) => keepsSymbols(folder, arg)),
      {
        encoding: "utf8",
      },
    );
    if (run.error !== undefined || run.status !== 0) {
      process.stderr.write(`${name}: ${run.error?.message ?? run.stderr}\n`);
      process.exit(1);
    }
    digests[name] = sourceDigest(guests, name);
  }
  writeFileSync(digestsOf(folder), `${JSON.stringify(digests, null, 2)}\n`);
  process.stdout.write(`${folder}: ${Object.keys(digests).length} programs\n`);
}

/** Tracers want to see the functions of what people run; nobody looks into a test. */
function keepsSymbols(folder: string, arg: string): boolean {
  return arg !== "-s" || folder !== "programs";
}
