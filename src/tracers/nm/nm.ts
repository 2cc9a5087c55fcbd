/**
 * nm: the functions of an ELF file with their addresses, for whoever sets a breakpoint by number.
 * After nm(1). Left out: everything that is no function, options.
 */
import type { ProgramImage } from "#kernel";
import { findProgram } from "../kit/find-program.ts";
import { readFunctions } from "../kit/function-symbols.ts";
import { tracerProgram } from "../kit/ptrace-program.ts";

export const NM: ProgramImage = tracerProgram("nm", function* (p) {
  const [, file] = p.argv;
  if (file === undefined) {
    yield* p.error("nm: must have FILE\n");
    return 1;
  }
  const path = yield* findProgram(p, "nm", file);
  if (path === null) return 1;
  for (const { name, address } of yield* readFunctions(p, path))
    yield* p.print(`${address.toString(16).padStart(16, "0")} T ${name}\n`);
  return 0;
});
