/**
 * cat: copies files, or standard input, to standard output as it comes. `-n` numbers the lines.
 */
import { EINTR, O_RDONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import { readInputs, splitLines } from "../libc/text-input.ts";
import type { UserCall } from "../libc/trap.ts";

/** Copies until end of file; 0, or the -errno of the side that failed. */
function* copyFd(p: Proc, fd: number): UserCall {
  for (;;) {
    const bytes = yield* p.sys.read(fd, 65536);
    if (bytes === -EINTR) continue;
    if (typeof bytes === "number") return bytes;
    if (bytes.length === 0) return 0;
    const result = yield* p.writeAll(1, bytes);
    if (result < 0) return result;
  }
}

function* numbered(p: Proc, operands: readonly string[]): UserCall {
  const { inputs, problems } = yield* readInputs(p, operands);
  const lines = inputs.flatMap(({ text }) => splitLines(text));
  yield* p.print(lines.map((line, at) => `${String(at + 1).padStart(6)}\t${line}\n`).join(""));
  return problems > 0 ? 1 : 0;
}

function* main(p: Proc): UserCall {
  const options = yield* parseOptions(p, p.argv, "nu");
  if (options === null) return 1;
  if (options.flags.has("n")) return yield* numbered(p, options.operands);
  let status = 0;
  for (const name of options.operands.length === 0 ? ["-"] : options.operands) {
    const fd = name === "-" ? 0 : yield* p.sys.open(name, O_RDONLY);
    const result = fd < 0 ? fd : yield* copyFd(p, fd);
    if (fd > 0) yield* p.sys.close(fd);
    if (result >= 0) continue;
    yield* p.error(`cat: ${name}: ${p.strerror(result)}\n`);
    status = 1;
  }
  return status;
}

export const CAT: ProgramImage = defineProgram("cat", main);
